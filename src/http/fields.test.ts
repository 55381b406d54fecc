import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { limits } from '../protocol/limits.ts';
import { HeaderFields, readFields } from './fields.ts';

/** The fields of lines that are fine. */
function fieldsOf(...lines: readonly string[]): HeaderFields {
  const read = readFields(lines.join('\r\n'));
  if (!(read instanceof HeaderFields)) throw new Error(read.detail);
  return read;
}

/** The code with which lines are refused, or null. */
function refusalOf(...lines: readonly string[]): string | null {
  const read = readFields(lines.join('\r\n'));
  return read instanceof HeaderFields ? null : read.code;
}

describe('a field', () => {
  test('is found by its name in whatever letters it came', () => {
    const fields = fieldsOf('HOST: a', 'CoOkIe: b', 'X-Forwarded-FOR: c');
    expect(fields.get('host')).toBe('a');
    expect(fields.get('cookie')).toBe('b');
    expect(fields.get('x-forwarded-for')).toBe('c');
  });

  test('that is not there is null, and one that is empty is empty', () => {
    const fields = fieldsOf('Origin:', 'X-A: \t ');
    expect(fields.get('origin')).toBe('');
    expect(fields.get('x-a')).toBe('');
    expect(fields.get('x-b')).toBeNull();
    expect(fields.get('cookie')).toBeNull();
    expect([fields.has('origin'), fields.has('x-a'), fields.has('x-b')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('has no blanks around it, and keeps those in it', () => {
    const fields = fieldsOf('Origin:\t a b\tc \t', 'X-A:x', 'Host:a');
    expect(fields.get('origin')).toBe('a b\tc');
    expect(fields.get('x-a')).toBe('x');
    expect(fields.get('host')).toBe('a');
  });

  test('may have colons and names of others in it', () => {
    const fields = fieldsOf('X-A: Host: evil', 'Host: a', 'X-B: ::');
    expect(fields.get('host')).toBe('a');
    expect(fields.get('x-a')).toBe('Host: evil');
    expect(fields.get('x-b')).toBe('::');
  });

  test('that comes several times is joined by commas, a cookie by semicolons', () => {
    const fields = fieldsOf(
      'X-A: 1',
      'Cookie: a=1',
      'x-a: 2',
      'cookie: b=2',
      'Origin: c',
      'origin: d',
    );
    expect(fields.get('x-a')).toBe('1, 2');
    expect(fields.get('cookie')).toBe('a=1; b=2');
    expect(fields.get('origin')).toBe('c, d');
  });

  test('is not one whose name only begins or ends like it', () => {
    const fields = fieldsOf('X-Host: b', 'Hosts: c', 'Hos: d');
    expect(fields.get('host')).toBeNull();
  });

  test('is not found by the names that any object has', () => {
    const fields = fieldsOf('Host: a');
    for (const name of ['__proto__', 'constructor', 'tostring'])
      expect(fields.get(name)).toBeNull();
    expect(fieldsOf('constructor: x', '__proto__: y').get('__proto__')).toBe('y');
  });

  test('reads as it was written, in any order and among any others', () => {
    const name = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,20}$/);
    const value = fc.stringMatching(
      /^(?:[!-~\x80-\xff](?:[\t -~\x80-\xff]{0,20}[!-~\x80-\xff])?)?$/,
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 20 }), (pairs) => {
        const known = ['host', 'content-length'];
        const given = pairs.filter(([one]) => !known.includes(one.toLowerCase()));
        const fields = fieldsOf(...given.map(([one, text]) => `${one}: ${text}`));
        for (const [one] of given) {
          const same = given.filter(([other]) => other.toLowerCase() === one.toLowerCase());
          const separator = one.toLowerCase() === 'cookie' ? '; ' : ', ';
          const joined = same.map(([, text]) => text).join(separator);
          expect(fields.get(one.toLowerCase())).toBe(joined);
        }
      }),
    );
  });
});

