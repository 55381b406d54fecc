/** Every call of the wire: its answer, the headers of that, and what sending it again does. */
import { describe, expect, test } from 'bun:test';
import { RoomServer, codeOf, type Answer, type Guest } from '../kit/room-server.ts';

const card = { id: expect.stringMatching(/^[\w-]{16}$/), nick: 'ada', role: 'member' };
const roomInfo = {
  title: 'Encke',
  topic: '',
  mode: 'open',
  slowMs: 0,
  limits: { textMax: 2_000, nickMax: 24 },
};
const seq = expect.any(Number);
const at = expect.any(Number);

/** No cache on the way may keep or change what an answer says, and no browser guess what it is. */
function expectApiHeaders({ headers, text }: Answer, type: string | null): void {
  expect(headers.get('cache-control')).toBe('no-store, no-transform');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-type')).toBe(type);
  if (type !== null) expect(headers.get('content-length')).toBe(`${Buffer.byteLength(text)}`);
  expect(headers.get('connection') ?? 'keep-alive').toBe('keep-alive');
}

const json = 'application/json; charset=utf-8';

describe('what is answered', () => {
  test('a join brings the token, the room as it stands, and who you are', async () => {
    await using room = await RoomServer.open();
    const before = Date.now();
    const answer = await room.call('POST', '/v1/join', { body: { nick: ' ada ' } });
    expect(answer.status).toBe(201);
    expectApiHeaders(answer, json);
    expect(answer.body).toEqual({
      token: expect.stringMatching(/^[\w-]{16}\.[0-9a-z]+\.[\w-]{22}$/),
      expires: expect.any(Number),
      you: card,
      cursor: expect.any(String),
      room: roomInfo,
      entries: [],
      live: { online: 1, roster: 'full', typing: [] },
      members: [card],
    });
    const { expires } = answer.body as { expires: number };
    expect(expires).toBeGreaterThan(before);
    expect(Number.isSafeInteger(expires)).toBe(true);
  });

  test('a snapshot is the same without joining, and says who you are when you have', async () => {
    await using room = await RoomServer.open({ title: 'Comets' });
    const ada = await room.join('ada');
    const { seq } = await ada.say('hello');
    const entry = { type: 'message', seq, at, id: expect.any(String), by: card, text: 'hello' };
    const snapshot = {
      cursor: expect.any(String),
      room: { ...roomInfo, title: 'Comets' },
      entries: [entry],
      live: { online: 1, roster: 'full', typing: [] },
      members: [card],
    };
    const spectator = await room.call('GET', '/v1/room');
    expect(spectator.status).toBe(200);
    expectApiHeaders(spectator, json);
    expect(spectator.body).toEqual(snapshot);
    expect(await ada.snapshot()).toEqual({ ...snapshot, you: ada.you } as never);
  });

  test('a snapshot carries the newest 50 messages, ascending, and nothing else', async () => {
    await using room = await RoomServer.open();
    const said: number[] = [];
    for (let nr = 0; nr < 6; nr++) {
      const one = await room.join(`n${nr}`);
      for (let each = 0; each < 9; each++) said.push((await one.say(`${each}`)).seq);
    }
    const { entries } = await room.snapshot();
    expect(entries.map((entry) => entry.seq as number)).toEqual(said.slice(-50));
  });

  test.each(['GET', 'POST'])('a poll by %s brings its members and no others', async (method) => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    const { seq } = await ada.say('hello');
    const options = { after: ada.cursor, tab: 'a', hold: 0, turn: 1 };
    const poll = async (after: string) =>
      method === 'POST'
        ? await ada.call('POST', '/v1/poll', { body: { ...options, after } })
        : await ada.call('GET', `/v1/poll?after=${after}&hold=0&tab=a&turn=1`);
    const answer = await poll(ada.cursor);
    expect(answer.status).toBe(200);
    expectApiHeaders(answer, json);
    const reply = {
      cursor: expect.any(String),
      from: 1,
      to: 2,
      entries: [{ type: 'message', seq, at, id: expect.any(String), by: card, text: 'hello' }],
      live: { online: 1, roster: 'full', typing: [] },
      next: { waitMs: 0, hold: 25 },
    };
    expect(answer.body).toEqual(reply);
    const { cursor } = answer.body as { cursor: string };
    expect((await poll(cursor)).body).toEqual({ ...reply, from: 2, entries: [], cursor });
  });

  test('a poll that was held is answered with the same headers', async () => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    const { cursor } = await ada.readOn(ada.cursor);
    const poll = ada.tryPoll(cursor, { hold: 25 });
    await room.held(1);
    await ada.say('hello');
    expectApiHeaders(await poll, json);
  });

  test('a message is answered with where and when it was recorded', async () => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    const answer = await ada.trySay('hello', { id: 'first' });
    expect(answer.status).toBe(201);
    expectApiHeaders(answer, json);
    expect(answer.body as unknown).toEqual({ seq, at, id: 'first' });
    const reply = await ada.say('yes', { replyTo: answer.body.seq });
    const { entries } = await ada.poll(ada.cursor);
    expect(entries[1] as unknown).toEqual({
      type: 'message',
      seq: reply.seq,
      at: reply.at,
      id: reply.id,
      by: card,
      text: 'yes',
      replyTo: answer.body.seq,
    });
  });

  test('a command is answered to its author alone, and nothing is recorded', async () => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    const before = await room.seq();
    const body = { id: 'help', text: '/help' };
    const answer = await ada.call('POST', '/v1/messages', { body });
    expect(answer.status).toBe(200);
    expectApiHeaders(answer, json);
    expect(answer.body).toEqual({ reply: expect.stringContaining('/who: tells who is here') });
    expect(await ada.command('/who')).toBe('1 here: ada');
    expect(await room.seq()).toBe(before);
  });

  test('two strokes begin a message with one', async () => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    await ada.say('//help');
    expect((await room.snapshot()).entries.map(({ text }) => text)).toEqual(['/help']);
  });

  test('an edit, a deletion, a reaction, typing and leaving', async () => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    const said = await ada.say('helo');
    const path = `/v1/messages/${said.seq}`;
    const edited = await ada.call('PATCH', path, { body: { text: 'hello' } });
    expect(edited.status).toBe(200);
    expectApiHeaders(edited, json);
    expect(edited.body).toMatchObject({ seq: said.seq, text: 'hello', edited: at, rev: seq });
    for (const [method, target] of [
      ['PUT', `${path}/reactions/%F0%9F%91%8D`],
      ['DELETE', `${path}/reactions/%F0%9F%91%8D`],
      ['DELETE', path],
      ['POST', '/v1/typing'],
      ['POST', '/v1/leave'],
    ] as const) {
      const answer = await ada.call(method, target);
      expect([target, answer.status, answer.text]).toEqual([target, 204, '']);
      expectApiHeaders(answer, null);
    }
  });

  test('a page of history, and of members', async () => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    const said = await ada.say('hello');
    const entry = { type: 'message', ...said, by: card, text: 'hello' };
    const history = await room.call('GET', '/v1/messages');
    expectApiHeaders(history, json);
    expect([history.status, history.body]).toEqual([200, { entries: [entry], more: false }]);
    const members = await room.call('GET', '/v1/members');
    expectApiHeaders(members, json);
    expect(members.body).toEqual({ members: [card], online: 1, more: false });
  });

  test('health, readiness, figures and version, none of which names anybody', async () => {
    await using room = await RoomServer.open();
    const ada = await room.join('Lovelace');
    await ada.say('a secret');
    expect((await room.call('GET', '/healthz')).body).toEqual({ status: 'ok' });
    const version = { name: 'encke', version: '0.0.0-test' };
    expect((await room.call('GET', '/version')).body).toEqual(version);
    const ready = await room.call('GET', '/readyz');
    expect([ready.status, ready.body]).toMatchObject([
      200,
      { ready: true, draining: false, online: 1, tree: { id: 'encke', state: 'running' } },
    ]);
    const metrics = await room.call('GET', '/metrics');
    expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4');
    expect(metrics.text).toMatch(/^# HELP encke_members .+\n# TYPE encke_members gauge\n/m);
    expect(metrics.text).toMatch(/^encke_members 1$/m);
    expect(metrics.text).toEndWith('\n');
    const all = ready.text + metrics.text + JSON.stringify(room.log.lines);
    for (const secret of ['Lovelace', 'a secret', ada.token, ada.you.id]) {
      expect(all).not.toContain(secret);
    }
  });
});

