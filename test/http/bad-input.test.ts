/**
 * What no client of ours sends: broken framing, odd targets, values of the wrong kind. Each case
 * says what it is answered with; and after each the server serves, nothing was recorded, and the
 * log has no error.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import type { Problem } from '../../src/protocol/errors.ts';
import { limits } from '../../src/protocol/limits.ts';
import { RoomServer, type Guest } from '../kit/room-server.ts';

let room: RoomServer;
let ada: Guest;
/** Where the journal stands before each case. */
let seq: number;

beforeAll(async () => {
  room = await RoomServer.open({ origins: ['https://ok.example'] });
  ada = await room.join('ada');
  await ada.say('hello');
});

beforeEach(async () => {
  seq = await room.seq();
});

afterAll(async () => await room.close());

/** A part of a request that depends on the room: its cursor, a token. */
type Text = string | (() => string);

/** What was answered: a status, then the code if it is ours; or that the connection was closed. */
async function outcomeOf(bytes: string | Uint8Array): Promise<string> {
  const raw = await room.connect();
  raw.send(bytes);
  const answer = await raw.next({ isBodiless: bytes.toString().startsWith('HEAD') });
  raw.close();
  if (answer === null) return 'closed';
  const isProblem = answer.headers.get('content-type')?.startsWith('application/problem') === true;
  const code = isProblem ? ` ${(JSON.parse(answer.body) as Problem).code}` : '';
  return `${answer.status}${code}`;
}

async function expectUnharmed(): Promise<void> {
  expect(await room.seq()).toBe(seq);
  expect((await ada.snapshot()).you?.id).toBe(ada.you.id);
  expect(room.log.lines.filter(({ level }) => level !== 'info')).toEqual([]);
  expect(room.failures).toEqual([]);
}

/** A POST with this body, well framed. */
function post(body: string | Uint8Array, more: readonly string[] = [], path = '/v1/messages') {
  const bytes = Buffer.from(body);
  const lines = [
    `POST ${path} HTTP/1.1`,
    'Host: a',
    `Authorization: Bearer ${ada.token}`,
    ...(more.some((line) => /^content-type/i.test(line)) ? [] : ['Content-Type: application/json']),
    ...more,
    `Content-Length: ${bytes.length}`,
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), bytes]);
}

