import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gzipSync, gunzipSync } from 'node:zlib';
import { Files } from './files.ts';

const folder = mkdtempSync(join(tmpdir(), 'encke-files-'));
const text = '<p>'.repeat(500);
writeFileSync(join(folder, 'index.html'), text);
writeFileSync(join(folder, 'index.html.br'), brotliCompressSync(text));
writeFileSync(join(folder, 'index.html.gzip'), gzipSync(text));
writeFileSync(join(folder, 'app-0123abcd.js'), 'x();'.repeat(500));
writeFileSync(join(folder, 'notes.txt'), 'not of the page');
const files = Files.read(folder);
afterAll(() => rmSync(folder, { recursive: true }));

interface Asked {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string | Uint8Array;
}

const ask = (path: string, headers: Record<string, string> = {}): Asked => {
  const answer = files.answer(path, new Headers(headers));
  if (answer === null) throw new Error(`There is no file at ${path}`);
  return { status: answer.status, headers: new Headers(answer.fields), body: answer.body };
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

  test.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['br', 'br'],
    ['BR ; Q=0.5', 'br'],
    ['*', 'br'],
    ['gzip', 'gzip'],
    ['gzip;q=1, br;q=0', 'gzip'],
    ['br;q=0.000, *', 'gzip'],
    ['*;q=0, gzip', 'gzip'],
    ['gzip;q=0, br ; q = 0', null],
    ['*;q=0', null],
    ['identity', null],
    ['brotli, gzipped', null],
    ['', null],
  ])('go to who takes "%s" as %p', (accept, encoding) => {
    const { headers } = ask('/', { 'Accept-Encoding': accept });
    expect(headers.get('content-encoding')).toBe(encoding);
    expect(headers.get('vary')).toBe('Accept-Encoding');
  });

  test('are the same however they are compressed, and have a tag for each', () => {
    const unpack = { br: brotliDecompressSync, gzip: gunzipSync };
    const tags = new Set([ask('/').headers.get('etag')]);
    expect(Buffer.from(ask('/').body).toString()).toBe(text);
    for (const encoding of ['br', 'gzip'] as const) {
      const { headers, body } = ask('/', { 'Accept-Encoding': encoding });
      expect(unpack[encoding](body).toString()).toBe(text);
      const etag = headers.get('etag') ?? '';
      tags.add(etag);
      const known = { 'Accept-Encoding': encoding, 'If-None-Match': etag };
      expect(ask('/', known).status).toBe(304);
      // A cache has it in another encoding than this client takes.
      expect(ask('/', { 'If-None-Match': etag }).status).toBe(200);
    }
    expect(tags.size).toBe(3);
  });

  test('are not what another build was compressed into', () => {
    const path = join(folder, 'app-0123abcd.js');
    writeFileSync(`${path}.br`, brotliCompressSync('y();'.repeat(500)));
    writeFileSync(`${path}.gzip`, 'no gzip at all');
    const read = Files.read(folder);
    const asked = new Headers({ 'Accept-Encoding': 'br, gzip' });
    const answer = read.answer('/app-0123abcd.js', asked);
    expect(answer?.fields['Content-Encoding']).toBe('gzip');
    expect(gunzipSync(answer?.body ?? '').toString()).toBe('x();'.repeat(500));
  });

  test('are kept for ever only where the name says what is in them', () => {
    expect(ask('/app-0123abcd.js').headers.get('cache-control')).toContain('immutable');
    expect(ask('/').headers.get('cache-control')).toBe('no-cache');
  });

  test('are no others than the page’s, and no way leads out of the folder', () => {
    for (const path of [
      '/notes.txt',
      '/index.html',
      '/index.html.br',
      '/../encke.ts',
      '//',
      '/app-0123abcd.js/',
    ]) {
      expect(files.answer(path, new Headers())).toBeNull();
    }
  });
});
