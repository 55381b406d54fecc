/** What was said: edits, deletions and reactions as they are told, and history. */
import { describe, expect, test } from 'bun:test';
import type { Message, WireEntry } from '../../src/protocol/entries.ts';
import { codeOf, RoomServer, type Guest } from '../kit/room-server.ts';

const thumb = encodeURIComponent('👍');
const heart = encodeURIComponent('❤️');

/** A message as everybody is shown it: in a snapshot, and by each way through history. */
async function shownIn(room: RoomServer, seq: number): Promise<(Message | undefined)[]> {
  const { entries } = await room.snapshot();
  const pages = await Promise.all(
    ['', '?before=1000', `?after=${seq - 1}`, `?around=${seq}`].map(
      async (query) =>
        (await room.call<{ entries: WireEntry[] }>('GET', `/v1/messages${query}`)).body.entries,
    ),
  );
  return [entries, ...pages].map((all) => find(all, seq));
}

function find(entries: readonly WireEntry[], seq: number): Message | undefined {
  return entries.find((entry): entry is Message => entry.type === 'message' && entry.seq === seq);
}

function seqsOf(entries: readonly WireEntry[]): number[] {
  return entries.map(({ seq }) => seq);
}

describe('a message that was', () => {
  test('edited is told to who waits, and shown in its present form with its rev', async () => {
    await using room = await RoomServer.open();
    const [ada, bob] = [await room.join('ada'), await room.join('bob')];
    const { seq } = await ada.say('helo');
    const { cursor } = await bob.poll(bob.cursor);
    const poll = bob.poll(cursor, { hold: 25 });
    await room.held(1);
    const { body } = await ada.call<Message>('PATCH', `/v1/messages/${seq}`, {
      body: { text: 'hello' },
    });
    const { entries } = await poll;
    const edit = { type: 'edit', of: seq, text: 'hello', by: ada.you, seq: seq + 1 };
    expect(entries as unknown[]).toEqual([{ ...edit, at: expect.any(Number) }]);
    expect(body).toMatchObject({ text: 'hello', edited: entries[0]!.at, rev: entries[0]!.seq });
    for (const shown of await shownIn(room, seq)) expect(shown).toEqual(body);
  });

  test('reacted to carries kinds with exact counts and who it was', async () => {
    await using room = await RoomServer.open();
    const [ada, bob] = [await room.join('ada'), await room.join('bob')];
    const { seq } = await ada.say('hello');
    const react = async (who: Guest, emoji: string, method = 'PUT') =>
      (await who.call(method, `/v1/messages/${seq}/reactions/${emoji}`)).status;
    expect(await react(ada, thumb)).toBe(204);
    expect(await react(bob, thumb)).toBe(204);
    // Without its variation selector it is the same heart.
    expect(await react(bob, encodeURIComponent('❤'))).toBe(204);
    expect(await react(ada, heart)).toBe(204);
    expect(await react(bob, heart, 'DELETE')).toBe(204);
    const reactions = [
      { emoji: '👍', count: 2, by: [ada.you.id, bob.you.id] },
      { emoji: '❤️', count: 1, by: [ada.you.id] },
    ];
    for (const shown of await shownIn(room, seq)) {
      expect(shown).toMatchObject({ reactions, rev: seq + 5 });
    }
    const { entries } = await bob.poll(bob.cursor);
    expect(entries.at(-1) as unknown).toMatchObject({
      type: 'reaction',
      of: seq,
      emoji: '❤️',
      by: bob.you,
      on: false,
    });
    for (const [who, emoji] of [
      [ada, thumb],
      [bob, thumb],
      [ada, heart],
    ] as const) {
      await react(who, emoji, 'DELETE');
    }
    for (const shown of await shownIn(room, seq)) expect(shown).not.toHaveProperty('reactions');
  });

  test('deleted has lost its text everywhere: old cursors, history, snapshots, edits', async () => {
    await using room = await RoomServer.open();
    const [ada, bob] = [await room.join('ada'), await room.join('bob')];
    const { seq } = await ada.say('sesame one');
    await ada.call('PATCH', `/v1/messages/${seq}`, { body: { text: 'sesame two' } });
    expect((await bob.tryPoll(bob.cursor)).text).toContain('sesame one');
    expect((await ada.call('DELETE', `/v1/messages/${seq}`)).status).toBe(204);
    const texts = [
      (await bob.tryPoll(bob.cursor)).text,
      (await room.call('GET', '/v1/room')).text,
      (await room.call('GET', '/v1/messages')).text,
      (await room.call('GET', '/v1/messages?after=0')).text,
      (await room.call('GET', `/v1/messages?around=${seq}`)).text,
      (await ada.call('PATCH', `/v1/messages/${seq}`, { body: { text: 'again' } })).text,
    ];
    for (const text of texts) expect(text).not.toContain('sesame');
    const { entries } = await bob.poll(bob.cursor);
    expect(entries.map(({ type }) => type)).toEqual(['message', 'edit', 'delete']);
    for (const shown of [...(await shownIn(room, seq)), find(entries, seq)]) {
      expect(shown).toMatchObject({ text: '', deleted: true, rev: entries[2]!.seq, by: ada.you });
    }
    for (const [method, path] of [
      ['PATCH', ''],
      ['PUT', `/reactions/${thumb}`],
    ] as const) {
      const answer = await ada.call(method, `/v1/messages/${seq}${path}`, {
        body: method === 'PATCH' ? { text: 'x' } : {},
      });
      expect(codeOf(answer)).toBe('NOT_FOUND');
    }
  });

  test('deleted stays so for every old cursor after each part was started again', async () => {
    await using room = await RoomServer.open();
    const [ada, bob] = [await room.join('ada'), await room.join('bob')];
    const { seq } = await ada.say('sesame');
    await ada.call('DELETE', `/v1/messages/${seq}`);
    for (const service of ['room', 'post-office'] as const) {
      room.server.crash(service);
      await room.until(async () => (await room.call('GET', '/readyz')).status === 200);
      const answer = await bob.tryPoll(bob.cursor);
      expect([answer.status, answer.text.includes('sesame')]).toEqual([200, false]);
      expect((await room.call('GET', '/v1/room')).text).not.toContain('sesame');
    }
  });

  test('written by somebody else is theirs to change, and a keeper’s', async () => {
    await using room = await RoomServer.open();
    const [ada, bob] = [await room.join('ada'), await room.join('bob')];
    const kay = await room.joinKeeper('kay');
    const { seq } = await ada.say('hello');
    const path = `/v1/messages/${seq}`;
    expect(codeOf(await bob.call('PATCH', path, { body: { text: 'x' } }))).toBe('FORBIDDEN');
    expect(codeOf(await bob.call('DELETE', path))).toBe('FORBIDDEN');
    expect((await shownIn(room, seq))[0]).toMatchObject({ text: 'hello' });
    expect((await kay.call('PATCH', path, { body: { text: 'kept' } })).status).toBe(200);
    expect((await kay.call('DELETE', path)).status).toBe(204);
  });

  test('never there is not found, whatever is to be done with it', async () => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    // Of these the first is an entry, but no message.
    for (const seq of [
      '1',
      '2',
      '0',
      '-1',
      '1.5',
      '01',
      '1e3',
      'x',
      '999999999999999',
      '9'.repeat(30),
    ]) {
      const path = `/v1/messages/${seq}`;
      for (const [method, target, body] of [
        ['PATCH', path, { text: 'a' }],
        ['DELETE', path, {}],
        ['PUT', `${path}/reactions/${thumb}`, {}],
        ['DELETE', `${path}/reactions/${thumb}`, {}],
      ] as const) {
        const answer = await ada.call(method, target, { body });
        expect([target, codeOf(answer)]).toEqual([target, 'NOT_FOUND']);
      }
    }
    expect(codeOf(await ada.trySay('a', { replyTo: 77 }))).toBe('NOT_FOUND');
    expect(await room.seq()).toBe(1);
  });
});