describe('lines are refused', () => {
  test.each([
    ['without a colon', 'X-A'],
    ['without a name', ': a'],
    ['with a blank before the colon', 'X-A : a'],
    ['with a tab before the colon', 'Transfer-Encoding\t: chunked'],
    ['with a blank before the name', ' X-A: a'],
    ['that are folded', 'X-A: a\r\n b'],
    ['that are folded by a tab', 'X-A: a\r\n\tb'],
    ['that are empty among others', 'X-A: a\r\n\r\nX-B: b'],
    ['that end in a line break', 'X-A: a\r\n'],
    ['with a lone CR', 'X-A: a\rX-B: b'],
    ['with a lone LF', 'X-A: a\nX-B: b'],
    ['with a NUL', 'X-A: a\0b'],
    ['with a control character', 'X-A: a\x0bb'],
    ['with a DEL', 'X-A: a\x7fb'],
    ['with a name in brackets', 'X(A): a'],
    ['with a name beyond ASCII', 'X-Ä: a'],
    ['with a quotation for a name', '"Host": a'],
  ])('%s', (_, lines) => {
    expect(refusalOf('Host: a', lines)).toBe('BAD_REQUEST');
    expect(refusalOf(lines, 'Host: a')).toBe('BAD_REQUEST');
  });

  test('with two hosts, also the same one', () => {
    expect(refusalOf('Host: a', 'Host: a')).toBe('BAD_REQUEST');
    expect(refusalOf('Host:', 'host: a')).toBe('BAD_REQUEST');
  });

  test('with two lengths, also the same one', () => {
    expect(refusalOf('Content-Length: 1', 'Content-Length: 1')).toBe('BAD_REQUEST');
    expect(refusalOf('Content-Length:', 'content-length: 1')).toBe('BAD_REQUEST');
  });

  test('with a host that is none', () => {
    for (const host of [
      'a b',
      'a/b',
      'user@a',
      'a:port',
      'a:1:2',
      '[::1',
      '[x]',
      'a, b',
      'ä',
      'a"',
    ]) {
      expect(refusalOf(`Host: ${host}`)).toBe('BAD_REQUEST');
    }
    for (const host of [
      'a',
      'a:80',
      '',
      'a.example:',
      '192.0.2.1',
      '[::1]',
      '[2001:db8::1]:8000',
    ]) {
      expect(refusalOf(`Host: ${host}`)).toBeNull();
    }
  });

  test('when they are too many', () => {
    const lines = Array.from({ length: limits.headersMax }, (_, nr) => `X-${nr}: a`);
    expect(refusalOf(...lines)).toBeNull();
    expect(refusalOf(...lines, 'X-A: a')).toBe('TOO_LARGE');
  });

  test('in time that grows with their length alone', () => {
    // Each of these would take years where an expression goes back over what it has read.
    const long = 16_000;
    for (const lines of [
      'a'.repeat(long),
      `X:${' '.repeat(long)}\0`,
      `${'a:\r\n'.repeat(long / 4)} `,
      `X: ${':'.repeat(long)}\x01`,
    ]) {
      expect(refusalOf(lines)).toBe('BAD_REQUEST');
    }
  });
});

describe('the connection', () => {
  test('ends with the answer where a word of the field is "close"', () => {
    for (const value of ['close', 'CLOSE', 'keep-alive, Close', 'close , x', 'x,close']) {
      expect(fieldsOf(`Connection: ${value}`).endsConnection).toBeTrue();
    }
    for (const value of ['keep-alive', 'closed', 'not-close', 'close-not', '']) {
      expect(fieldsOf(`Connection: ${value}`).endsConnection).toBeFalse();
    }
    expect(fieldsOf('Host: a').endsConnection).toBeFalse();
    expect(fieldsOf('Connection: x', 'Connection: close').endsConnection).toBeTrue();
  });

  test('waits to be told where it says that it expects that', () => {
    expect(fieldsOf('Expect: 100-Continue').expectsContinue).toBeTrue();
    expect(fieldsOf('Expect: 200-ok').expectsContinue).toBeFalse();
    expect(fieldsOf('Host: a').expectsContinue).toBeFalse();
  });
});
