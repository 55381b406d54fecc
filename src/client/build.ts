/**
 * Builds the client library into one file that a `<script type="module">`, Node or Deno can import.
 *
 *     node_modules/.bin/bun src/client/build.ts [FILE]        dist/client.js by default
 */
import { join } from 'node:path';

/** What a page spends on it, in bytes of gzip. */
const packedBytesMax = 4_500;

const here = import.meta.dir;

/** The library as a page gets it. Throws when it grew too big. */
export async function bundleClient(): Promise<{ code: string; packedBytes: number }> {
  const built = await Bun.build({
    entrypoints: [join(here, 'client.ts')],
    target: 'browser',
    minify: true,
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
  console.log(`The client library is built: ${packedBytes} bytes (gzip)`);
}
