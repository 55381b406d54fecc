import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { limits } from '../protocol/limits.ts';
import { ChunkedBody } from './chunks.ts';

const { bodyBytesMax } = limits;

/** Gives a body in parts, as a connection does: what is not used up is given again. */
function give(parts: readonly Buffer[]): { body: ChunkedBody; rest: Buffer; code: string | null } {
  const body = new ChunkedBody();
  let rest: Buffer = Buffer.alloc(0);
  for (const part of parts) {
    rest = Buffer.concat([rest, part]);
    const taken = body.take(rest);
    if (typeof taken === 'object') return { body, rest, code: taken.code };
    rest = rest.subarray(taken);
  }
  return { body, rest, code: null };
}

function whole(text: string): ReturnType<typeof give> {
  return give([Buffer.from(text, 'latin1')]);
}

/** The parts between these places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length];
  at.sort((a, b) => a - b);
  return at.slice(1).map((end, nr) => bytes.subarray(at[nr], end));
}

/** What a body read as, at once and split everywhere: the same. */
function readEverywhere(text: string): string {
  const bytes = Buffer.from(text, 'latin1');
  const read = (parts: readonly Buffer[]): string => {
    const { body, rest, code } = give(parts);
    if (code !== null) return code;
    if (!body.isWhole) return 'more';
    return `${Buffer.from(body.bytes()).toString('latin1')}|${rest.toString('latin1')}`;
  };
  const outcome = read([bytes]);
  for (let at = 1; at < bytes.length; at++) {
    expect(read([bytes.subarray(0, at), bytes.subarray(at)])).toBe(outcome);
  }
  expect(read(Array.from(bytes, (byte) => Buffer.of(byte)))).toBe(outcome);
  return outcome;
}

describe('a body in chunks', () => {
  test('is what the chunks come to, and leaves what stands behind it', () => {
    expect(readEverywhere('2\r\nab\r\n3\r\ncde\r\n0\r\n\r\nGET /')).toBe('abcde|GET /');
    expect(readEverywhere('0\r\n\r\n')).toBe('|');
    expect(readEverywhere('0000\r\n\r\nx')).toBe('|x');
    expect(readEverywhere('a\r\n0123456789\r\n00B\r\n0123456789a\r\n0\r\n\r\n')).toBe(
      '01234567890123456789a|',
    );
  });

  test('may have line breaks and what looks like a chunk in it', () => {
    expect(readEverywhere('7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n')).toBe('\r\n0\r\n\r\n|');
  });

  test('may say more beside a size, and behind the last chunk', () => {
    const more = '2 ;a=b;c="d"\r\nab\r\n0\t; x\r\nX-A: a\r\nX-B:\r\n\r\nrest';
    expect(readEverywhere(more)).toBe('ab|rest');
  });

  test('is not whole before its last byte', () => {
    const text = '2\r\nab\r\n0\r\nX-A: a\r\n\r\n';
    for (let length = 0; length < text.length; length++) {
      expect(whole(text.slice(0, length)).body.isWhole).toBeFalse();
    }
    expect(whole(text).body.isWhole).toBeTrue();
  });

  test('reads the same, however its chunks are sized and its bytes are split', () => {
    const chunk = fc.uint8Array({ minLength: 1, maxLength: 600 });
    const splits = fc.array(fc.nat(), { maxLength: 12 });
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 6 }), splits, (chunks, places) => {
        const bytes = Buffer.concat([
          ...chunks.flatMap((data) => [
            Buffer.from(`${data.length.toString(16)}\r\n`),
            data,
            Buffer.from('\r\n'),
          ]),
          Buffer.from('0\r\n\r\nrest'),
        ]);
        const { body, rest, code } = give(cut(bytes, places));
        expect(code).toBeNull();
        expect(body.isWhole).toBeTrue();
        expect(Buffer.concat(chunks).equals(body.bytes())).toBeTrue();
        expect(rest.toString()).toBe('rest');
      }),
    );
  });
});

describe('refused is', () => {
  test.each([
    ['a size that is none', 'x\r\n'],
    ['no size', '\r\n'],
    ['a size with a sign', '+2\r\nab\r\n'],
    ['a size as a program writes it', '0x2\r\nab\r\n'],
    ['a size behind a blank', ' 2\r\nab\r\n'],
    ['a size of nine digits', '000000002\r\nab\r\n'],
    ['two sizes', '2 2\r\nab\r\n'],
    ['a size whose line ends with LF', '2\nab\r\n'],
    ['a size with a CR beside it', '2;\ra\r\nab\r\n'],
    ['a size with a LF beside it', '2;\na\r\nab\r\n'],
    ['a chunk that is longer than it says', '2\r\nabc\r\n'],
    ['a chunk that is shorter than it says', '4\r\nab\r\n0\r\n\r\n'],
    ['a trailer without a name', '0\r\n: a\r\n\r\n'],
    ['a trailer with a blank before its colon', '0\r\nX-A : a\r\n\r\n'],
    ['a trailer that is folded', '0\r\nX-A: a\r\n b\r\n\r\n'],
    ['a trailer with a LF in it', '0\r\nX-A: a\nb\r\n\r\n'],
    ['a request in place of a trailer', '0\r\nGET / HTTP/1.1\r\n\r\n'],
  ])('%s', (_, text) => {
    expect(readEverywhere(text)).toBe('BAD_REQUEST');
  });

  test('a body that is too large, as soon as its sizes say so', () => {
    expect(readEverywhere(`${(bodyBytesMax + 1).toString(16)}\r\n`)).toBe('TOO_LARGE');
    expect(readEverywhere('ffffffff\r\n')).toBe('TOO_LARGE');
    const most = `${(bodyBytesMax - 1).toString(16)}\r\n${'a'.repeat(bodyBytesMax - 1)}\r\n`;
    expect(whole(`${most}1\r\na\r\n0\r\n\r\n`).body.bytes()).toHaveLength(bodyBytesMax);
    expect(whole(`${most}2\r\n`).code).toBe('TOO_LARGE');
  });

  test('a line that is too long, however it is split', () => {
    const size = (length: number): string => `2;${'a'.repeat(length - 2)}\r\nab\r\n0\r\n\r\n`;
    expect(readEverywhere(size(256))).toBe('ab|');
    expect(readEverywhere(size(257))).toBe('BAD_REQUEST');
    const trailer = (length: number): string => `0\r\nX:${'a'.repeat(length - 2)}\r\n\r\n`;
    expect(readEverywhere(trailer(256))).toBe('|');
    expect(readEverywhere(trailer(257))).toBe('BAD_REQUEST');
    expect(whole(`2;${'a'.repeat(300)}`).code).toBe('BAD_REQUEST');
  });

  test('a row of trailers that is too long', () => {
    expect(readEverywhere(`0\r\n${'X: a\r\n'.repeat(20)}\r\n`)).toBe('|');
    expect(readEverywhere(`0\r\n${'X: a\r\n'.repeat(21)}\r\n`)).toBe('BAD_REQUEST');
  });
});
