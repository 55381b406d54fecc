import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Files } from './files.ts';

const folder = mkdtempSync(join(tmpdir(), 'encke-files-'));
writeFileSync(join(folder, 'index.html'), '<p>'.repeat(500));
writeFileSync(join(folder, 'app-0123abcd.js'), 'x();'.repeat(500));
writeFileSync(join(folder, 'notes.txt'), 'not of the page');
const files = Files.read(folder);
afterAll(() => rmSync(folder, { recursive: true }));

interface Asked {
  readonly status: number;
  readonly headers: Headers;
}

const ask = (path: string, headers: Record<string, string> = {}): Asked => {
  const answer = files.answer(path, new Headers(headers));
  if (answer === null) throw new Error(`There is no file at ${path}`);
  return { status: answer.status, headers: new Headers(answer.fields) };
};

describe('the files of the page', () => {
  test('are known by a tag, alone, in a list, or weakened by a proxy', () => {
    const etag = ask('/').headers.get('etag') ?? '';
    expect(etag).not.toBe('');
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, `"other",W/${etag}`]) {
      expect(ask('/', { 'If-None-Match': known }).status).toBe(304);
    }
    for (const other of ['"other"', '', etag.slice(1)]) {
      expect(ask('/', { 'If-None-Match': other }).status).toBe(200);
    }
  });

  test('are compressed only for who takes that', () => {
    const encodingFor = (accept: string): string | null =>
      ask('/', { 'Accept-Encoding': accept }).headers.get('content-encoding');
    expect(encodingFor('gzip, br')).toBe('gzip');
    expect(encodingFor('gzip;q=0')).toBeNull();
    expect(encodingFor('br')).toBeNull();
  });

  test('are kept for ever only where the name says what is in them', () => {
    expect(ask('/app-0123abcd.js').headers.get('cache-control')).toContain('immutable');
    expect(ask('/').headers.get('cache-control')).toBe('no-cache');
  });

  test('are no others than the page’s, and no way leads out of the folder', () => {
    for (const path of ['/notes.txt', '/index.html', '/../encke.ts', '//', '/app-0123abcd.js/']) {
      expect(files.answer(path, new Headers())).toBeNull();
    }
  });
});