function get(target: string, ...more: string[]): Buffer {
  const lines = [
    `GET ${target} HTTP/1.1`,
    'Host: a',
    `Authorization: Bearer ${ada.token}`,
    ...more,
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

describe('framing', () => {
  const chunked = 'POST /v1/messages HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
  const cases: readonly (readonly [string, string, string])[] = [
    ['no HTTP at all', '\x00\x01\x02\x03\r\n\r\n', '400'],
    ['a greeting of TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', '400'],
    ['a version to come', 'GET /version HTTP/2.0\r\nHost: a\r\n\r\n', '505'],
    ['no version', 'GET /version\r\nHost: a\r\n\r\n', '505'],
    ['lines that end with LF alone', 'GET /version HTTP/1.1\nHost: a\n\n', '505'],
    ['a blank before the colon', 'GET /version HTTP/1.1\r\nHost : a\r\n\r\n', '400'],
    ['a folded header', 'GET /version HTTP/1.1\r\nHost: a\r\nX-A: a\r\n b\r\n\r\n', '400'],
    ['a NUL in a header', 'GET /version HTTP/1.1\r\nHost: a\r\nX-A: a\x00b\r\n\r\n', '400'],
    ['no host', 'GET /version HTTP/1.1\r\n\r\n', '400'],
    ['a header of 40 kB', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`, '431'],
    ['300 headers', `GET / HTTP/1.1\r\nHost: a\r\n${'X: 1\r\n'.repeat(300)}\r\n`, '431'],
    ['two lengths', framed('Content-Length: 2', 'Content-Length: 3'), '400'],
    ['a negative length', framed('Content-Length: -2'), '400'],
    ['a length that is none', framed('Content-Length: two'), '400'],
    ['a length with a sign', framed('Content-Length: +2'), '400'],
    ['a length beyond numbers', framed(`Content-Length: ${'9'.repeat(30)}`), '400'],
    ['a length and chunks', framed('Content-Length: 2', 'Transfer-Encoding: chunked'), '400'],
    ['an unknown coding', framed('Transfer-Encoding: gzip'), '400'],
    ['a chunk of no size', `${chunked}zz\r\n{}\r\n0\r\n\r\n`, '400'],
    ['a chunk of a negative size', `${chunked}-2\r\n{}\r\n0\r\n\r\n`, '400'],
    ['a method that is none', 'BREW /v1/room HTTP/1.1\r\nHost: a\r\n\r\n', 'closed'],
    ['a method in small letters', 'get /v1/room HTTP/1.1\r\nHost: a\r\n\r\n', 'closed'],
    ['TRACE', 'TRACE /v1/room HTTP/1.1\r\nHost: a\r\n\r\n', '405 METHOD'],
    ['CONNECT', 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n', '404 NOT_FOUND'],
  ];

  test.each(cases)('of %s', async (_, bytes, outcome) => {
    expect(await outcomeOf(Buffer.from(bytes, 'latin1'))).toBe(outcome);
    await expectUnharmed();
  });

  test('that promises more than it sends keeps nobody waiting, and records nothing', async () => {
    const raw = await room.connect();
    const body = JSON.stringify({ id: 'half', text: 'half', token: ada.token });
    raw.send(`POST /v1/messages HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\n${body}`);
    await expectUnharmed();
    raw.close();
    await expectUnharmed();
  });

  test('of a second request hidden in the body of the first is read as a body', async () => {
    const raw = await room.connect();
    const hidden = 'POST /v1/leave HTTP/1.1\r\nHost: a\r\n\r\n';
    raw.send(post(hidden));
    expect((await raw.next())?.status).toBe(400);
    raw.send(get('/version'));
    expect((await raw.next())?.body).toContain('encke');
    await expectUnharmed();
  });

  function framed(...lines: string[]): string {
    return `POST /v1/messages HTTP/1.1\r\nHost: a\r\n${lines.join('\r\n')}\r\n\r\n{}`;
  }
});

describe('a host', () => {
  test.each(['a b', '%%%', '', ':::', '[::1', 'a:99999999', 'é', 'a/b', 'a@b', 'a\\b'])(
    '"%s" is no reason to serve another path, or to fail',
    async (host) => {
      const bytes = Buffer.from(`GET /version HTTP/1.1\r\nHost: ${host}\r\n\r\n`, 'latin1');
      expect(await outcomeOf(bytes)).toBeOneOf(['200', '400']);
      const none = Buffer.from(`GET /nowhere HTTP/1.1\r\nHost: ${host}\r\n\r\n`, 'latin1');
      expect(await outcomeOf(none)).toBeOneOf(['404 NOT_FOUND', '400']);
      await expectUnharmed();
    },
  );
});

describe('a target', () => {
  const cases: readonly (readonly [string, Text, string])[] = [
    ['with another scheme and host', 'http://elsewhere.example/version', '200'],
    ['of another host, to nowhere', 'http://elsewhere.example/nowhere', '404 NOT_FOUND'],
    ['that is a star', '*', '400'],
    ['without a stroke', 'version', '400'],
    ['with two strokes', '//version', '404 NOT_FOUND'],
    ['that climbs out', '/../../etc/passwd', '404 NOT_FOUND'],
    ['that climbs out, encoded', '/%2e%2e/%2e%2e/etc/passwd', '404 NOT_FOUND'],
    ['with a backslash, which the standard takes for a stroke', '/v1\\room', '200'],
    ['with an encoded stroke', '/v1%2froom', '404 NOT_FOUND'],
    ['with an encoded NUL', '/version%00', '404 NOT_FOUND'],
    ['with a fragment', '/version#a', '404 NOT_FOUND'],
    ['of 2,100 bytes', `/v1/room?a=${'a'.repeat(2_100)}`, '413 TOO_LARGE'],
    ['of 20 kB', `/v1/room?a=${'a'.repeat(20_000)}`, '431'],
    ['with half an escape', '/v1/members?prefix=%', '400 BAD_REQUEST'],
    ['with a broken escape', '/v1/members?prefix=%zz', '400 BAD_REQUEST'],
    ['with bytes that are no UTF-8', '/v1/members?prefix=%ff', '400 BAD_REQUEST'],
    ['with overlong UTF-8', '/v1/members?prefix=%c0%af', '400 BAD_REQUEST'],
    ['with half a surrogate pair', '/v1/members?prefix=%ed%a0%80', '400 BAD_REQUEST'],
    ['whose message is no UTF-8', '/v1/messages/%ff/reactions/%ff', '404 NOT_FOUND'],
    ['with an unknown parameter', '/v1/room?callback=a', '400 BAD_REQUEST'],
    ['with a parameter twice', '/v1/members?limit=1&limit=1', '400 BAD_REQUEST'],
    ['with a parameter twice, encoded', '/v1/members?limit=1&%6cimit=1', '400 BAD_REQUEST'],
    ['with a parameter without value', '/v1/members?limit', '400 BAD_REQUEST'],
    ['with a parameter without name', '/v1/members?=1', '400 BAD_REQUEST'],
    ['with the name of a prototype', '/v1/members?__proto__=1', '400 BAD_REQUEST'],
    ['with the name of a constructor', '/v1/members?constructor=1', '400 BAD_REQUEST'],
    ['with a number that is none', '/v1/members?limit=ten', '400 BAD_REQUEST'],
    ['with a number too large', '/v1/members?limit=201', '400 BAD_REQUEST'],
    ['with a list', '/v1/members?limit[]=1', '400 BAD_REQUEST'],
    ['with a token', () => `/v1/room?token=${ada.token}`, '400 BAD_REQUEST'],
    ['of a poll without a cursor', '/v1/poll', '400 BAD_REQUEST'],
    ['of a poll with a negative hold', () => poll('hold=-1'), '400 BAD_REQUEST'],
    ['of a poll with half a second', () => poll('hold=0.5'), '400 BAD_REQUEST'],
    ['of a poll with an exponent', () => poll('hold=1e9'), '400 BAD_REQUEST'],
    ['of a poll with an endless hold', () => poll('hold=Infinity'), '400 BAD_REQUEST'],
    ['of a poll with a long tab', () => poll(`hold=0&tab=${'a'.repeat(33)}`), '400 BAD_REQUEST'],
    ['of a poll with an odd tab', () => poll('hold=0&tab=a%0a'), '400 BAD_REQUEST'],
    ['of a poll with an odd turn', () => poll('hold=0&turn=-0'), '400 BAD_REQUEST'],
  ];

  function poll(rest: string): string {
    return `/v1/poll?after=${ada.cursor}&${rest}`;
  }

  test.each(cases)('%s', async (_, target, outcome) => {
    const text = typeof target === 'string' ? target : target();
    expect(await outcomeOf(get(text))).toBe(outcome);
    await expectUnharmed();
  });
});

describe('a body', () => {
  const message = (more: string) => `{"id":"a","text":"a"${more}}`;
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  const cases: readonly (readonly [string, string | Uint8Array, string])[] = [
    ['that is empty', '', '400 BAD_REQUEST'],
    ['that is no JSON', '{"id":', '400 BAD_REQUEST'],
    ['with a comma too many', message(','), '400 BAD_REQUEST'],
    ['with something behind it', `${message('')}{}`, '400 BAD_REQUEST'],
    ['with a byte order mark', `\ufeff${message('')}`, '400 BAD_REQUEST'],
    ['in UTF-16', Buffer.from(message(''), 'utf16le'), '400 BAD_REQUEST'],
    ['that is no UTF-8', Buffer.from('{"id":"a","text":"\xff"}', 'latin1'), '400 BAD_REQUEST'],
    ['with a surrogate in UTF-8', bytesOf('ed a0 80'), '400 BAD_REQUEST'],
    ['with overlong UTF-8', bytesOf('c0 af'), '400 BAD_REQUEST'],
    ['that is null', 'null', '400 BAD_REQUEST'],
    ['that is a list', '[]', '400 BAD_REQUEST'],
    ['that is a text', '"id"', '400 BAD_REQUEST'],
    ['that is a number', '1', '400 BAD_REQUEST'],
    ['nested 10,000 deep', message(`,"x":${nested(10_000)}`), '400 BAD_REQUEST'],
    ['nested 10,000 deep and not closed', '['.repeat(10_000), '400 BAD_REQUEST'],
    ['with objects 5,000 deep', '{"id":'.repeat(5_000), '400 BAD_REQUEST'],
    ['with an unknown member', message(',"colour":"red"'), '400 BAD_REQUEST'],
    ['with a prototype', message(',"__proto__":{"role":"keeper"}'), '400 BAD_REQUEST'],
    ['with a constructor', message(',"constructor":{"prototype":{}}'), '400 BAD_REQUEST'],
    ['with toString', message(',"toString":1'), '400 BAD_REQUEST'],
    ['without an id', '{"text":"a"}', '400 BAD_REQUEST'],
    ['with an id that is a number', '{"id":1,"text":"a"}', '400 BAD_REQUEST'],
    ['with an id that is empty', '{"id":"","text":"a"}', '400 BAD_REQUEST'],
    ['with an id of 65 characters', `{"id":"${'a'.repeat(65)}","text":"a"}`, '400 BAD_REQUEST'],
    ['with an id on two lines', '{"id":"a\\n","text":"a"}', '400 BAD_REQUEST'],
    ['with an id of other letters', '{"id":"é","text":"a"}', '400 BAD_REQUEST'],
    ['without a text', '{"id":"a"}', '400 BAD_REQUEST'],
    ['with a text that is null', '{"id":"a","text":null}', '400 BAD_REQUEST'],
    ['with a text that is a list', '{"id":"a","text":["a"]}', '400 BAD_REQUEST'],
    ['with replyTo 0', message(',"replyTo":0'), '400 BAD_REQUEST'],
    ['with replyTo -1', message(',"replyTo":-1'), '400 BAD_REQUEST'],
    ['with replyTo 1.5', message(',"replyTo":1.5'), '400 BAD_REQUEST'],
    ['with replyTo 2^53', message(',"replyTo":9007199254740992'), '400 BAD_REQUEST'],
    ['with replyTo 1e999', message(',"replyTo":1e999'), '400 BAD_REQUEST'],
    ['with replyTo as a text', message(',"replyTo":"2"'), '400 BAD_REQUEST'],
    ['with replyTo true', message(',"replyTo":true'), '400 BAD_REQUEST'],
    ['with replyTo a join', message(',"replyTo":1'), '404 NOT_FOUND'],
    ['with a token that is a number', message(',"token":1'), '400 BAD_REQUEST'],
    ['with a text of nothing', '{"id":"a","text":" \\n\\t "}', '400 BAD_TEXT'],
    ['with a text of nothing to see', '{"id":"a","text":"\\u200b\\u2060"}', '400 BAD_TEXT'],
    ['with a NUL in the text', '{"id":"a","text":"a\\u0000"}', '400 BAD_TEXT'],
    ['with a lone high surrogate', '{"id":"a","text":"a\\ud800"}', '400 BAD_TEXT'],
    ['with a lone low surrogate', '{"id":"a","text":"\\udc00a"}', '400 BAD_TEXT'],
    ['with a text of 2,001', `{"id":"a","text":"${'a'.repeat(2_001)}"}`, '400 BAD_TEXT'],
    ['with a text of 8,001 bytes', `{"id":"a","text":"${'🏳️‍🌈'.repeat(600)}"}`, '400 BAD_TEXT'],
    ['with a tower of marks', `{"id":"a","text":"a${'\u0301'.repeat(9)}"}`, '400 BAD_TEXT'],
    ['with a command that is none', '{"id":"a","text":"/sudo"}', '400 BAD_TEXT'],
    ['with the stroke alone', '{"id":"a","text":"/"}', '400 BAD_TEXT'],
    [
      'with a tower in a topic',
      `{"id":"a","text":"/topic a${'\u0301'.repeat(9)}"}`,
      '400 BAD_TEXT',
    ],
    ['with a nick of two lines', '{"id":"a","text":"/nick a\\nb"}', '400 BAD_NICK'],
    ['larger than 48 kB', 'a'.repeat(limits.bodyBytesMax + 1), '413 TOO_LARGE'],
    ['larger than 192 kB', 'a'.repeat(limits.bodyBytesMax * 4 + 1), '413 TOO_LARGE'],
  ];

  function bytesOf(hex: string): Buffer {
    const odd = Buffer.from(hex.replaceAll(' ', ''), 'hex');
    return Buffer.concat([Buffer.from('{"id":"a","text":"'), odd, Buffer.from('"}')]);
  }

  test.each(cases)('%s', async (_, body, outcome) => {
    expect(await outcomeOf(post(body))).toBe(outcome);
    await expectUnharmed();
  });

  test('in chunks is bounded like any other', async () => {
    for (const [bytes, outcome] of [
      [limits.bodyBytesMax + 1, '413 TOO_LARGE'],
      [limits.bodyBytesMax * 4 + 1, '413 TOO_LARGE'],
    ] as const) {
      const head = 'POST /v1/messages HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
      const chunk = `${bytes.toString(16)}\r\n${'a'.repeat(bytes)}\r\n0\r\n\r\n`;
      expect(await outcomeOf(head + chunk)).toBe(outcome);
      await expectUnharmed();
    }
  });

  test.each([
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data; boundary=a'],
    ['application/jsonp'],
    ['text/plainer'],
    ['text/html'],
    ['image/png'],
    [''],
  ])('of the type "%s" is refused unread', async (type) => {
    const bytes = post('{"id":"a","text":"a"}', [`Content-Type: ${type}`]);
    expect(await outcomeOf(bytes)).toBe('415 MEDIA_TYPE');
    await expectUnharmed();
  });

  test('that is said to be compressed is not unpacked', async () => {
    const bytes = post(Bun.gzipSync('{"id":"a","text":"a"}'), ['Content-Encoding: gzip']);
    expect(await outcomeOf(bytes)).toBe('400 BAD_REQUEST');
    await expectUnharmed();
  });

  const others: readonly (readonly [string, string, string])[] = [
    ['/v1/join', '{}', '400 BAD_REQUEST'],
    ['/v1/join', '{"nick":1}', '400 BAD_REQUEST'],
    ['/v1/join', '{"nick":"x","id":"short"}', '400 BAD_REQUEST'],
    ['/v1/join', '{"nick":"x","role":"keeper"}', '400 BAD_REQUEST'],
    ['/v1/join', '{"nick":""}', '400 BAD_NICK'],
    ['/v1/join', '{"nick":"x\\n"}', '400 BAD_NICK'],
    ['/v1/join', '{"nick":"x\\u202ey"}', '400 BAD_NICK'],
    ['/v1/join', '{"nick":"\\ud800"}', '400 BAD_NICK'],
    ['/v1/join', '{"nick":"<b>x</b>"}', '400 BAD_NICK'],
    ['/v1/join', `{"nick":"${'x'.repeat(25)}"}`, '400 BAD_NICK'],
    ['/v1/join', `{"nick":"${'x'.repeat(40_000)}"}`, '400 BAD_NICK'],
    ['/v1/poll', '{}', '400 BAD_REQUEST'],
    ['/v1/poll', '{"after":1}', '400 BAD_REQUEST'],
    ['/v1/poll', '{"after":"x","hold":"1"}', '400 BAD_REQUEST'],
    ['/v1/poll', '{"after":"x","hold":-1}', '400 BAD_REQUEST'],
    ['/v1/poll', '{"after":"x","hold":1e999}', '400 BAD_REQUEST'],
    ['/v1/poll', '{"after":"x","turn":9007199254740992}', '400 BAD_REQUEST'],
    ['/v1/poll', '{"after":"x","turn":1.5}', '400 BAD_REQUEST'],
    ['/v1/poll', '{"after":"x","tab":""}', '400 BAD_REQUEST'],
    ['/v1/typing', '{"tab":"a"}', '400 BAD_REQUEST'],
    ['/v1/leave', '{"tab":1}', '400 BAD_REQUEST'],
    ['/v1/leave', '{"tab":"a b"}', '400 BAD_REQUEST'],
    ['/v1/messages?a=1', '{"id":"a","text":"a"}', '400 BAD_REQUEST'],
    ['/v1/join?a=1', '{"nick":"x"}', '400 BAD_REQUEST'],
    ['/v1/leave?a=1', '{"tab":"a"}', '400 BAD_REQUEST'],
    ['/v1/typing?a=1', '{}', '400 BAD_REQUEST'],
    ['/v1/poll?a=1', '{"after":"x"}', '400 BAD_REQUEST'],
  ];
  test.each(others)('to %s, %s', async (path, body, outcome) => {
    expect(await outcomeOf(post(body, [], path))).toBe(outcome);
    await expectUnharmed();
  });
});

describe('a reaction', () => {
  test.each([
    'x',
    '1',
    '',
    ' ',
    '%F0%9F%91%8D%F0%9F%91%8D',
    '%00',
    '<b>',
    'a'.repeat(1_000),
    '%ff',
  ])('of "%s" is none', async (emoji) => {
    const path = `/v1/messages/2/reactions/${emoji}`;
    const answer = await ada.call('PUT', path);
    expect(answer.status).toBeOneOf([400, 404]);
    await expectUnharmed();
  });
});

describe('headers', () => {
  test.each([
    ['cookies of junk', 'Cookie: ;;;=;encke;encke=;=a; a=b=c;\x80\xff'],
    ['a thousand cookies', `Cookie: ${'encke=a; '.repeat(1_000)}`],
    ['an authorization of junk', 'X-A: 1\r\nAuthorization: Bearer'],
    ['forwarded addresses of junk', 'X-Forwarded-For: , ,::::,999.1.1.1,\x80'],
    ['a forwarded host', 'X-Forwarded-Host: evil.example'],
    ['two origins', 'Origin: https://ok.example\r\nOrigin: https://evil.example'],
    ['an upgrade', 'Connection: Upgrade\r\nUpgrade: websocket'],
    ['a range', 'Range: bytes=0-0'],
    ['conditions', 'If-None-Match: *\r\nIf-Modified-Since: never'],
    ['encodings of junk', 'Accept-Encoding: gzip;q=x, *;q=-1, \x80'],
  ])('of %s do no harm', async (_, lines) => {
    const bytes = Buffer.from(`GET /v1/room HTTP/1.1\r\nHost: a\r\n${lines}\r\n\r\n`, 'latin1');
    expect(await outcomeOf(bytes)).toBe('200');
    await expectUnharmed();
  });

  test('that anybody may send do not make their sender look like somebody else', async () => {
    await using strict = await RoomServer.open({ addressLimits: true });
    const join = async (nr: number) =>
      await strict.call('POST', '/v1/join', {
        body: { nick: `n${nr}` },
        headers: { 'X-Forwarded-For': `192.0.2.${nr}`, Forwarded: `for=192.0.2.${nr}` },
      });
    const answers = [];
    for (let nr = 0; nr <= limits.joinBurst; nr++) answers.push((await join(nr)).status);
    expect(answers.filter((status) => status === 201)).toHaveLength(limits.joinBurst);
    expect(answers.at(-1)).toBe(429);
    const forged = await strict.call('POST', '/v1/join', {
      body: { nick: 'x' },
      headers: { Origin: 'https://evil.example', 'X-Forwarded-Host': 'evil.example' },
    });
    expect(forged.status).toBe(403);
  });
});

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
