/**
 * Builds the client library into one file that a `<script type="module">`, Node or Deno can import,
 * and its types into another one beside it.
 *
 *     node_modules/.bin/bun src/client/build.ts [FILE]        dist/client.js by default
 */
import { join } from 'node:path';
import type { BunPlugin } from 'bun';
import { declareClient } from './declarations.ts';

/** What a page spends on it, in bytes of gzip. */
const packedBytesMax = 4_096;

const here = import.meta.dir;

/**
 * Bun puts numbers in the place of their names only as long as nothing was imported before them.
 * Imports take effect first wherever they stand, so they are moved to the end of each file.
 */
const importsLast: BunPlugin = {
  name: 'imports last',
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const text = await Bun.file(path).text();
      const imports: string[] = [];
      const others = text.replaceAll(/^import [^;]*;$/gm, (one) => {
        imports.push(one);
        return '';
      });
      return { contents: `${others}\n${imports.join('\n')}`, loader: 'ts' };
    });
  },
};

/** The library as a page gets it. Throws when it grew too big. */
export async function bundleClient(): Promise<{ code: string; packedBytes: number }> {
  const built = await Bun.build({
    entrypoints: [join(here, 'client.ts')],
    target: 'browser',
    minify: true,
    plugins: [importsLast],
  });
  const code = (await built.outputs[0]?.text()) ?? '';
  const packedBytes = Bun.gzipSync(code, { level: 9 }).byteLength;
  if (packedBytes > packedBytesMax) {
    throw new Error(`The client has ${packedBytes} bytes, more than its budget, ${packedBytesMax}`);
  }
  return { code, packedBytes };
}

if (import.meta.main) {
  const file = process.argv[2] ?? join(here, '..', '..', 'dist', 'client.js');
  const { code, packedBytes } = await bundleClient();
  await Bun.write(file, code);
  await Bun.write(file.replace(/\.\w+$/, '.d.ts'), await declareClient());
  console.log(`The client library is built: ${packedBytes} bytes (gzip)`);
}
