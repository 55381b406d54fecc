import { describe, expect, test } from 'bun:test';
import { limits } from '../protocol/limits.ts';
import { Answer } from './answer.ts';
import { FakeHost } from './testing/fake-host.ts';
import type { Stream } from './stream.ts';

const head = new Answer(200, { 'Content-Type': 'text/html' });

/** A connection on which a request came, and the answer that goes on. */
function open(version: '1.0' | '1.1', ...lines: readonly string[]) {
  const host = new FakeHost();
  const { connection, socket } = host.connect();
  const request = [`GET /a HTTP/${version}`, 'Host: a', ...lines, '', ''].join('\r\n');
  const take = (text: string): void => connection.took(Buffer.from(text));
  take(request);
  const [exchange] = host.exchanges;
  if (exchange === undefined) throw new Error('No request was begun');
  const begin = (): Stream => exchange.stream(head);
  return { host, connection, socket, take, request, exchange, begin };
}

describe('an answer that goes on', () => {
  test('comes in chunks, after which the next request is answered', () => {
    const { begin, socket, take, host, request } = open('1.1');
    const stream = begin();
    expect(socket.sent()).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*Transfer-Encoding: chunked\r\n\r\n$/);
    stream.write('hello, größe');
    expect(socket.sent()).toBe(Buffer.from('e\r\nhello, größe\r\n').toString('latin1'));
    // An empty chunk would be the last.
    stream.write('');
    expect(socket.sent()).toBe('');
    take(request);
    expect(host.requests).toHaveLength(1);
    stream.end();
    stream.end();
    stream.write('too late');
    expect(socket.sent()).toBe('0\r\n\r\n');
    expect([host.requests.length, host.underWay]).toEqual([2, 1]);
    host.exchanges[1]?.reply(new Answer(200, {}, 'next'));
    expect(socket.sent()).toEndWith('\r\n\r\nnext');
  });

  for (const [what, version, lines] of [
    ['HTTP/1.0, which knows no chunks', '1.0', []],
    ['a connection that ends with it', '1.1', ['Connection: close']],
  ] as const) {
    test(`is the rest of ${what}`, () => {
      const { begin, socket, host } = open(version, ...lines);
      const stream = begin();
      const sent = socket.sent();
      expect(sent).toContain('Connection: close\r\n');
      expect(sent).not.toContain('Transfer-Encoding');
      expect(sent).not.toContain('Content-Length');
      stream.write('hello');
      expect(socket.sent()).toBe('hello');
      expect(socket.done).toEqual([]);
      stream.end();
      expect(socket.sent()).toBe('');
      expect(socket.done).toEqual(['shutdown']);
      expect(host.underWay).toBe(0);
    });
  }

  test('waits for a slow reader, in order, and has as long as it takes while they read', () => {
    const { begin, socket, connection, host } = open('1.1');
    const stream = begin();
    socket.sent();
    expect(connection.deadlineMs).toBe(Number.POSITIVE_INFINITY);
    socket.room = 4;
    stream.write('one');
    stream.write('two');
    expect(socket.sent()).toBe('3\r\no');
    expect(connection.deadlineMs).toBe(host.nowMs + limits.idleMsMax);
    socket.room = Number.POSITIVE_INFINITY;
    connection.drained();
    expect(socket.sent()).toBe('ne\r\n3\r\ntwo\r\n');
    expect(connection.deadlineMs).toBe(Number.POSITIVE_INFINITY);
  });

  test('that was not read when it ended is sent to its end', () => {
    const { begin, socket, connection, host } = open('1.0');
    const stream = begin();
    socket.sent();
    socket.room = 0;
    stream.write('words');
    stream.end();
    expect(socket.done).toEqual([]);
    expect(host.underWay).toBe(1);
    socket.room = Number.POSITIVE_INFINITY;
    connection.drained();
    expect(socket.sent()).toBe('words');
    expect(socket.done).toEqual(['shutdown']);
    expect(host.underWay).toBe(0);
  });

  test('ends for who reads nothing, before it takes more memory than it may', () => {
    const { begin, socket } = open('1.1');
    const stream = begin();
    socket.room = 0;
    const part = 'a'.repeat(10_000);
    for (let sent = 0; sent + 11_000 < limits.streamUnreadBytesMax; sent += 10_000) {
      stream.write(part);
    }
    expect(socket.done).toEqual([]);
    for (let nr = 0; nr < 3; nr++) stream.write(part);
    expect(socket.done).toContain('terminate');
  });

  test('ends for who takes next to nothing of one part that is more than it may be', () => {
    const { begin, socket } = open('1.1');
    const stream = begin();
    socket.room = 4;
    stream.write('a'.repeat(limits.streamUnreadBytesMax + 10));
    expect(socket.done).toContain('terminate');
  });

  test('tells whoever writes it that the reader is behind, and when they are not', () => {
    const { begin, exchange, connection, socket } = open('1.1');
    const stream = begin();
    let caughtUp = 0;
    exchange.watcher = { hungUp: () => undefined, caughtUp: () => void caughtUp++ };
    stream.write('one');
    expect(stream.isBehind).toBe(false);
    socket.room = 4;
    stream.write('two');
    expect(stream.isBehind).toBe(true);
    socket.room = 2;
    connection.drained();
    expect([stream.isBehind, caughtUp]).toEqual([true, 0]);
    socket.room = Number.POSITIVE_INFINITY;
    connection.drained();
    expect([stream.isBehind, caughtUp]).toEqual([false, 1]);
  });

  test('tells whoever writes it that the reader is gone', () => {
    const { begin, exchange, connection, host, socket } = open('1.1');
    let gone = 0;
    const stream = begin();
    exchange.watcher = { hungUp: () => void gone++ };
    connection.closed();
    expect([gone, host.underWay]).toEqual([1, 0]);
    socket.sent();
    stream.write('to nobody');
    stream.end();
    expect(socket.sent()).toBe('');
  });
});
