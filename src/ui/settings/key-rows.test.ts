import { expect, test } from 'bun:test';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keyRows, type KeyRow } from './key-rows.ts';
import { enAside } from '../words/en-aside.ts';
import { complete } from '../words/words.ts';

complete(enAside);

const guide = join(import.meta.dir, '../../../docs/guide/page.md');

function asLine({ keys, does }: KeyRow): string {
  const held = keys.map((together) => together.map((key) => `\`${key}\``).join(' + '));
  return `| ${held.join(' ')} | ${does} |`;
}

function keysOf(rows: readonly KeyRow[]): string[] {
  return rows.map(({ keys }) => keys.map((held) => held.join('+')).join(' '));
}

test('the guide lists the keys that the page lists, in its words', async () => {
  const [, table = ''] = (await readFile(guide, 'utf8')).split(
    '| keys | what they do |\n|---|---|\n',
  );
  const lines = table.slice(0, table.indexOf('\n\n')).split('\n');
  expect(lines).toEqual(keyRows(true, true).map(asLine));
});

test('every key that does something at a message is listed, with a name that stands on it', () => {
  expect(keysOf(keyRows(true, true))).toEqual(
    expect.arrayContaining(['↑ ↓', 'Home End', 'Esc', 'Enter', 'r', '+', 'e', 'c', 'Delete', '/']),
  );
});

test('keys that were turned off are not listed', () => {
  const left = keysOf(keyRows(true, false));
  for (const key of ['?', 'r', '+', 'e', 'c', '/']) expect(left).not.toContain(key);
  expect(left).toContain('Ctrl+K');
  expect(left).toContain('Delete');
});

test('where Enter begins a line, it is listed so', () => {
  const sending = keyRows(false, true).find(({ does }) => does === 'Send what is written');
  expect(sending?.keys).toEqual([['Ctrl', 'Enter']]);
});
