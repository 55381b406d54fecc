/** Too much, too many, too slow: each is refused at its bound, and costs nobody else anything. */
import { expect, test } from 'bun:test';
import { limits } from '../../../src/protocol/limits.ts';
import { badInput, type Row } from './case.ts';
import { get, join, post, say } from './request.ts';
import { Scene } from './scene.ts';

const { bodyBytesMax } = limits;
const a = (count: number): string => 'a'.repeat(count);

/** A body in chunks, which says its size nowhere. */
function inChunks(...chunks: readonly string[]): string {
  const head = 'POST /v1/leave HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n';
  const body = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('');
  return `${head}Content-Type: text/plain\r\n\r\n${body}0\r\n\r\n`;
}

/** A request whose body is never sent. */
function promised(...lengths: readonly string[]): string {
  const lines = lengths.map((length) => `Content-Length: ${length}\r\n`).join('');
  return `POST /v1/leave HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n${lines}\r\n`;
}

const sizes: readonly Row[] = [
  ['a header of 40 kB', get('/', `X: ${a(40_000)}`), '413 TOO_LARGE'],
  ['a header whose name has 20 kB', get('/', `${a(20_000)}: x`), '413 TOO_LARGE'],
  [
    '300 headers',
    get('/', ...Array.from({ length: 300 }, (_, nr) => `X-${nr}: 1`)),
    '413 TOO_LARGE',
  ],
  ['a thousand cookies', get('/v1/room', `Cookie: ${'encke=a; '.repeat(1_000)}`), '200'],
  ['a first line that does not end', `GET /${a(20_000)}`, '413 TOO_LARGE'],
  ['a header that does not end', `GET / HTTP/1.1\r\nHost: a\r\nX: ${a(20_000)}`, '413 TOO_LARGE'],
  ['a target of 2,100 bytes', get(`/v1/room?a=${a(2_100)}`), '413 TOO_LARGE'],
  ['a target of 20 kB', get(`/v1/room?a=${a(20_000)}`), '413 TOO_LARGE'],
  ['600 parameters', get(`/v1/members?${'a=&'.repeat(600)}b=`), '400 BAD_REQUEST'],
  ['a parameter of 2,000 bytes', get(`/v1/members?prefix=${a(2_000)}`), '400 BAD_REQUEST'],
  ['a body of one byte too many', post('/v1/messages', a(bodyBytesMax + 1)), '413 TOO_LARGE'],
  ['a body of 192 kB', post('/v1/messages', a(bodyBytesMax * 4)), '413 TOO_LARGE'],
  ['a body in one large chunk', inChunks(a(bodyBytesMax + 1)), '413 TOO_LARGE'],
  [
    'a body in 5,000 chunks',
    inChunks(...Array.from({ length: 5_000 }, () => a(10))),
    '413 TOO_LARGE',
  ],
  ['a body of 40 MB that is only promised', promised('40000000'), '413 TOO_LARGE, closed'],
  ['a body of 4 GB that is only promised', promised('4294967296'), '413 TOO_LARGE'],
  ['a body with the same length twice', promised('2', '2') + '{}', '400 BAD_REQUEST: two lengths'],
  ['a body of 40 MB, promised twice', promised('40000000', '40000000'), '400 BAD_REQUEST, closed'],
  ['a text of 2,001 characters', say(a(2_001)), '400 BAD_TEXT'],
  ['a text of more than 8,000 bytes', say('🏳️‍🌈'.repeat(600)), '400 BAD_TEXT'],
  ['a text of 48,000 characters', say(a(48_000)), '400 BAD_TEXT'],
  ['a topic of 201 characters', say(`/topic ${a(201)}`), '400 BAD_TEXT'],
  ['a command with a name of 1,900', say(`/${a(1_900)}`), '400 BAD_TEXT'],
  ['an id of 65 characters', say('a', { id: a(65) }), '400 BAD_REQUEST'],
  ['an id of 10 kB', say('a', { id: a(10_000) }), '400 BAD_REQUEST'],
  ['a token of 129 characters', say('a', { token: a(129) }), '400 BAD_REQUEST'],
  [
    'a token of 10 kB',
    get('/v1/poll?after=x', `Authorization: Bearer ${a(10_000)}`),
    '400 BAD_CURSOR',
  ],
  ['a nick of 25 characters', join(a(25)), '400 BAD_NICK'],
  ['a nick of 40,000', join(a(40_000)), '400 BAD_NICK'],
  ['a passcode of 257', join('x', { passcode: a(257) }), '400 BAD_REQUEST'],
  ['a joining id of 65', join('x', { id: a(65) }), '400 BAD_REQUEST'],
  [
    'a tab of 33 characters',
    get((at) => `/v1/poll?after=${at.mallory.cursor}&hold=0&tab=${a(33)}`),
    '400 BAD_REQUEST',
  ],
  [
    'a tab of 10 kB',
    post('/v1/poll', (at) => ({ after: at.mallory.cursor, hold: 0, tab: a(10_000) })),
    '400 BAD_REQUEST',
  ],
  ['a cursor of 257 characters', get(`/v1/poll?after=${a(257)}`), '400 BAD_REQUEST'],
  ['a page of 201 entries', get('/v1/messages?limit=201'), '400 BAD_REQUEST'],
  ['a page of 201 members', get('/v1/members?limit=201'), '400 BAD_REQUEST'],
  ['a search of 9 words', get('/v1/search?q=a+b+c+d+e+f+g+h+i'), '400 BAD_REQUEST: at most 8'],
  ['a search of 8 words', get('/v1/search?q=a+b+c+d+e+f+g+h'), '200'],
  ['a search of one word, 9 times', get('/v1/search?q=a+a+a+a+a+a+a+a+a'), '200'],
  [
    'a search of 257 bytes',
    get(`/v1/search?q=${'a'.repeat(257)}`),
    '400 BAD_REQUEST: at most 256 bytes',
  ],
  ['a search of 256 bytes', get(`/v1/search?q=${'a'.repeat(256)}`), '200'],
  [
    'a search of 86 characters, 258 bytes',
    get(`/v1/search?q=${'%E6%97%A5'.repeat(86)}`),
    '400 BAD_REQUEST: at most 256 bytes',
  ],
  ['a search for 201 entries', get('/v1/search?q=a&limit=201'), '400 BAD_REQUEST'],
  ['a search for no entries', get('/v1/search?q=a&limit=0'), '400 BAD_REQUEST'],
  ['a page of none', get('/v1/messages?limit=0'), '400 BAD_REQUEST'],
  [
    'a body with 4,000 members',
    post('/v1/leave', Object.fromEntries(Array.from({ length: 4_000 }, (_, nr) => [`a${nr}`, 1]))),
    '400 BAD_REQUEST',
  ],
];

