import { describe, expect, test } from 'bun:test';
import type { HeaderFields } from './fields.ts';
import { readHead, type Head } from './head.ts';

function headOf(text: string, before: HeaderFields | null = null): Head {
  const read = readHead(text, before);
  if (!read.ok) throw new Error(read.detail);
  return read.head;
}

function withLines(...lines: readonly string[]): string {
  return ['POST / HTTP/1.1', 'Host: a', ...lines].join('\r\n');
}

function isRefused(text: string): boolean {
  const read = readHead(text, null);
  if (!read.ok) expect(read.code).toBe('BAD_REQUEST');
  return !read.ok;
}

describe('the first line', () => {
  test('is a method, a target and a version', () => {
    const { method, target } = headOf('GET /v1/poll?after=a%20b HTTP/1.1\r\nHost: a');
    expect([method, target]).toEqual(['GET', '/v1/poll?after=a%20b']);
    expect(headOf('M-SEARCH * HTTP/1.1\r\nHost: a').method).toBe('M-SEARCH');
  });

  test.each([
    '',
    'GET',
    'GET /',
    'GET / HTTP/1.2',
    'GET / HTTP/2.0',
    'GET / HTTP/0.9',
    'GET / HTTP/1.1 ',
    'GET / HTTP/1.10',
    'GET / http/1.1',
    'GET  / HTTP/1.1',
    'GET /  HTTP/1.1',
    'GET\t/ HTTP/1.1',
    ' GET / HTTP/1.1',
    'GET /a b HTTP/1.1',
    'GET /\x7f HTTP/1.1',
    'GET /ä HTTP/1.1',
    'GET /\0 HTTP/1.1',
    'G(T / HTTP/1.1',
    `${'A'.repeat(33)} / HTTP/1.1`,
    'GET / HTTP/1.1\n',
    'GET / HTTP/1.1\rHost: a',
  ])('is not "%s"', (line) => {
    expect(isRefused(`${line}\r\nHost: a`)).toBeTrue();
  });
});

describe('a head', () => {
  test('names a host, unless it is of old', () => {
    expect(isRefused('GET / HTTP/1.1')).toBeTrue();
    expect(isRefused('GET / HTTP/1.1\r\nX-A: a')).toBeTrue();
    expect(isRefused('GET / HTTP/1.0')).toBeFalse();
  });

  test('is the last of its connection where it is of old, or says so', () => {
    expect(headOf('GET / HTTP/1.0').isLast).toBeTrue();
    expect(headOf('GET / HTTP/1.0\r\nConnection: keep-alive').isLast).toBeTrue();
    expect(headOf(withLines()).isLast).toBeFalse();
    expect(headOf(withLines('Connection: close')).isLast).toBeTrue();
  });

  test('has no body unless it says so', () => {
    expect(headOf(withLines()).fields.body).toBe(0);
    expect(headOf(withLines('Content-Length: 0')).fields.body).toBe(0);
    expect(headOf(withLines('Content-Length: 42')).fields.body).toBe(42);
    expect(headOf(withLines('Content-Length: \t 007 ')).fields.body).toBe(7);
    expect(headOf(withLines('Transfer-Encoding: Chunked')).fields.body).toBe('chunked');
  });

  test.each([
    [['Content-Length: ']],
    [['Content-Length: +1']],
    [['Content-Length: -1']],
    [['Content-Length: 1_0']],
    [['Content-Length: 0x1']],
    [['Content-Length: 1 0']],
    [['Content-Length: 1, 1']],
    [['Content-Length: 1e1']],
    [['Content-Length: 1.0']],
    [['Content-Length: 1', 'Content-Length: 1']],
    [['Content-Length: 9999999999999999']],
    [['Content-Length: \xb2']],
    [['Transfer-Encoding: ']],
    [['Transfer-Encoding: identity']],
    [['Transfer-Encoding: gzip, chunked']],
    [['Transfer-Encoding: chunked, chunked']],
    [['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked']],
    [['Transfer-Encoding: "chunked"']],
    [['Transfer-Encoding: chunked;a=b']],
    [['Transfer-Encoding:', 'Content-Length: 1']],
    [['Transfer-Encoding: chunked', 'Content-Length: 0']],
    [['Content-Length: 0', 'Transfer-Encoding: chunked']],
  ])('does not say of its body %p', (lines) => {
    expect(isRefused(withLines(...lines))).toBeTrue();
  });

  test('of old knows no chunks', () => {
    expect(isRefused('POST / HTTP/1.0\r\nTransfer-Encoding: chunked')).toBeTrue();
  });

  test('of old is not told to go on: that would be taken for the answer', () => {
    const lines = 'Content-Length: 1\r\nExpect: 100-continue';
    expect(headOf(`POST / HTTP/1.0\r\n${lines}`).expectsContinue).toBeFalse();
    expect(headOf(withLines(lines)).expectsContinue).toBeTrue();
  });
});

describe('the fields of an earlier head', () => {
  const before = headOf('GET /a HTTP/1.1\r\nHost: a\r\nCookie: b').fields;

  test('are taken for the same lines, whatever is asked for', () => {
    const head = headOf('HEAD /b HTTP/1.1\r\nHost: a\r\nCookie: b', before);
    expect(head.fields).toBe(before);
    expect([head.method, head.target]).toEqual(['HEAD', '/b']);
  });

  test('are not taken for others, however alike', () => {
    for (const lines of [
      'Host: a\r\nCookie: c',
      'Host: a\r\nCookie: B',
      'Host: a',
      'Host: a\r\nCookie: b ',
    ]) {
      const { fields } = headOf(`GET /a HTTP/1.1\r\n${lines}`, before);
      expect(fields).not.toBe(before);
      expect(fields.get('cookie')).toBe(headOf(`GET /a HTTP/1.1\r\n${lines}`).fields.get('cookie'));
    }
  });

  test('do not make a head of old one of today', () => {
    expect(headOf('GET /a HTTP/1.0\r\nHost: a\r\nCookie: b', before).isLast).toBeTrue();
  });

  test('without a host do not serve a head that needs one', () => {
    const { fields } = headOf('GET /a HTTP/1.0\r\nX-A: a');
    expect(readHead('GET /a HTTP/1.1\r\nX-A: a', fields).ok).toBeFalse();
    expect(readHead('GET /a HTTP/1.1', headOf('GET /a HTTP/1.0').fields).ok).toBeFalse();
  });
});
