import { describe, expect, test } from 'bun:test';
import { errors } from '../protocol/errors.ts';
import { Answer } from './answer.ts';

const date = 'Thu, 01 Jan 1970 00:00:00 GMT';
const usual = { isLast: false, hasBody: true };

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

describe('an answer', () => {
  test('is a status, its fields, a date, a length and a body', () => {
    expect(text(new Answer(200, { 'X-A': 'b' }, 'hello').bytes(date))).toBe(
      `HTTP/1.1 200 OK\r\nX-A: b\r\nDate: ${date}\r\nContent-Length: 5\r\n\r\nhello`,
    );
  });

  test('counts its length in bytes', () => {
    const words = 'grüße, 世界 🌍';
    for (const body of [words, Buffer.from(words)]) {
      const written = text(new Answer(200, {}, body).bytes(date));
      expect(written).toContain(`Content-Length: ${Buffer.byteLength(words)}\r\n`);
      expect(written).toEndWith(`\r\n\r\n${words}`);
    }
  });

  test('carries bytes as they are', () => {
    const body = Uint8Array.from({ length: 256 }, (_, nr) => nr);
    const bytes = Buffer.from(new Answer(200, {}, body).bytes(date));
    expect(bytes.subarray(bytes.indexOf('\r\n\r\n') + 4).equals(body)).toBeTrue();
  });

  test('is written once, however many connections it goes to', () => {
    const answer = new Answer(200, {}, 'hello');
    expect(answer.bytes(date)).toBe(answer.bytes('another date'));
  });

  test('that is empty says so', () => {
    expect(text(new Answer(200, {}).bytes(date))).toEndWith('Content-Length: 0\r\n\r\n');
  });

  test('that is the last says so, and is not what the others get', () => {
    const answer = new Answer(200, {}, 'hello');
    const others = text(answer.bytes(date));
    const last = text(answer.bytesOf(date, { isLast: true, hasBody: true }));
    expect(last).toContain('\r\nConnection: close\r\n');
    expect(last).toEndWith('\r\n\r\nhello');
    expect(text(answer.bytes(date))).toBe(others);
    expect(others).not.toContain('Connection');
  });

  test('to a HEAD has the length of its body, and no body', () => {
    for (const body of ['hello', Buffer.from('hello')]) {
      const written = text(new Answer(200, {}, body).bytesOf(date, { ...usual, hasBody: false }));
      expect(written).toEndWith('Content-Length: 5\r\n\r\n');
    }
  });

  test('of 204 or 304 has neither length nor body', () => {
    for (const status of [204, 304]) {
      const answer = new Answer(status, { ETag: '"a"' }, 'never');
      for (const bytes of [answer.bytes(date), answer.bytesOf(date, usual)]) {
        expect(text(bytes)).toEndWith(`Date: ${date}\r\n\r\n`);
        expect(text(bytes)).not.toContain('Content-Length');
      }
    }
  });

  test('has words for every status that a refusal has', () => {
    for (const { status } of Object.values(errors)) {
      expect(text(new Answer(status, {}).bytes(date))).toMatch(
        /^HTTP\/1\.1 \d{3} [A-Z][A-Za-z ]+\r\n/,
      );
    }
  });
});
