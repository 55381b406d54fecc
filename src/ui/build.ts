/**
 * Builds the page: two scripts (the page, and the room behind it), a style sheet, the icons, the
 * document that names them, and what the script loads later: the part of the page beside reading
 * with a sheet of its own, what only some ask for, and for each language but English its words.
 *
 *     node_modules/.bin/bun src/ui/build.ts [FOLDER]        dist/ui by default
 *
 * The script, its parts and the style carry a hash of what is in them in their names, so that a
 * browser may keep them for ever. Beside each file stands what it was compressed into.
 */
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { encodings, packedName, type Encoding } from '../protocol/encodings.ts';
import { bundleWidget, widgetBytesMax } from '../widget/build.ts';

/** Bytes as a browser receives them that takes gzip, or Brotli. */
export type Size = { readonly [Name in Encoding]: number };

export interface PageSizes {
  /**
   * All that is loaded before the first message is seen: the document, the style and the script.
   */
  readonly load: Size;
  /** The part of it that is script. */
  readonly script: Size;
  /** What another language than English takes in addition, the one that takes the most. */
  readonly words: Size;
  /** What that language calls the emoji, for who asks for one: of all of them the most. */
  readonly names: Size;
  /** The script that is loaded afterwards, or when somebody asks for what it does. */
  readonly later: Size;
  /** Both style sheets: the one that is loaded at once, and the one that comes afterwards. */
  readonly style: Size;
  /** The script that other sites load. */
  readonly widget: Size;
}

/** What a slow phone gets, in bytes of gzip: before it shows anything, and until all is there. */
const budget = {
  load: 40 * 1024,
  words: 6 * 1024,
  names: 3 * 1024,
  later: 36 * 1024,
  style: 10 * 1024,
  widget: widgetBytesMax,
} as const;

/** Files of earlier builds stay for so long: a page that is loading just now may ask for them. */
const staleMs = 60_000;

const here = import.meta.dir;

/** What makes the page an app that can be installed. */
const manifest = 'manifest.webmanifest';

/** Builds the page into a folder and answers with its sizes. Throws when it grew too big. */
export async function buildPage(folder: string): Promise<PageSizes> {
  const [script, ...parts] = await bundle('app', 'main.tsx');
  const [room] = await bundle('room', 'browser/worker.ts');
  const style = await joinStyle('style');
  const asideStyle = await joinStyle('aside');
  const atOnce = neededAtOnce(script, parts);
  const words = parts.filter(({ name }) => isOfWords(name));
  const names = parts.filter(({ name }) => isOfNames(name));
  const elsewhere = [...atOnce, ...words, ...names];
  const later = parts.filter((part) => !elsewhere.includes(part));
  const widget = pack('embed.js', await bundleWidget());
  const document = (await readFile(join(here, 'index.html'), 'utf8'))
    .replace(/^.*PART.*\n/m, (line) => {
      return atOnce.map(({ name }) => line.replace('PART', name)).join('');
    })
    .replace('SCRIPT', script.name)
    .replace('ROOM', room.name)
    .replace('ASIDE', partOf(parts, 'aside').name)
    .replace('HOSTING', partOf(parts, 'hosting').name)
    .replace('SHEET', asideStyle.name)
    .replace('STYLE', style.name);
  const index = pack('index.html', new TextEncoder().encode(document));
  const bundled = [script, room, style, asideStyle, widget, ...parts, index];
  const scripts = [script, room, ...atOnce];
  const sizes = {
    load: sumOf([index, style, ...scripts]),
    script: sumOf(scripts),
    words: sumOf(largestOf(words)),
    names: sumOf(largestOf(names)),
    later: sumOf(later),
    style: sumOf([style, asideStyle]),
    widget: sumOf([widget]),
  };
  for (const part of ['load', 'words', 'names', 'later', 'style', 'widget'] as const) {
    if (sizes[part].gzip <= budget[part]) continue;
    throw new Error(`"${part}" has ${sizes[part].gzip} bytes, its budget is ${budget[part]}`);
  }

  await mkdir(folder, { recursive: true });
  const icons = await readdir(join(here, 'icons'));
  for (const name of icons) await put(folder, name, await readFile(join(here, 'icons', name)));
  await put(folder, manifest, await readFile(join(here, manifest)));
  // The document comes last: whoever reads it finds what it names, also while another process
  // builds the same page. And a file comes after what it was compressed into.
  const written = [...icons, manifest];
  for (const built of bundled) written.push(...(await putAll(folder, built)));
  await sweep(folder, written);
  return sizes;
}