describe('methods', () => {
  const allowed: readonly (readonly [string, string])[] = [
    ['/v1/poll', 'GET, POST, HEAD'],
    ['/v1/messages', 'GET, POST, HEAD'],
    ['/v1/messages/1', 'PATCH, DELETE'],
    ['/v1/messages/1/reactions/x', 'PUT, DELETE'],
    ['/v1/join', 'POST'],
    ['/v1/room', 'GET, HEAD'],
    ['/v1/members', 'GET, HEAD'],
    ['/v1/typing', 'POST'],
    ['/v1/leave', 'POST'],
    ['/healthz', 'GET, HEAD'],
    ['/readyz', 'GET, HEAD'],
    ['/metrics', 'GET, HEAD'],
    ['/version', 'GET, HEAD'],
  ];

  test('that a path does not have are refused, and the answer names those it has', async () => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    for (const [path, list] of allowed) {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        if (list.split(', ').includes(method)) continue;
        const answer = await ada.call(method, path);
        expect([path, method, answer.status]).toEqual([path, method, 405]);
        expect(codeOf(answer)).toBe('METHOD');
        expect(answer.headers.get('allow')).toBe(list);
      }
    }
    expect(await room.seq()).toBe(1);
  });

  test('HEAD answers as GET does, but without the body', async () => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    const after = `/v1/poll?after=${ada.cursor}&hold=0`;
    const raw = await room.connect();
    for (const path of ['/v1/room', '/v1/messages', '/v1/members', after, '/version']) {
      const get = await ada.call('GET', path);
      const lines = ['Host: a', `Authorization: Bearer ${ada.token}`].join('\r\n');
      raw.send(`HEAD ${path} HTTP/1.1\r\n${lines}\r\n\r\n`);
      const head = await raw.next({ isBodiless: true });
      expect([path, head?.status]).toEqual([path, 200]);
      expect(head?.headers.get('content-length')).toBe(get.headers.get('content-length') as string);
    }
    // What follows on the connection is an answer again, and no forgotten body.
    raw.send('GET /version HTTP/1.1\r\nHost: a\r\n\r\n');
    expect((await raw.next())?.body).toContain('encke');
  });

  test('paths that are none are not found', async () => {
    await using room = await RoomServer.open();
    for (const path of [
      '/',
      '/v1',
      '/v1/',
      '/v1/room/',
      '/v2/room',
      '/V1/room',
      '/v1/searches?q=a',
      '/plain/',
    ]) {
      expect(codeOf(await room.call('GET', path))).toBe('NOT_FOUND');
    }
  });
});

