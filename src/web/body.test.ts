import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { HttpRequest } from '../http/request.ts';
import { parseJson, readBody } from './body.ts';

const request = (body: string | Uint8Array, type: string | null): HttpRequest => ({
  method: 'POST',
  target: '/',
  fields: new Headers(type === null ? {} : { 'Content-Type': type }),
  body: typeof body === 'string' ? Buffer.from(body) : body,
});
const codeOf = (body: string | Uint8Array, type: string | null = 'application/json'): string => {
  const read = readBody(request(body, type));
  return read.ok ? 'ok' : read.code;
};

describe('a body', () => {
  test('is JSON, sent as JSON or as plain text', () => {
    expect(readBody(request('{"a":1}', 'application/json'))).toEqual({ ok: true, value: { a: 1 } });
    for (const type of ['text/plain', 'Application/JSON; charset=utf-8', 'text/plain;charset=x']) {
      expect(codeOf('{}', type)).toBe('ok');
    }
    expect(codeOf('{}', 'application/x-www-form-urlencoded')).toBe('MEDIA_TYPE');
    expect(codeOf('{}', 'application/jsonp')).toBe('MEDIA_TYPE');
  });

  test('that is empty is an empty object, of whatever type', () => {
    expect(readBody(request('', null))).toEqual({ ok: true, value: {} });
  });

  test.each([
    ['not UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
    ['a surrogate in UTF-8', new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['a byte order mark', '\ufeff{}'],
    ['half of it', '{"a":'],
    ['single quotes', "{'a':1}"],
    ['two values', '{} {}'],
    ['NaN', '{"a":NaN}'],
    ['nested deeply', '['.repeat(20_000)],
    ['nested a little too deep', '[[[[[1]]]]]'],
  ])('that is %s is refused', (_, body) => {
    expect(codeOf(body)).toBe('BAD_REQUEST');
  });

  test('may have brackets in strings, as many as it likes', () => {
    expect(codeOf(JSON.stringify({ text: '[{"\\['.repeat(100) }))).toBe('ok');
  });

  test('of any bytes is read or refused, never thrown', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(typeof parseJson(bytes).ok).toBe('boolean');
      }),
    );
  });

  test('of any shallow value is read as that value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.double())), (value) => {
        const text = JSON.stringify(value);
        const read = parseJson(new TextEncoder().encode(text));
        expect(read.ok && read.value).toEqual(JSON.parse(text));
      }),
    );
  });
});
