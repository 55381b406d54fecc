/** Every refusal that one machine can give, provoked by what provokes it in earnest. */
import { describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCursor, formatCursor } from '../../src/protocol/cursor.ts';
import type { Seq } from '../../src/protocol/entries.ts';
import { errors, type ErrorCode } from '../../src/protocol/errors.ts';
import { limits } from '../../src/protocol/limits.ts';
import { Files } from '../../src/web/files.ts';
import { mountSmallDisk } from '../fault/small-disk.ts';
import { RoomServer, type Answer, type RoomServerParts } from '../kit/room-server.ts';

/** What each code is provoked by, in a fresh room in which nothing has happened. */
interface Provocation {
  readonly settings?: RoomServerParts;
  readonly by: (room: RoomServer) => Promise<Answer>;
}

/** Codes that need more than a request: they have tests of their own below. */
const elsewhere: ReadonlySet<ErrorCode> = new Set(['LAGGING', 'DRAINING', 'DISK_FULL']);

const provocations: Readonly<Partial<Record<ErrorCode, Provocation>>> = {
  BAD_REQUEST: {
    by: async (room) => await room.call('POST', '/v1/join', { body: '{' }),
  },
  BAD_NICK: {
    by: async (room) => await room.call('POST', '/v1/join', { body: { nick: 'admin' } }),
  },
  BAD_TEXT: {
    by: async (room) => await (await room.join('ada')).trySay('  '),
  },
  BAD_CURSOR: {
    by: async (room) => await (await room.join('ada')).tryPoll('not a cursor'),
  },
  NO_SESSION: {
    by: async (room) => await room.call('POST', '/v1/typing'),
  },
  BANNED: {
    async by(room) {
      const [keeper, bob] = [await room.joinKeeper('kay'), await room.join('bob')];
      await keeper.command('/ban bob');
      return await bob.call('POST', '/v1/join', { body: { nick: 'rob' } });
    },
  },
  MUTED: {
    async by(room) {
      const [keeper, bob] = [await room.joinKeeper('kay'), await room.join('bob')];
      await keeper.command('/mute bob');
      return await bob.trySay('?');
    },
  },
  FORBIDDEN: {
    async by(room) {
      const [ada, bob] = [await room.join('ada'), await room.join('bob')];
      const { seq } = await ada.say('mine');
      return await bob.call('DELETE', `/v1/messages/${seq}`);
    },
  },
  WRONG_PASSCODE: {
    settings: { passcode: 'sesame' },
    by: async (room) =>
      await room.call('POST', '/v1/join', { body: { nick: 'ada', passcode: 'x' } }),
  },
  BAD_ORIGIN: {
    async by(room) {
      const { token } = await room.join('ada');
      const headers = { Cookie: `encke=${token}`, Origin: 'https://evil.example' };
      return await room.call('POST', '/v1/typing', { headers });
    },
  },
  NOT_FOUND: {
    by: async (room) => await room.call('GET', '/favicon.ico'),
  },
  METHOD: {
    by: async (room) => await room.call('PUT', '/v1/room'),
  },
  NICK_TAKEN: {
    async by(room) {
      await room.join('ada');
      return await room.call('POST', '/v1/join', { body: { nick: 'ADA' } });
    },
  },
  ID_REUSED: {
    async by(room) {
      const ada = await room.join('ada');
      await ada.say('one', { id: 'same' });
      return await ada.trySay('two', { id: 'same' });
    },
  },
  GONE: {
    async by(room) {
      const ada = await room.join('ada');
      const cursor = parseCursor(ada.cursor)!;
      return await ada.tryPoll(formatCursor({ ...cursor, seq: 2 as Seq }), { hold: 25 });
    },
  },
  TOO_LARGE: {
    async by(room) {
      const body = JSON.stringify({ nick: 'a'.repeat(limits.bodyBytesMax) });
      return await room.call('POST', '/v1/join', { body });
    },
  },
  MEDIA_TYPE: {
    async by(room) {
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
      return await room.call('POST', '/v1/join', { headers, body: 'nick=ada' });
    },
  },
  TOO_FAST: {
    async by(room) {
      const ada = await room.join('ada');
      room.clock.freeze();
      for (let nr = 0; nr < limits.paceBurst; nr++) await ada.say(`${nr}`);
      return await ada.trySay('one more');
    },
  },
  TOO_MANY: {
    async by(room) {
      const ada = await room.join('ada');
      const { cursor } = await ada.readOn(ada.cursor);
      const tabs = Array.from({ length: limits.tabsPerMemberMax }, (_, nr) => `t${nr}`);
      for (const tab of tabs) ada.tryPoll(cursor, { hold: 25, tab }).catch(() => undefined);
      await room.held(tabs.length);
      return await ada.tryPoll(cursor, { hold: 25, tab: 'more' });
    },
  },
  INTERNAL: {
    settings: { files: brokenFiles() },
    by: async (room) => await room.call('GET', '/'),
  },
  BUSY: {
    settings: { heldPollsMax: 1 },
    async by(room) {
      const [ada, bob] = [await room.join('ada'), await room.join('bob')];
      const { cursor } = await ada.readOn(ada.cursor);
      ada.tryPoll(cursor, { hold: 25 }).catch(() => undefined);
      await room.held(1);
      return await bob.tryPoll(cursor, { hold: 25 });
    },
  },
};