test('one connection serves many requests and polls, one after the other', async () => {
  await using room = await RoomServer.open();
  const ada = await room.join('ada');
  const raw = await room.connect();
  const lines = ['Host: a', `Authorization: Bearer ${ada.token}`].join('\r\n');
  for (const path of ['/v1/room', `/v1/poll?after=${ada.cursor}&hold=0`, '/nowhere', '/v1/room']) {
    raw.send(`GET ${path} HTTP/1.1\r\n${lines}\r\n\r\n`);
    const answer = await raw.next();
    expect(answer?.headers.get('content-length')).toBe(`${Buffer.byteLength(answer?.body ?? '')}`);
    expect(answer?.headers.get('connection') ?? 'keep-alive').toBe('keep-alive');
  }
});

describe('sent twice', () => {
  test('a join with its own id, or with its session, is the same join', async () => {
    await using room = await RoomServer.open();
    const id = 'abcdefghijklmnopqrstuv';
    const [first, again] = await Promise.all([room.join('ada', { id }), room.join('ada', { id })]);
    const third = await room.join('ada', { id });
    const fourth = await first.call('POST', '/v1/join', { body: { nick: 'ada' } });
    expect([again.you, third.you, (fourth.body as { you: unknown }).you]).toEqual([
      first.you,
      first.you,
      first.you,
    ]);
    expect(await room.seq()).toBe(1);
  });

  test('a message is recorded once, whether its repeat comes at once or later', async () => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    const answers = await Promise.all([
      ada.trySay('hello', { id: 'one' }),
      ada.trySay('hello', { id: 'one' }),
    ]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 201]));
    const again = await ada.trySay('hello', { id: 'one' });
    expect([again.status, again.text]).toEqual([200, answers[0].text]);
    expect(answers[1].text).toBe(answers[0].text);
    expect(await room.seq()).toBe(2);
  });

  test('a message that was edited, deleted or is old in the meantime is still known', async () => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    const first = await ada.trySay('helo', { id: 'one' });
    const path = `/v1/messages/${first.body.seq}`;
    await ada.call('PATCH', path, { body: { text: 'hello' } });
    expect((await ada.trySay('helo', { id: 'one' })).body).toEqual(first.body);
    await ada.call('DELETE', path);
    const before = await room.seq();
    expect((await ada.trySay('helo', { id: 'one' })).body).toEqual(first.body);
    expect(codeOf(await ada.trySay('other', { id: 'one' }))).toBe('ID_REUSED');
    expect(await room.seq()).toBe(before);
  });

  test.each([
    ['nothing', async () => undefined],
    ['a reaction', async (seq: number, other: Guest) => await react(other, seq)],
  ])('a message costs no pace again and is no refusal after a mute and %s', async (_, happens) => {
    await using room = await RoomServer.open();
    const [ada, kay] = [await room.join('ada'), await room.joinKeeper('kay')];
    const first = await ada.trySay('hello', { id: 'one' });
    await happens(first.body.seq, kay);
    await kay.command('/mute ada');
    for (let nr = 0; nr < 20; nr++) {
      const again = await ada.trySay('hello', { id: 'one' });
      expect([again.status, again.text]).toEqual([200, first.text]);
    }
  });

  async function react(who: Guest, seq: number): Promise<void> {
    await who.call('PUT', `/v1/messages/${seq}/reactions/%F0%9F%91%8D`);
  }

  test('the ids of one member are not those of another', async () => {
    await using room = await RoomServer.open();
    const [ada, bob] = [await room.join('ada'), await room.join('bob')];
    const first = await ada.trySay('hello', { id: 'one' });
    const second = await bob.trySay('good day', { id: 'one' });
    expect([first.status, second.status]).toEqual([201, 201]);
  });

  const repeated: readonly (readonly [string, string, string, unknown])[] = [
    ['an edit', 'PATCH', '', { text: 'hello' }],
    ['a reaction', 'PUT', '/reactions/%F0%9F%91%8D', {}],
    ['a deletion', 'DELETE', '', {}],
  ];
  test.each(repeated)('%s changes nothing any more', async (_, method, path, body) => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    const { seq } = await ada.say('helo');
    const target = `/v1/messages/${seq}${path}`;
    const first = await ada.call(method, target, { body });
    const before = await room.seq();
    const again = await ada.call(method, target, { body });
    expect([again.status, again.text]).toEqual([first.status, first.text]);
    expect(await room.seq()).toBe(before);
  });

  test.each(repeated)(
    '%s whose repeat overtakes it is recorded once',
    async (_, method, path, body) => {
      await using room = await RoomServer.open();
      const ada = await room.join('ada');
      const { seq } = await ada.say('helo');
      const send = async () => await ada.call(method, `/v1/messages/${seq}${path}`, { body });
      const answers = await Promise.all([send(), send(), send()]);
      for (const { status } of answers) expect(status).toBeOneOf([200, 204]);
      expect(await room.seq()).toBe(seq + 1);
    },
  );

  test('a reaction that is taken back stays so, and typing and leaving are harmless', async () => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    const { seq } = await ada.say('hello');
    const target = `/v1/messages/${seq}/reactions/%F0%9F%91%8D`;
    expect((await ada.call('DELETE', target)).status).toBe(204);
    expect(await room.seq()).toBe(seq);
    for (const path of ['/v1/typing', '/v1/typing', '/v1/leave', '/v1/leave']) {
      expect([path, (await ada.call('POST', path)).status]).toEqual([path, 204]);
    }
    expect(await room.seq()).toBe(seq + 1);
  });

  test('a command has no further effect', async () => {
    await using room = await RoomServer.open();
    const keeper = await room.joinKeeper('kay');
    await room.join('bob');
    for (const text of ['/mute bob', '/mode quiet', '/topic comets', '/unmute bob', '/mode open']) {
      const body = { id: room.newId(), text };
      const first = await keeper.call('POST', '/v1/messages', { body });
      expect([text, first.status]).toEqual([text, 200]);
      const before = await room.seq();
      await keeper.call('POST', '/v1/messages', { body });
      expect([text, await room.seq()]).toEqual([text, before]);
    }
  });
});
