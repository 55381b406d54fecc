/**
 * Builds the page: one script, one style sheet, the icons, the document that names them, and the
 * parts that the script loads later: what only some ask for, and for each language but English a
 * file of words.
 *
 *     node_modules/.bin/bun src/ui/build.ts [FOLDER]        dist/ui by default
 *
 * The script, its parts and the style carry a hash of what is in them in their names, so that a
 * browser may keep them for ever.
 */
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleWidget, widgetBytesMax } from '../widget/build.ts';

export interface PageSizes {
  /**
   * Bytes as a browser that takes gzip receives them: the script and what it needs at once, with
   * the words of one language more, the largest.
   */
  readonly scriptBytes: number;
  /** The script that is loaded when somebody asks for what it does. */
  readonly laterBytes: number;
  readonly styleBytes: number;
  /** The script that other sites load. */
  readonly widgetBytes: number;
}

/** What a slow phone gets before it shows anything, in bytes of gzip. */
const budget = {
  scriptBytes: 40 * 1024,
  styleBytes: 10 * 1024,
  widgetBytes: widgetBytesMax,
};

/** Files of earlier builds stay for so long: a page that is loading just now may ask for them. */
const staleMs = 60_000;

const here = import.meta.dir;

/** What makes the page an app that can be installed. */
const manifest = 'manifest.webmanifest';

/** Builds the page into a folder and answers with its sizes. Throws when it grew too big. */
export async function buildPage(folder: string): Promise<PageSizes> {
  const [script, ...parts] = await bundle('app', 'main.tsx');
  const [room] = await bundle('room', 'room.ts');
  const style = await joinStyle();
  const atOnce = neededAtOnce(script, parts);
  const words = parts.filter(({ name }) => isOfWords(name));
  const later = parts.filter((part) => !atOnce.includes(part) && !words.includes(part));
  const widget: Built = { name: 'embed.js', bytes: await bundleWidget() };
  const sizes = {
    scriptBytes: sumOf([script, room, ...atOnce]) + Math.max(0, ...words.map(zippedBytes)),
    laterBytes: sumOf(later),
    styleBytes: zippedBytes(style),
    widgetBytes: zippedBytes(widget),
  };
  for (const part of ['scriptBytes', 'styleBytes', 'widgetBytes'] as const) {
    if (sizes[part] <= budget[part]) continue;
    throw new Error(`The page has ${sizes[part]} ${part}, more than its budget of ${budget[part]}`);
  }

  const document = (await readFile(join(here, 'index.html'), 'utf8'))
    .replace(/^.*PART.*\n/m, (line) => {
      return atOnce.map(({ name }) => line.replace('PART', name)).join('');
    })
    .replace('SCRIPT', script.name)
    .replace('ROOM', room.name)
    .replace('STYLE', style.name);
  await mkdir(folder, { recursive: true });
  const bundled = [script, room, style, widget, ...parts];
  for (const { name, bytes } of bundled) await put(folder, name, bytes);
  const icons = await readdir(join(here, 'icons'));
  for (const name of icons) await put(folder, name, await readFile(join(here, 'icons', name)));
  await put(folder, manifest, await readFile(join(here, manifest)));
  // The document comes last: whoever reads it finds what it names, also while another process
  // builds the same page.
  await put(folder, 'index.html', new TextEncoder().encode(document));
  await sweep(folder, [...bundled.map(({ name }) => name), ...icons, manifest, 'index.html']);
  return sizes;
}

interface Built {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Bundles one file with what it imports, and after it what it loads later, under hashed names. */
async function bundle(name: string, file: string): Promise<[Built, ...Built[]]> {
  const { outputs } = await Bun.build({
    entrypoints: [join(here, file)],
    target: 'browser',
    minify: true,
    splitting: true,
    naming: { entry: `${name}-[hash].[ext]`, chunk: 'part-[name]-[hash].[ext]' },
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const built = await Promise.all(
    outputs.map(async (output) => ({
      name: output.path.replace(/^.*\//, ''),
      bytes: new Uint8Array(await output.arrayBuffer()),
    })),
  );
  const entry = built.findIndex((_, index) => outputs[index]?.kind === 'entry-point');
  const [first] = built.splice(entry, 1);
  if (first === undefined) throw new Error(`"${file}" was built into nothing`);
  return [first, ...built];
}

/** The parts that a script imports before it runs, and those that they import. */
function neededAtOnce(script: Built, parts: readonly Built[]): readonly Built[] {
  const needed = new Set([script]);
  for (const { bytes } of needed) {
    for (const [, name = ''] of new TextDecoder().decode(bytes).matchAll(fixedImport)) {
      const part = parts.find((one) => one.name === name);
      if (part) needed.add(part);
    }
  }
  needed.delete(script);
  return [...needed];
}

/** `from"./part.js"` and `import"./part.js"`, but not `import("./part.js")`. */
const fixedImport = /(?:from|import)\s*"\.\/([^"]+)"/g;

/** Whether a part is the words of a language, by its name. */
function isOfWords(name: string): boolean {
  return /^part-\w\w-/.test(name);
}

/**
 * Joins the style into one sheet. Not by the bundler: it rewrites for old browsers, and takes the
 * direction of a text from its language, so that a quoted line that runs the other way loses it.
 */
async function joinStyle(): Promise<Built> {
  const folder = join(here, 'style');
  const list = await readFile(join(folder, 'style.css'), 'utf8');
  const names = [...list.matchAll(/^@import '\.\/(.+)';$/gm)].map(([, name = '']) => name);
  const sheets = await Promise.all(
    names.map(async (name) => await readFile(join(folder, name), 'utf8')),
  );
  const joined = sheets
    .join('')
    .replaceAll(/\/\*.*?\*\//gs, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?([{};]) ?/g, '$1');
  const bytes = new TextEncoder().encode(joined);
  return { name: `style-${Bun.hash(bytes).toString(36)}.css`, bytes };
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

function sumOf(parts: readonly Built[]): number {
  return parts.reduce((sum, part) => sum + zippedBytes(part), 0);
}

function zippedBytes({ bytes }: Built): number {
  return Bun.gzipSync(new Uint8Array(bytes), { level: 9 }).length;
}

if (import.meta.main) {
  const folder = process.argv[2] ?? join(here, '..', '..', 'dist', 'ui');
  const { scriptBytes, laterBytes, styleBytes, widgetBytes } = await buildPage(folder);
  const script = `${scriptBytes} bytes of script at once and ${laterBytes} later`;
  const more = `${styleBytes} of style, ${widgetBytes} of embed.js`;
  console.log(`The page is built: ${script}, ${more} (gzip)`);
}