/** Files that break a promise: they throw. */
function brokenFiles(): Files {
  const files = Files.none();
  files.answer = () => {
    throw new Error('The files are broken');
  };
  return files;
}

/** Those after which asking again makes sense, all of which say when. */
const passing: ReadonlySet<ErrorCode> = new Set(['TOO_FAST', 'TOO_MANY', 'BUSY', 'INTERNAL']);

function expectProblem({ status, headers, body }: Answer, code: ErrorCode): void {
  expect(body).toEqual({
    type: `urn:encke:error:${code}`,
    title: errors[code].title,
    status: errors[code].status,
    code,
    // Sentence case, no full stop.
    detail: expect.stringMatching(/^["\p{Lu}/].*[^.]$/su),
    ...(headers.has('retry-after') ? { retryMs: expect.any(Number) } : {}),
  });
  expect(status).toBe(errors[code].status);
  expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(headers.get('cache-control')).toBe('no-store, no-transform');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  if (!headers.has('retry-after')) return;
  const { retryMs } = body as { retryMs: number };
  expect(Number.isSafeInteger(retryMs) && retryMs > 0).toBe(true);
  expect(headers.get('retry-after')).toBe(`${Math.ceil(retryMs / 1_000)}`);
}

describe('the code', () => {
  const codes = Object.keys(errors) as ErrorCode[];

  test.each(codes.filter((code) => !elsewhere.has(code)))('%s', async (code) => {
    const provocation = provocations[code];
    if (provocation === undefined) throw new Error(`Nothing provokes ${code}`);
    await using room = await RoomServer.open(provocation.settings);
    const answer = await provocation.by(room);
    expectProblem(answer, code);
    expect(answer.headers.has('retry-after')).toBe(passing.has(code));
    // Whatever was refused, the room goes on.
    expect((await room.call('GET', '/v1/room')).status).not.toBe(500);
    expect(room.failures).toEqual([]);
  });

  test('DRAINING', async () => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    const { cursor } = await ada.readOn(ada.cursor);
    const poll = ada.poll(cursor, { hold: 25 });
    await room.held(1);
    const before = await room.seq();
    const late = [
      request('POST', '/v1/messages', JSON.stringify({ id: 'a', text: 'a', token: ada.token })),
      request('POST', '/v1/poll', JSON.stringify({ after: cursor, token: ada.token })),
    ];
    // Connections without a request are closed at once; these have each begun with one.
    const raws = await Promise.all(late.map(async () => await room.connect()));
    for (const [nr, raw] of raws.entries()) raw.send(late[nr]!.slice(0, 20));
    // An answer shows that the server has read what was sent before.
    await room.held(1);
    const stopped = room.server.stop();
    for (const [nr, raw] of raws.entries()) raw.send(late[nr]!.slice(20));
    const [refused, sentAway] = [await raws[0]!.next(), await raws[1]!.next()];
    const problem = JSON.parse(refused?.body ?? '{}') as unknown;
    expect([refused?.status, problem]).toMatchObject([503, { code: 'DRAINING', retryMs: 2_000 }]);
    expect(refused?.headers.get('retry-after')).toBe('2');
    for (const reply of [await poll, JSON.parse(sentAway?.body ?? '{}')]) {
      expect(reply).toMatchObject({ draining: true, entries: [], cursor });
      expect(reply.next.waitMs).toBeWithin(500, 4_501);
    }
    await stopped;
    const again = await RoomServer.open({ data: room.data });
    expect(await again.seq()).toBe(before);
    await again.close();
  });

  test('DISK_FULL, while reading goes on, until there is room again', async () => {
    const disk = mountSmallDisk({ megabytes: 16, blockBytes: 4096 });
    if (disk === null) return;
    try {
      await using room = await RoomServer.open({ data: join(disk.path, 'data') });
      const ada = await room.join('ada');
      const first = await ada.say('before');
      disk.fill(0);
      for (const answer of [
        await ada.trySay('now', { id: 'now' }),
        await ada.call('PATCH', `/v1/messages/${first.seq}`, { body: { text: 'now' } }),
        await ada.call('DELETE', `/v1/messages/${first.seq}`),
        await room.call('POST', '/v1/join', { body: { nick: 'bob' } }),
        await ada.call('POST', '/v1/leave'),
      ]) {
        expectProblem(answer, 'DISK_FULL');
      }
      expect((await ada.poll(ada.cursor)).entries).toHaveLength(1);
      expect((await room.snapshot()).entries).toMatchObject([{ text: 'before' }]);
      expect((await ada.history('')).entries).toHaveLength(1);
      disk.empty();
      // What was refused has not cost the sender any of their pace.
      expect((await ada.trySay('now', { id: 'now' })).status).toBe(201);
      expect(room.failures).toEqual([]);
    } finally {
      disk.unmount();
    }
  });

  test('is the only thing that a client is told of what broke', async () => {
    await using room = await RoomServer.open({ files: brokenFiles() });
    const { text } = await room.call('GET', '/');
    expect(text).not.toContain('The files are broken');
    expect(text).not.toContain('.ts');
    const logged = room.log.lines.filter(({ level }) => level === 'error');
    expect(JSON.stringify(logged)).toContain('The files are broken');
  });
});

function request(method: string, path: string, body: string): string {
  const lines = [
    'Host: a',
    'Content-Type: text/plain',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
}

/** Talks in a room that is closed again: what was said then is read from the file. */
async function saySomething(data: string): Promise<void> {
  await using room = await RoomServer.open({ data });
  const ada = await room.join('ada');
  await ada.say('hello');
  await ada.say('hello again');
}

const history = 'GET /v1/messages?before=2&limit=1 HTTP/1.1\r\nHost: a\r\n\r\n';

test('a part that is being started again is BUSY, and never NO_SESSION or INTERNAL', async () => {
  await using room = await RoomServer.open();
  const ada = await room.join('ada');
  for (const service of ['room', 'post-office'] as const) {
    room.server.crash(service);
    const answers = await Promise.all([
      ada.trySay('hello', { id: service }),
      ada.tryPoll(ada.cursor),
      ada.call('GET', '/v1/room'),
      ada.call('POST', '/v1/typing'),
      room.call('POST', '/v1/join', { body: { nick: `bob ${service}` } }),
    ]);
    for (const answer of answers) {
      if (answer.status < 300) continue;
      expectProblem(answer, 'BUSY');
      expect(answer.headers.get('retry-after')).toBe('1');
    }
    await room.until(async () => (await room.call('GET', '/readyz')).status === 200);
    expect((await ada.trySay('hello', { id: service })).status).toBeOneOf([200, 201]);
  }
  expect(room.failures).toEqual([]);
});

test.each([
  ['nothing', []],
  ['the room', ['room']],
  ['the post office', ['post-office']],
] as const)(
  'more reads at once than the journal takes are BUSY, while %s is started again',
  async (_, others) => {
    const data = mkdtempSync(join(tmpdir(), 'encke-past-'));
    using _folder = { [Symbol.dispose]: () => rmSync(data, { recursive: true }) };
    await saySomething(data);
    await using room = await RoomServer.open({ data });
    const raws = await Promise.all(
      Array.from({ length: limits.readQueueMax + 300 }, async () => await room.connect()),
    );
    // Without its worker, the journal lets reads wait until another one is there.
    room.server.crash('journal');
    for (const raw of raws) raw.send(history);
    const coming = raws.map(async (raw) => await raw.next());
    // The first answer is a refusal: from now on there is no place for another read.
    await Promise.race(coming);
    for (const service of others) room.server.crash(service);
    const answers = await Promise.all(coming);
    for (const answer of answers) expect(answer?.status).toBeOneOf([200, 503]);
    if (others.length === 0) expect(answers.some((answer) => answer?.status === 503)).toBe(true);
    const crashes = room.log.lines.filter(({ message }) => message === 'A service crashed');
    const crashed = new Set(crashes.map(({ fields }) => fields['service']));
    expect(crashed).toEqual(new Set(['journal', ...others]));
    await room.until(async () => (await room.call('GET', '/readyz')).status === 200);
    expect(room.failures).toEqual([]);
  },
);

describe('the pace', () => {
  test('of a member is ten at once and one a second, and being refused costs nothing', async () => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    room.clock.freeze();
    for (let nr = 0; nr < limits.paceBurst; nr++) await ada.say(`${nr}`);
    for (let nr = 0; nr < 20; nr++) expect((await ada.trySay('?')).status).toBe(429);
    room.clock.leap(1_000);
    expect((await ada.trySay('eleven')).status).toBe(201);
    expect((await ada.trySay('twelve')).status).toBe(429);
  });

  test('of joins is kept per network address, unless it is lifted', async () => {
    const join = async (room: RoomServer, nr: number, headers = {}) =>
      (await room.call('POST', '/v1/join', { body: { nick: `n${nr}` }, headers })).status;
    await using room = await RoomServer.open({
      addressLimits: true,
      trustedProxies: ['127.0.0.1'],
    });
    const first = { 'X-Forwarded-For': '192.0.2.1' };
    room.clock.freeze();
    for (let nr = 0; nr < limits.joinBurst; nr++) expect(await join(room, nr, first)).toBe(201);
    expect(await join(room, 200, first)).toBe(429);
    expect(await join(room, 200, { 'X-Forwarded-For': '192.0.2.2' })).toBe(201);
    // Whoever is nearest to a trusted proxy counts; what stands to the left anybody can write.
    expect(await join(room, 201, { 'X-Forwarded-For': '192.0.2.9, 192.0.2.1' })).toBe(429);
  });
});

test('a full room takes nobody more in, and those in it notice nothing', async () => {
  await using room = await RoomServer.open({ membersMax: 2 });
  const ada = await room.join('ada');
  await room.join('bob');
  const answer = await room.call('POST', '/v1/join', { body: { nick: 'cyd' } });
  expectProblem(answer, 'TOO_MANY');
  expect((await ada.call('POST', '/v1/join', { body: { nick: 'ada' } })).status).toBe(201);
  await ada.say('hello');
});

test('the pace of reads is kept per network address', async () => {
  await using room = await RoomServer.open({ addressLimits: true });
  room.clock.freeze();
  const read = async (path: string) => (await room.call('GET', path)).status;
  for (let nr = 0; nr < limits.readBurst; nr++) expect(await read('/v1/members')).toBe(200);
  const refused = await room.call('GET', '/v1/room');
  expectProblem(refused, 'TOO_FAST');
  expect(await read('/v1/messages')).toBe(429);
  expect(await read('/healthz')).toBe(200);
  room.clock.leap(limits.readMs);
  expect(await read('/v1/room')).toBe(200);
});
