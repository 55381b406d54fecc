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

const hashed = /^(app|style)-[0-9a-z]{8,}\.(js|css)$/;

/** What a document loads, which a link to elsewhere is not. */
const loaded = /<(?:link|script)[^>]*(?:src|href)="([^"]+)"/g;

test('the document names a script and a style with a hash of what is in them', async () => {
  await buildPage(folder);
  const files = await readdir(folder);
  expect(files.filter((name) => !hashed.test(name)).sort()).toEqual(['icon.svg', 'index.html']);
  const document = await Bun.file(join(folder, 'index.html')).text();
  const named = [...document.matchAll(loaded)].map(([, name = '']) => name);
  expect(new Set(named)).toEqual(new Set(files.filter((name) => name !== 'index.html')));
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

test('two builds at once leave one whole page', async () => {
  await Promise.all([buildPage(folder), buildPage(folder)]);
  const document = await Bun.file(join(folder, 'index.html')).text();
  for (const [, name = ''] of document.matchAll(loaded)) {
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