const slowness: readonly Row[] = [
  ['nothing at all', '', 'held'],
  ['a letter', 'G', 'held'],
  ['a first line', 'GET /version HTTP/1.1\r\n', 'held'],
  ['headers that do not end', 'GET /version HTTP/1.1\r\nHost: a\r\nX-A: a\r\n', 'held'],
  ['headers but for the last byte', 'GET /version HTTP/1.1\r\nHost: a\r\n\r', 'held'],
  ['no byte of a body', promised('500'), 'held'],
  ['half of a body', `${promised('500')}{"tab":`, 'held'],
  ['a body but for the last byte', `${promised('2')}{`, 'held'],
  [
    'a message but for the last byte',
    (at) => post('/v1/messages', { id: 'half', text: 'half' })(at).subarray(0, -1),
    'held',
  ],
  ['half of a chunk', inChunks('{}').slice(0, -10), 'held'],
  ['chunks that do not end', inChunks('{}').slice(0, -5), 'held'],
  ['half of a join', (at) => join('half')(at).subarray(0, -3), 'held'],
  [
    'a poll that is held, and another request behind it',
    (at) => Buffer.concat([get(`/v1/poll?after=${at.cursor}`)(at), get('/version')(at)]),
    'held',
  ],
];

badInput('sizes and counts:', sizes);
badInput('slowness:', slowness);

test('a request that comes byte by byte is answered like any other', async () => {
  await using scene = await Scene.open();
  const raw = await scene.room.connect();
  for (const byte of say('slowly')(scene)) {
    raw.send(Uint8Array.of(byte));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect((await raw.next())?.status).toBe(201);
  raw.close();
  await scene.expectUnharmed(['message slowly']);
});

test('many requests that are never finished keep nobody waiting, and end with their connections', async () => {
  await using scene = await Scene.open();
  const counts = await scene.counts();
  const whole = say('never')(scene);
  const raws = await Promise.all(
    Array.from({ length: 200 }, async () => await scene.room.connect()),
  );
  for (const [nr, raw] of raws.entries()) raw.send(whole.subarray(0, -1 - nr));
  for (let nr = 0; nr < 5; nr++) await scene.expectUnharmed([]);
  for (const raw of raws) raw.close();
  await scene.settle(counts);
  await scene.expectUnharmed([]);
});