interface Built {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The same in fewer bytes, as it is sent. */
  readonly packed: { readonly [Name in Encoding]: Uint8Array };
}

/** Compressed once and for all, so that it may take its time. */
function pack(name: string, bytes: Uint8Array): Built {
  const br = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  return { name, bytes, packed: { br, gzip: gzipSync(bytes, { level: 9 }) } };
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
    outputs.map(async (output) => {
      return pack(output.path.replace(/^.*\//, ''), new Uint8Array(await output.arrayBuffer()));
    }),
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

/** What a file that is loaded later was built into. */
function partOf(parts: readonly Built[], file: string): Built {
  const part = parts.find(({ name }) => name.startsWith(`part-${file}-`));
  if (part === undefined) throw new Error(`"${file}" was built into no part of its own`);
  return part;
}

/** Whether a part is the words of a language, by its name. */
function isOfWords(name: string): boolean {
  return /^part-\w\w-/.test(name);
}

/** Whether a part is what a language calls the emoji. */
function isOfNames(name: string): boolean {
  return /^part-emoji-\w\w-/.test(name);
}

/**
 * Joins what a list imports into one sheet. Not by the bundler: it rewrites for old browsers, and
 * takes the direction of a text from its language, so that a quoted line that runs the other way
 * loses it.
 */
async function joinStyle(sheet: 'style' | 'aside'): Promise<Built> {
  const folder = join(here, 'style');
  const list = await readFile(join(folder, `${sheet}.css`), 'utf8');
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
  return pack(`${sheet}-${Bun.hash(bytes).toString(36)}.css`, bytes);
}

/** Writes a file after what it was compressed into, and answers with the names of all of them. */
async function putAll(folder: string, { name, bytes, packed }: Built): Promise<readonly string[]> {
  const names = encodings.map((encoding) => packedName(name, encoding));
  for (const encoding of encodings) {
    await put(folder, packedName(name, encoding), packed[encoding]);
  }
  await put(folder, name, bytes);
  return [...names, name];
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

function sumOf(all: readonly Built[]): Size {
  const sum = (encoding: Encoding): number =>
    all.reduce((bytes, { packed }) => bytes + packed[encoding].length, 0);
  return { br: sum('br'), gzip: sum('gzip') };
}

/** The one that takes the most bytes, if there is one. */
function largestOf(all: readonly Built[]): readonly Built[] {
  return all.toSorted((a, b) => b.packed.gzip.length - a.packed.gzip.length).slice(0, 1);
}

if (import.meta.main) {
  const folder = process.argv[2] ?? join(here, '..', '..', 'dist', 'ui');
  const { load, script, words, names, later, style, widget } = await buildPage(folder);
  const say = ({ gzip, br }: Size): string => `${gzip} bytes of gzip, ${br} of Brotli`;
  console.log('The page is built');
  console.log(`  before the first message: ${say(load)}`);
  console.log(`    of it script:           ${say(script)}`);
  console.log(`  another language adds:    ${say(words)}`);
  console.log(`    its names of emoji:     ${say(names)}`);
  console.log(`  later script:             ${say(later)}`);
  console.log(`  style, at once and later: ${say(style)}`);
  console.log(`  embed.js:                 ${say(widget)}`);
}