test('a message carries at most 20 kinds of reaction', async () => {
  await using room = await RoomServer.open();
  const members = await Promise.all(['a', 'b', 'c'].map(async (nick) => await room.join(nick)));
  const { seq } = await members[0]!.say('hello');
  const emojis = Array.from({ length: 21 }, (_, nr) => String.fromCodePoint(0x1f400 + nr));
  const answers = [];
  for (const [nr, emoji] of emojis.entries()) {
    const path = `/v1/messages/${seq}/reactions/${encodeURIComponent(emoji)}`;
    answers.push(await members[nr % 3]!.call('PUT', path));
  }
  expect(answers.slice(0, 20).map(({ status }) => status)).toEqual(Array(20).fill(204));
  expect(codeOf(answers[20]!)).toBe('TOO_MANY');
});

describe('history', () => {
  test('before a seq, and without one, is of messages, the newest, ascending', async () => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    const said: number[] = [];
    for (let nr = 0; nr < 9; nr++) said.push((await ada.say(`${nr}`)).seq);
    const pages = await Promise.all([
      ada.history('limit=4'),
      ada.history(`before=${said[5]}&limit=4`),
      ada.history(`before=${said[1]}&limit=4`),
      ada.history(`before=${said[4]}&limit=4`),
      ada.history('before=0'),
      ada.history('before=999999999999999'),
    ]);
    expect(pages.map(({ entries, more }) => [seqsOf(entries), more])).toEqual([
      [said.slice(5, 9), true],
      [said.slice(1, 5), true],
      [said.slice(0, 1), false],
      [said.slice(0, 4), false],
      [[], false],
      [said, false],
    ]);
  });

  test('after a seq is of everything that a poll brings, oldest first', async () => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    const bob = await room.join('bob');
    const { seq } = await bob.say('hello');
    await ada.call('PUT', `/v1/messages/${seq}/reactions/${thumb}`);
    await bob.command('/topic comets');
    await bob.command('/nick bert');
    await bob.call('POST', '/v1/leave');
    const { entries, more } = await ada.history('after=0');
    expect([entries.map(({ type }) => type), more]).toEqual([
      ['join', 'join', 'message', 'reaction', 'topic', 'member', 'leave'],
      false,
    ]);
    const polled = (await ada.poll(ada.cursor)).entries;
    expect(seqsOf(entries).slice(1)).toEqual(seqsOf(polled));
    expect(entries.filter(isNoMessage).slice(1)).toEqual(polled.filter(isNoMessage));
    const two = await ada.history('after=2&limit=2');
    expect([seqsOf(two.entries), two.more]).toEqual([[3, 4], true]);
    const end = await ada.history(`after=${await room.seq()}`);
    expect(end).toEqual({ entries: [], more: false });
  });

  test('around a seq has it in the middle', async () => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    const said: number[] = [];
    for (let nr = 0; nr < 9; nr++) said.push((await ada.say(`${nr}`)).seq);
    const { entries, more } = await ada.history(`around=${said[4]}&limit=4`);
    expect([seqsOf(entries), more]).toEqual([said.slice(2, 6), true]);
    const all = await ada.history(`around=${said[4]}`);
    expect([seqsOf(all.entries), all.more]).toEqual([said, false]);
  });

  test('takes one place to start from, and 1 to 200 entries', async () => {
    await using room = await RoomServer.open();
    for (const query of [
      'before=1&after=1',
      'after=1&around=1',
      'before=1&after=1&around=1',
      'limit=0',
      'limit=201',
      'limit=-1',
      'limit=1.5',
      'limit=1e2',
      'limit=',
      'before=x',
      'after=-1',
      'after=01',
      'around=9999999999999999',
      'offset=3',
      'before=1&before=2',
      'before',
      '=1',
      '&',
      'before=%ff',
    ]) {
      const answer = await room.call('GET', `/v1/messages?${query}`);
      expect([query, answer.status, codeOf(answer)]).toEqual([query, 400, 'BAD_REQUEST']);
    }
    expect((await room.call('GET', '/v1/messages?limit=200')).status).toBe(200);
  });
});

function isNoMessage({ type }: WireEntry): boolean {
  return type !== 'message';
}
