/** Where a request begins and ends: whoever can shift that speaks in the name of the next one. */
import { expect, test } from 'bun:test';
import { RoomServer } from '../../kit/room-server.ts';
import { badInput, type Row } from './case.ts';
import { get, post } from './request.ts';
import type { Scene } from './scene.ts';

const chunked =
  'POST /v1/leave HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n';
/** What an attacker would have the server take for a request of its own. */
const hidden = (scene: Scene): string =>
  `POST /v1/leave HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${scene.mallory.token}\r\n\r\n`;

/** A request with a body of two bytes and these lines about it. */
function framed(...lines: readonly string[]): string {
  return `POST /v1/leave HTTP/1.1\r\nHost: a\r\n${lines.join('\r\n')}\r\n\r\n{}`;
}

/** A request that says two things about its length, and what would be a second one behind it. */
function smuggling(...lines: readonly string[]): (scene: Scene) => string {
  return (scene) => {
    const head = `POST /v1/typing HTTP/1.1\r\nHost: a\r\n${lines.join('\r\n')}\r\n\r\n`;
    return `${head}0\r\n\r\n${hidden(scene)}`;
  };
}

const rows: readonly Row[] = [
  ['no HTTP at all', '\x00\x01\x02\x03\r\n\r\n', '400 BAD_REQUEST'],
  ['a greeting of TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', '400 BAD_REQUEST'],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', '400 BAD_REQUEST'],
  ['a version to come', 'GET /version HTTP/2.0\r\nHost: a\r\n\r\n', '400 BAD_REQUEST'],
  ['a version that is none', 'GET /version HTTP/1.12\r\nHost: a\r\n\r\n', '400 BAD_REQUEST'],
  ['a version of old', 'GET /version HTTP/1.0\r\nHost: a\r\n\r\n', '200'],
  ['no version', 'GET /version\r\nHost: a\r\n\r\n', '400 BAD_REQUEST'],
  ['lines that end with LF alone', 'GET /version HTTP/1.1\nHost: a\n\n', '400 BAD_REQUEST'],
  ['lines that end with CR alone', 'GET /version HTTP/1.1\rHost: a\r\r', '400 BAD_REQUEST'],
  ['an empty line before it', '\r\nGET /version HTTP/1.1\r\nHost: a\r\n\r\n', '400 BAD_REQUEST'],
  ['blanks before it', ' GET /version HTTP/1.1\r\nHost: a\r\n\r\n', '400 BAD_REQUEST'],
  ['two blanks in the first line', 'GET  /version HTTP/1.1\r\nHost: a\r\n\r\n', '400 BAD_REQUEST'],
  ['a tab in the first line', 'GET\t/version HTTP/1.1\r\nHost: a\r\n\r\n', '400 BAD_REQUEST'],
  ['a blank before the colon', 'GET /version HTTP/1.1\r\nHost : a\r\n\r\n', '400 BAD_REQUEST'],
  [
    'a folded header',
    'GET /version HTTP/1.1\r\nHost: a\r\nX-A: a\r\n b\r\n\r\n',
    '400 BAD_REQUEST',
  ],
  [
    'a header without a colon',
    'GET /version HTTP/1.1\r\nHost: a\r\nX-A\r\n\r\n',
    '400 BAD_REQUEST',
  ],
  ['a header without a name', 'GET /version HTTP/1.1\r\nHost: a\r\n: a\r\n\r\n', '400 BAD_REQUEST'],
  [
    'a NUL in a header',
    'GET /version HTTP/1.1\r\nHost: a\r\nX-A: a\x00b\r\n\r\n',
    '400 BAD_REQUEST',
  ],
  ['a CR in a header', 'GET /version HTTP/1.1\r\nHost: a\r\nX-A: a\rb\r\n\r\n', '400 BAD_REQUEST'],
  [
    'a LF that ends a header',
    'GET /version HTTP/1.1\r\nHost: a\r\nX-A: a\nX-B: b\r\n\r\n',
    '400 BAD_REQUEST',
  ],
  ['two lengths', framed('Content-Length: 2', 'Content-Length: 3'), '400 BAD_REQUEST'],
  ['two lengths in one line', framed('Content-Length: 2, 2'), '400 BAD_REQUEST'],
  ['a negative length', framed('Content-Length: -2'), '400 BAD_REQUEST'],
  ['a length that is none', framed('Content-Length: two'), '400 BAD_REQUEST'],
  ['a length with a sign', framed('Content-Length: +2'), '400 BAD_REQUEST'],
  ['a length in hexadecimal', framed('Content-Length: 0x2'), '400 BAD_REQUEST'],
  ['an empty length', framed('Content-Length: '), '400 BAD_REQUEST'],
  ['a length beyond numbers', framed(`Content-Length: ${'9'.repeat(30)}`), '400 BAD_REQUEST'],
  ['a length of 2^64 and two', framed('Content-Length: 18446744073709551618'), '400 BAD_REQUEST'],
  [
    'a length and chunks',
    framed('Content-Length: 2', 'Transfer-Encoding: chunked'),
    '400 BAD_REQUEST',
  ],
  ['an unknown coding', framed('Transfer-Encoding: gzip'), '400 BAD_REQUEST'],
  ['a coding that looks like one', framed('Transfer-Encoding: xchunked'), '400 BAD_REQUEST'],
  ['a coding behind a control', framed('Transfer-Encoding: \x0bchunked'), '400 BAD_REQUEST'],
  ['chunks of what is zipped', framed('Transfer-Encoding: gzip, chunked'), '400 BAD_REQUEST'],
  [
    'a coding that is none',
    framed('Content-Length: 2', 'Transfer-Encoding: identity'),
    '400 BAD_REQUEST',
  ],
  [
    'chunks that are not the last coding',
    framed('Transfer-Encoding: chunked, gzip'),
    '400 BAD_REQUEST',
  ],
  ['a chunk of no size', `${chunked}\r\nzz\r\n{}\r\n0\r\n\r\n`, '400 BAD_REQUEST'],
  ['a chunk of a negative size', `${chunked}\r\n-2\r\n{}\r\n0\r\n\r\n`, '400 BAD_REQUEST'],
  [
    'a chunk with a size beyond numbers',
    `${chunked}\r\n${'f'.repeat(17)}\r\n{}\r\n0\r\n\r\n`,
    '400 BAD_REQUEST',
  ],
  ['a chunk larger than it says', `${chunked}\r\n1\r\n{}\r\n0\r\n\r\n`, '400 BAD_REQUEST'],
  ['a chunk with extensions', `${chunked}\r\n2;a=b;c="d"\r\n{}\r\n0\r\n\r\n`, '401 NO_SESSION'],
  ['trailers behind the chunks', `${chunked}\r\n2\r\n{}\r\n0\r\nX-A: a\r\n\r\n`, '401 NO_SESSION'],
  [
    'a request in place of trailers',
    `${chunked}\r\n2\r\n{}\r\n0\r\nGET /version HTTP/1.1\r\nHost: a\r\n\r\n`,
    '400 BAD_REQUEST',
  ],
  [
    'a length first, chunks hidden',
    smuggling('Content-Length: 5', 'Transfer-Encoding: chunked'),
    '400 BAD_REQUEST',
  ],
  [
    'chunks first, a length hidden',
    smuggling('Transfer-Encoding: chunked', 'Content-Length: 5'),
    '400 BAD_REQUEST',
  ],
  [
    'codings twice',
    smuggling('Transfer-Encoding: chunked', 'Transfer-Encoding: identity'),
    '400 BAD_REQUEST',
  ],
  [
    'a coding with a blank before its colon',
    smuggling('Content-Length: 5', 'Transfer-Encoding : chunked'),
    '400 BAD_REQUEST',
  ],
  ['a request in the body of another', post('/v1/typing', hidden), '400 BAD_REQUEST'],
  [
    'a request in the body of a GET',
    (scene) =>
      Buffer.concat([
        get('/version', `Content-Length: ${hidden(scene).length}`)(scene),
        Buffer.from(hidden(scene)),
      ]),
    '200',
  ],
  [
    'a switch to HTTP/2',
    get(
      '/version',
      'Connection: Upgrade, HTTP2-Settings',
      'Upgrade: h2c',
      'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA',
    ),
    '200',
  ],
  [
    'a switch to WebSocket',
    get(
      '/v1/poll',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    ),
    '400 BAD_REQUEST',
  ],
  ['an expectation that is met', post('/v1/leave', 'x', 'Expect: 100-continue'), '400 BAD_REQUEST'],
  [
    'an expectation that nobody knows',
    post('/v1/leave', 'x', 'Expect: 200-maybe'),
    '400 BAD_REQUEST',
  ],
  ['a header named like the next hop', get('/version', 'Connection: close, Content-Length'), '200'],
];

badInput('framing and smuggling:', rows);

test('thousands of requests pipelined on one connection are all answered, and others meanwhile', async () => {
  await using room = await RoomServer.open();
  const many = 5_000;
  const [hostname = '', port] = room.host.split(':');
  let answers = 0;
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const ask = 'GET /version HTTP/1.1\r\nHost: a\r\n';
  const bytes = Buffer.from(`${`${ask}\r\n`.repeat(many - 1)}${ask}Connection: close\r\n\r\n`);
  let sent = 0;
  const sendOn = (socket: { write(part: Uint8Array): number }): void => {
    sent += socket.write(bytes.subarray(sent));
  };
  await Bun.connect({
    hostname,
    port: Number(port),
    socket: {
      open: sendOn,
      drain: sendOn,
      data: (_, data) => void (answers += data.toString('latin1').split('HTTP/1.1 ').length - 1),
      close: () => end(),
    },
  });
  expect((await room.call('GET', '/healthz')).status).toBe(200);
  await ended;
  expect(answers).toBe(many);
});
