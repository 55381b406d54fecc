import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPage } from './build.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'encke-page-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

const hashed = /^(app|room|style|aside|part-[\w-]+)-[0-9a-z]{8,}\.(js|css)$/;

/** The files that the document names. */
async function named(): Promise<readonly string[]> {
  const document = await Bun.file(join(folder, 'index.html')).text();
  const names = [...document.matchAll(/(?:src|href|data-room|data-sheet)="([^"]+)"/g)].map(
    ([, name = '']) => name,
  );
  // The room without scripts is no file.
  return names.filter((name) => name !== 'plain');
}

test('the document names two scripts and two styles with a hash of what is in them', async () => {
  await buildPage(folder);
  const files = await readdir(folder);
  for (const name of await named()) expect(files).toContain(name);
  const isLater = (name: string): boolean => {
    return /^part-(aside|embedded|emoji-table|hosting|(?:emoji-)?\w\w)-\w+\.js$/.test(name);
  };
  expect(files.filter(isLater)).toHaveLength(4 + 2 * 5);
  expect((await named()).filter((name) => hashed.test(name)).sort()).toEqual(
    files.filter((name) => hashed.test(name) && !isLater(name)).sort(),
  );
});

test('the document names the parts that are asked for again when they could not be had', async () => {
  const document = await Bun.file(join(folder, 'index.html')).text();
  for (const part of ['aside', 'hosting']) {
    const [, name = ''] =
      new RegExp(`data-${part}="(part-${part}-\\w+\\.js)"`).exec(document) ?? [];
    expect(await Bun.file(join(folder, name)).exists()).toBe(true);
  }
});

test('before the first message a browser loads at most 40 kB: what the document names', async () => {
  const document = await Bun.file(join(folder, 'index.html')).text();
  const later = /data-sheet="([^"]+)"/.exec(document)?.[1] ?? '';
  const atOnce = (await named()).filter((name) => hashed.test(name) && name !== later);
  const sizes = [...atOnce, 'index.html'].map(
    (name) => Bun.file(join(folder, `${name}.gzip`)).size,
  );
  const { load } = await buildPage(folder);
  expect(sizes.reduce((sum, size) => sum + size)).toBe(load.gzip);
  expect(load.gzip).toBeLessThanOrEqual(40 * 1024);
});

test('the manifest names icons that are there, of the sizes that it tells', async () => {
  const manifest = (await Bun.file(join(folder, 'manifest.webmanifest')).json()) as {
    readonly icons: readonly { readonly src: string; readonly sizes: string }[];
  };
  expect(manifest.icons.length).toBeGreaterThan(0);
  for (const { src, sizes } of manifest.icons) {
    const file = Bun.file(join(folder, src));
    expect(await file.exists()).toBe(true);
    if (!src.endsWith('.png')) continue;
    // The first chunk of a PNG begins with its width and its height.
    const header = new DataView(await file.arrayBuffer());
    expect(`${header.getUint32(16)}x${header.getUint32(20)}`).toBe(sizes);
  }
});

test('the document carries no script and no style of its own, which the policy would stop', async () => {
  const document = await Bun.file(join(folder, 'index.html')).text();
  expect(document).not.toMatch(/<style|<script(?![^>]* src=)|\sstyle=|\son\w+=/);
});

test('the page asks nothing of any other site', async () => {
  for (const name of await readdir(folder)) {
    const addresses =
      (await Bun.file(join(folder, name)).text()).match(/https?:\/\/[\w.-]+/g) ?? [];
    // The names of the two XML languages, and nothing that is ever fetched.
    expect(addresses.filter((address) => address !== 'http://www.w3.org')).toEqual([]);
  }
});

test('the styles go by the direction of a text, and not by its language', async () => {
  const styles = (await readdir(folder)).filter((name) => name.endsWith('.css'));
  expect(styles).toHaveLength(2);
  for (const style of styles) {
    const text = await Bun.file(join(folder, style)).text();
    expect(text).toContain('inset-inline-start:');
    expect(text).not.toContain(':lang(');
    expect(text).not.toContain('@import');
  }
});

test('each sheet of the style is imported, and once', async () => {
  const styles = join(import.meta.dir, 'style');
  const lists = await Promise.all(
    ['style.css', 'aside.css'].map(async (name) => await Bun.file(join(styles, name)).text()),
  );
  const imported = [...lists.join('').matchAll(/@import '\.\/(.+)';/g)].map(
    ([, name = '']) => name,
  );
  const written = (await readdir(styles)).filter(
    (name) => !['style.css', 'aside.css'].includes(name),
  );
  expect(imported.sort()).toEqual(written.sort());
});

test('other sites load one function of less than 2 kB, which leaves no name behind', async () => {
  const script = await Bun.file(join(folder, 'embed.js')).text();
  expect(Bun.gzipSync(script, { level: 9 }).length).toBeLessThan(2_000);
  // What stands within a function stays there; a name at the top would be every script's.
  expect(script).toMatch(/^\(\(\)=>\{[^]*\}\)\(\);\s*$/);
  expect(script).not.toMatch(/\b(innerHTML|eval|document\.write)\b/);
});

test('two builds at once leave one whole page', async () => {
  await Promise.all([buildPage(folder), buildPage(folder)]);
  for (const name of await named()) {
    expect(await Bun.file(join(folder, name)).exists()).toBe(true);
  }
  expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('what an earlier build left is removed, once no page that is loading can ask for it', async () => {
  const [old, recent] = [join(folder, 'app-00000000.js'), join(folder, 'app-11111111.js')];
  await writeFile(old, '');
  await writeFile(recent, '');
  await utimes(old, 0, 0);
  await buildPage(folder);
  expect(await Bun.file(old).exists()).toBe(false);
  expect(await Bun.file(recent).exists()).toBe(true);
});
