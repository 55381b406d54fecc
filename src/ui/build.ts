/**
 * Builds the page: one script, one style sheet, the icon, and the document that names them.
 *
 *     node_modules/.bin/bun src/ui/build.ts [FOLDER]        dist/ui by default
 *
 * The script and the style carry a hash of what is in them in their names, so that a browser may
 * keep them for ever.
 */
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface PageSizes {
  /** Bytes as a browser that takes gzip receives them. */
  readonly scriptBytes: number;
  readonly styleBytes: number;
}

/** What a slow phone gets before it shows anything, in bytes of gzip. */
const budget: PageSizes = { scriptBytes: 40 * 1024, styleBytes: 10 * 1024 };

/** Files of earlier builds stay for so long: a page that is loading just now may ask for them. */
const staleMs = 60_000;

const here = import.meta.dir;

/** Builds the page into a folder and answers with its sizes. Throws when it grew too big. */
export async function buildPage(folder: string): Promise<PageSizes> {
  const script = await bundle('app', 'main.tsx');
  const style = await bundle('style', 'style/style.css');
  const sizes = { scriptBytes: zippedBytes(script.bytes), styleBytes: zippedBytes(style.bytes) };
  for (const part of ['scriptBytes', 'styleBytes'] as const) {
    if (sizes[part] <= budget[part]) continue;
    throw new Error(`The page has ${sizes[part]} ${part}, more than its budget of ${budget[part]}`);
  }

  const document = (await readFile(join(here, 'index.html'), 'utf8'))
    .replace('SCRIPT', script.name)
    .replace('STYLE', style.name);
  await mkdir(folder, { recursive: true });
  await put(folder, script.name, script.bytes);
  await put(folder, style.name, style.bytes);
  await put(folder, 'icon.svg', await readFile(join(here, 'icon.svg')));
  // The document comes last: whoever reads it finds what it names, also while another process
  // builds the same page.
  await put(folder, 'index.html', new TextEncoder().encode(document));
  await sweep(folder, [script.name, style.name, 'icon.svg', 'index.html']);
  return sizes;
}

/** Bundles one file with what it imports, under a name with a hash in it. */
async function bundle(name: string, file: string): Promise<{ name: string; bytes: Uint8Array }> {
  const built = await Bun.build({
    entrypoints: [join(here, file)],
    target: 'browser',
    minify: true,
    splitting: false,
    naming: `${name}-[hash].[ext]`,
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const [output, ...others] = built.outputs;
  if (output === undefined || others.length > 0) {
    throw new Error(`"${file}" was built into ${built.outputs.length} files instead of one`);
  }
  return {
    name: output.path.replace(/^.*\//, ''),
    bytes: new Uint8Array(await output.arrayBuffer()),
  };
}

/** Writes a file so that it is there as a whole or not at all. */
async function put(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const unfinished = join(folder, `.${name}.${crypto.randomUUID()}`);
  await writeFile(unfinished, bytes);
  await rename(unfinished, join(folder, name));
}

async function sweep(folder: string, current: readonly string[]): Promise<void> {
  for (const name of await readdir(folder)) {
    if (current.includes(name)) continue;
    const path = join(folder, name);
    // Another process may have swept it meanwhile.
    const file = await stat(path).catch(() => null);
    if (file !== null && Date.now() - file.mtimeMs > staleMs) await rm(path, { force: true });
  }
}

function zippedBytes(bytes: Uint8Array): number {
  return Bun.gzipSync(new Uint8Array(bytes), { level: 9 }).length;
}

if (import.meta.main) {
  const folder = process.argv[2] ?? join(here, '..', '..', 'dist', 'ui');
  const { scriptBytes, styleBytes } = await buildPage(folder);
  console.log(`The page is built: ${scriptBytes} bytes of script, ${styleBytes} of style (gzip)`);
}
