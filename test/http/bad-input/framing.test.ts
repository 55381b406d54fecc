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
  ['no HTTP at all', '\x00\x01\x02\x03\r\n\r\n', '400'],
  ['a greeting of TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', '400'],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', '400'],
  ['a version to come', 'GET /version HTTP/2.0\r\nHost: a\r\n\r\n', '505'],
  ['a version that is none', 'GET /version HTTP/1.12\r\nHost: a\r\n\r\n', '505'],
  ['a version of old', 'GET /version HTTP/1.0\r\nHost: a\r\n\r\n', '200'],
  ['no version', 'GET /version\r\nHost: a\r\n\r\n', '505'],
  ['lines that end with LF alone', 'GET /version HTTP/1.1\nHost: a\n\n', '505'],
  ['lines that end with CR alone', 'GET /version HTTP/1.1\rHost: a\r\r', '505'],
  ['an empty line before it', '\r\nGET /version HTTP/1.1\r\nHost: a\r\n\r\n', '400'],
  ['blanks before it', ' GET /version HTTP/1.1\r\nHost: a\r\n\r\n', '400'],
  ['two blanks in the first line', 'GET  /version HTTP/1.1\r\nHost: a\r\n\r\n', '400'],
  ['a tab in the first line', 'GET\t/version HTTP/1.1\r\nHost: a\r\n\r\n', '505'],
  ['a blank before the colon', 'GET /version HTTP/1.1\r\nHost : a\r\n\r\n', '400'],
  ['a folded header', 'GET /version HTTP/1.1\r\nHost: a\r\nX-A: a\r\n b\r\n\r\n', '400'],
  ['a header without a colon', 'GET /version HTTP/1.1\r\nHost: a\r\nX-A\r\n\r\n', '400'],
  ['a header without a name', 'GET /version HTTP/1.1\r\nHost: a\r\n: a\r\n\r\n', '400'],
  ['a NUL in a header', 'GET /version HTTP/1.1\r\nHost: a\r\nX-A: a\x00b\r\n\r\n', '400'],
  ['a CR in a header', 'GET /version HTTP/1.1\r\nHost: a\r\nX-A: a\rb\r\n\r\n', '400'],
  ['a LF that ends a header', 'GET /version HTTP/1.1\r\nHost: a\r\nX-A: a\nX-B: b\r\n\r\n', '400'],
  ['two lengths', framed('Content-Length: 2', 'Content-Length: 3'), '400'],
  ['two lengths in one line', framed('Content-Length: 2, 2'), '400'],
  ['a negative length', framed('Content-Length: -2'), '400'],
  ['a length that is none', framed('Content-Length: two'), '400'],
  ['a length with a sign', framed('Content-Length: +2'), '400'],
  ['a length in hexadecimal', framed('Content-Length: 0x2'), '400'],
  ['an empty length', framed('Content-Length: '), '400'],
  ['a length beyond numbers', framed(`Content-Length: ${'9'.repeat(30)}`), '400'],
  ['a length of 2^64 and two', framed('Content-Length: 18446744073709551618'), '400'],
  ['a length and chunks', framed('Content-Length: 2', 'Transfer-Encoding: chunked'), '400'],
  ['an unknown coding', framed('Transfer-Encoding: gzip'), '400'],
  ['a coding that looks like one', framed('Transfer-Encoding: xchunked'), '400'],
  ['a coding behind a control', framed('Transfer-Encoding: \x0bchunked'), '400'],
  ['chunks of what is zipped', framed('Transfer-Encoding: gzip, chunked'), '400'],
  ['a coding that is none', framed('Content-Length: 2', 'Transfer-Encoding: identity'), '400'],
  ['chunks that are not the last coding', framed('Transfer-Encoding: chunked, gzip'), '400'],
  ['a chunk of no size', `${chunked}\r\nzz\r\n{}\r\n0\r\n\r\n`, '400'],
  ['a chunk of a negative size', `${chunked}\r\n-2\r\n{}\r\n0\r\n\r\n`, '400'],
  [
    'a chunk with a size beyond numbers',
    `${chunked}\r\n${'f'.repeat(17)}\r\n{}\r\n0\r\n\r\n`,
    '400',
  ],
  ['a chunk larger than it says', `${chunked}\r\n1\r\n{}\r\n0\r\n\r\n`, '400'],
  ['a chunk with extensions', `${chunked}\r\n2;a=b;c="d"\r\n{}\r\n0\r\n\r\n`, '401 NO_SESSION'],
  [
    'trailers behind the chunks',
    `${chunked}\r\n2\r\n{}\r\n0\r\nX-A: a\r\n\r\n`,
    '401 NO_SESSION, 400',
  ],
  [
    'a request in place of trailers',
    `${chunked}\r\n2\r\n{}\r\n0\r\nGET /version HTTP/1.1\r\nHost: a\r\n\r\n`,
    '401 NO_SESSION, 400',
  ],
  [
    'a length first, chunks hidden',
    smuggling('Content-Length: 5', 'Transfer-Encoding: chunked'),
    '400',
  ],
  [
    'chunks first, a length hidden',
    smuggling('Transfer-Encoding: chunked', 'Content-Length: 5'),
    '400',
  ],
  ['codings twice', smuggling('Transfer-Encoding: chunked', 'Transfer-Encoding: identity'), '400'],
  [
    'a coding with a blank before its colon',
    smuggling('Content-Length: 5', 'Transfer-Encoding : chunked'),
    '400',
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
  [
    'an expectation that is met',
    post('/v1/leave', 'x', 'Expect: 100-continue'),
    '100, 400 BAD_REQUEST',
  ],
  [
    'an expectation that nobody knows',
    post('/v1/leave', 'x', 'Expect: 200-maybe'),
    '400 BAD_REQUEST',
  ],
  ['a header named like the next hop', get('/version', 'Connection: close, Content-Length'), '200'],
];

badInput('framing and smuggling:', rows);

test('thousands of requests pipelined on one connection do not keep the others waiting', async () => {
  await using room = await RoomServer.open();
  const many = 5_000;
  let answers = 0;
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  await Bun.connect({
    hostname: room.host.split(':')[0] ?? '',
    port: Number(room.host.split(':')[1]),
    socket: {
      open: (socket) => void socket.write('GET /v1/room HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(many)),
      data: (_, data) => void (answers += data.toString('latin1').split('HTTP/1.1 ').length - 1),
      close: () => end(),
    },
  });
  await ended;
  // The first turn's worth is answered, and then the connection is closed.
  expect(answers).toBeWithin(1, many / 2);
  expect((await room.call('GET', '/healthz')).status).toBe(200);
});
