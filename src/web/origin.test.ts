import { describe, expect, test } from 'bun:test';
import { crossOriginHeaders, isSameOrigin } from './origin.ts';

const host = 'room.example:8000';
const allowed = (headers: Record<string, string>, publicUrl: string | null = null): boolean =>
  isSameOrigin(new Headers(headers), host, publicUrl);

describe('a request that carries a cookie', () => {
  test.each([
    ['of the room’s own page', { origin: 'http://room.example:8000' }, true],
    ['of a browser that says so', { 'sec-fetch-site': 'same-origin' }, true],
    ['typed into the address bar', { 'sec-fetch-site': 'none' }, true],
    ['of no browser', {}, true],
    ['of another site', { origin: 'https://evil.example' }, false],
    ['of another port', { origin: 'http://room.example:9000' }, false],
    ['of a subdomain', { origin: 'http://x.room.example:8000' }, false],
    ['of a name that ends like ours', { origin: 'http://evilroom.example:8000' }, false],
    ['of a sandboxed page', { origin: 'null' }, false],
    ['of the same site', { 'sec-fetch-site': 'same-site' }, false],
    ['of another site, without an origin', { 'sec-fetch-site': 'cross-site' }, false],
    [
      'of another site that says both',
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      false,
    ],
  ])('%s: %p, allowed: %p', (_, headers, expected) => {
    expect(allowed(headers as Record<string, string>)).toBe(expected);
  });

  test('is allowed from the public address, when there is one', () => {
    const headers = { origin: 'https://chat.example' };
    expect(allowed(headers)).toBe(false);
    expect(allowed(headers, 'https://chat.example')).toBe(true);
  });
});

test('answers can be read only by pages on origins that are allowed, and never with cookies', () => {
  const origins = ['https://blog.example'];
  const headersFor = (origin: string) => crossOriginHeaders(new Headers({ origin }), origins);
  expect(headersFor('https://evil.example')).toEqual({});
  expect(headersFor('https://blog.example')['Access-Control-Allow-Origin']).toBe(
    'https://blog.example',
  );
  expect(headersFor('https://blog.example')).not.toHaveProperty('Access-Control-Allow-Credentials');
});
