import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { limits } from '../protocol/limits.ts';
import { decode, readQuery, readTarget } from './target.ts';

describe('a target', () => {
  test.each([
    ['http://host:1/v1/poll?a=1&b=2', '/v1/poll', 'a=1&b=2'],
    ['http://host/', '/', ''],
    ['http://host', '/', ''],
    ['/', '/', ''],
    ['http://host/a?', '/a', ''],
    ['http://host/a?b?c', '/a', 'b?c'],
    ['http://host//a/../b', '//a/../b', ''],
  ])('%p is the path %p and the query %p', (url, path, query) => {
    expect(readTarget(url)).toEqual({ ok: true, path, query });
  });

  test('that is too long is refused, whether by its path or its query', () => {
    const long = 'a'.repeat(limits.targetBytesMax + 1);
    expect(readTarget(`http://host/${long}`)).toMatchObject({ code: 'TOO_LARGE' });
    expect(readTarget(`http://host/?a=${long}`)).toMatchObject({ code: 'TOO_LARGE' });
    const fits = 'a'.repeat(limits.targetBytesMax - 1);
    expect(readTarget(`http://host/${fits}`)).toMatchObject({ ok: true });
  });
});

describe('a query', () => {
  test('is decoded, a plus as a space', () => {
    const read = readQuery('a=1&nick=Zo%C3%AB+B%2B');
    expect(read.ok && { ...read.params }).toEqual({ a: '1', nick: 'Zoë B+' });
  });

  test.each(['a', '=1', 'a=1&a=2', 'a=%C3', 'a=%', 'a=%GG', '&', 'a=1&', '%61=1&a=2'])(
    '%p is refused',
    (query) => {
      expect(readQuery(query)).toMatchObject({ ok: false, code: 'BAD_REQUEST' });
    },
  );

  test('may not name what every object has, without being taken for it', () => {
    const read = readQuery('__proto__=1&constructor=2');
    expect(read.ok && Object.keys(read.params)).toEqual(['__proto__', 'constructor']);
  });

  test('is read without throwing, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (query) => {
        expect(typeof readQuery(query).ok).toBe('boolean');
        expect(typeof readTarget(query).ok).toBe('boolean');
      }),
    );
  });
});

test('bytes that are not UTF-8 decode to nothing', () => {
  expect(decode('%E2%9D%A4')).toBe('❤');
  expect(decode('%FF')).toBeNull();
  expect(decode('%ED%A0%80')).toBeNull();
});
