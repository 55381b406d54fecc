/** Who is here: the roster of small and large rooms, pages of members, typing, coming and going. */
import { describe, expect, test } from 'bun:test';
import { limits } from '../../src/protocol/limits.ts';
import type { MembersPage } from '../../src/protocol/replies.ts';
import { codeOf, RoomServer, type Guest } from '../kit/room-server.ts';

/** Many come in, some at a time. */
async function crowd(room: RoomServer, count: number, prefix = 'n'): Promise<Guest[]> {
  const all: Guest[] = [];
  while (all.length < count) {
    const some = Math.min(50, count - all.length);
    const nicks = Array.from({ length: some }, (_, nr) => `${prefix}${all.length + nr}`);
    all.push(...(await Promise.all(nicks.map(async (nick) => await room.join(nick)))));
  }
  return all;
}

describe('the roster', () => {
  test('of a small room tells everybody who comes, goes and is called otherwise', async () => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    const { cursor } = await ada.poll(ada.cursor);
    const poll = ada.poll(cursor, { hold: 25 });
    await room.held(1);
    const bob = await room.join('bob');
    const first = await poll;
    expect(first.live).toEqual({ online: 2, roster: 'full', typing: [] });
    await bob.command('/nick bert');
    const bert = { ...bob.you, nick: 'bert' };
    await bob.call('POST', '/v1/leave');
    const { entries } = await ada.poll(cursor);
    const placed = { seq: expect.any(Number), at: expect.any(Number) };
    expect(entries as unknown[]).toEqual([
      { type: 'join', member: bob.you, ...placed },
      { type: 'member', member: bert, was: bob.you, ...placed },
      { type: 'leave', member: bert, reason: 'left', ...placed },
    ]);
    expect((await room.snapshot()).members).toEqual([ada.you]);
  });

  test('of a room beyond 200 is a count: coming and going is not told, wakes nobody', async () => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    const others = await crowd(room, limits.rosterMax - 1);
    const full = await room.snapshot();
    expect(full.live).toEqual({ online: 200, roster: 'full', typing: [] });
    expect(full.members).toHaveLength(200);

    let isAnswered = false;
    const { cursor } = full;
    const poll = ada.poll(cursor, { hold: 25 }).finally(() => (isAnswered = true));
    await room.held(1);
    const before = await room.seq();
    await crowd(room, 5, 'late');
    await others[0]!.call('POST', '/v1/leave');
    await others[1]!.command('/nick somebody else');
    expect(await room.seq()).toBe(before + 7);
    const large = await room.snapshot();
    expect(large.live).toEqual({ online: 204, roster: 'count', typing: [] });
    expect(large).not.toHaveProperty('members');
    expect(isAnswered).toBe(false);

    const said = await others[2]!.say('hello');
    const reply = await poll;
    expect(reply.entries.map(({ seq }) => seq)).toEqual([said.seq]);
    expect(reply.live).toEqual({ online: 204, roster: 'count', typing: [] });
    expect(reply.to).toBe(said.seq);
    const { entries } = await ada.history(`after=${before}`);
    expect(entries.map(({ type }) => type)).toEqual(['message']);

    // A time-out brings the current cursor, beyond what was not told.
    await others[3]!.call('POST', '/v1/leave');
    const quiet = ada.poll(reply.cursor, { hold: 5 });
    await room.held(1);
    room.clock.leap(5_000);
    expect(await quiet).toMatchObject({ entries: [], from: said.seq, to: said.seq + 1 });
  });

  test('is told again when the room has become small, but not at the limit itself', async () => {
    await using room = await RoomServer.open();
    const all = await crowd(room, limits.rosterMax + 1);
    const leave = async (some: readonly Guest[]) =>
      await Promise.all(some.map(async (one) => await one.call('POST', '/v1/leave')));
    await leave(all.slice(0, 50));
    expect((await room.snapshot()).live).toEqual({ online: 151, roster: 'count', typing: [] });
    await leave(all.slice(50, 51));
    const snapshot = await room.snapshot();
    expect(snapshot.live).toEqual({ online: 150, roster: 'full', typing: [] });
    expect(snapshot.members).toHaveLength(150);
  });
});

test('a poll tells a member who they are once that has changed', async () => {
  await using room = await RoomServer.open();
  const ada = await room.join('ada');
  expect(await ada.poll(ada.cursor)).not.toHaveProperty('you');
  const poll = ada.poll(ada.cursor, { hold: 25 });
  await room.held(1);
  expect(await ada.command('/nick Lovelace')).toBe('You are "Lovelace" now');
  const reply = await poll;
  expect(reply.you).toEqual({ ...ada.you, nick: 'Lovelace' });
  expect(await ada.poll(reply.cursor)).not.toHaveProperty('you');
  expect((await ada.snapshot()).you).toEqual({ ...ada.you, nick: 'Lovelace' });
  await ada.say('hello');
  expect((await room.snapshot()).entries[0]!.by.nick).toBe('Lovelace');
});

describe('a page of members', () => {
  test('is in the order of nicks, and the next one goes on behind the last nick', async () => {
    await using room = await RoomServer.open();
    for (const nick of ['delta', 'Bravo', 'alpha', 'Çelik', 'charlie', 'echo'])
      await room.join(nick);
    const page = async (query: string) => {
      const { body } = await room.call<MembersPage>('GET', `/v1/members?${query}`);
      return [body.members.map(({ nick }) => nick), body.online, body.more];
    };
    expect(await page('')).toEqual([
      ['alpha', 'Bravo', 'charlie', 'delta', 'echo', 'Çelik'],
      6,
      false,
    ]);
    expect(await page('limit=2')).toEqual([['alpha', 'Bravo'], 6, true]);
    expect(await page('limit=2&after=Bravo')).toEqual([['charlie', 'delta'], 6, true]);
    expect(await page('limit=2&after=delta')).toEqual([['echo', 'Çelik'], 6, false]);
    // The one at whom the last page ended may have left.
    expect(await page('limit=2&after=bz')).toEqual([['charlie', 'delta'], 6, true]);
    expect(await page('after=%C3%87elik')).toEqual([[], 6, false]);
  });

  test('with a prefix is of those whose nicks begin with it, in either case', async () => {
    await using room = await RoomServer.open();
    for (const nick of ['Anna', 'anton', 'Bert', 'ant 1', 'ante']) await room.join(nick);
    const page = async (query: string) => {
      const { body } = await room.call<MembersPage>('GET', `/v1/members?${query}`);
      return [body.members.map(({ nick }) => nick), body.more];
    };
    expect(await page('prefix=AN')).toEqual([['Anna', 'ant 1', 'ante', 'anton'], false]);
    expect(await page('prefix=ant&limit=2')).toEqual([['ant 1', 'ante'], true]);
    expect(await page('prefix=ant&limit=1&after=ante')).toEqual([['anton'], false]);
    expect(await page('prefix=ant&limit=2&after=ant+1')).toEqual([['ante', 'anton'], false]);
    expect(await page('prefix=b&limit=1')).toEqual([['Bert'], false]);
    expect(await page('prefix=x')).toEqual([[], false]);
  });
});

describe('typing', () => {
  test('is told to who waits, while it lasts, and writes nothing down', async () => {
    await using room = await RoomServer.open();
    const [ada, bob] = [await room.join('ada'), await room.join('bob')];
    const before = await room.seq();
    const { cursor } = await ada.poll(ada.cursor);
    const poll = ada.poll(cursor, { hold: 25 });
    await room.held(1);
    await bob.call('POST', '/v1/typing');
    const reply = await poll;
    expect(reply).toMatchObject({ entries: [], live: { typing: ['bob'] } });
    expect((await room.snapshot()).live.typing).toEqual(['bob']);
    // Another sign of the same news wakes nobody.
    const second = ada.poll(reply.cursor, { hold: 25 });
    await room.held(1);
    await bob.call('POST', '/v1/typing');
    await room.held(1);
    room.clock.leap(limits.typingMs);
    expect(await second).toMatchObject({ entries: [], live: { typing: [] } });
    expect(await room.seq()).toBe(before);
  });

  test('ends with what was typed, and with leaving', async () => {
    await using room = await RoomServer.open();
    const [ada, bob] = [await room.join('ada'), await room.join('bob')];
    await ada.call('POST', '/v1/typing');
    await bob.call('POST', '/v1/typing');
    expect((await room.snapshot()).live.typing).toEqual(['ada', 'bob']);
    await ada.say('hello');
    expect((await room.snapshot()).live.typing).toEqual(['bob']);
    await bob.call('POST', '/v1/leave');
    expect((await room.snapshot()).live.typing).toEqual([]);
  });

  test('that somebody missed between two polls is told at once', async () => {
    await using room = await RoomServer.open();
    const [ada, bob] = [await room.join('ada'), await room.join('bob')];
    const { cursor } = await ada.poll(ada.cursor);
    await bob.call('POST', '/v1/typing');
    const reply = await ada.poll(cursor, { hold: 25 });
    expect(reply.live.typing).toEqual(['bob']);
    expect(reply.cursor).not.toBe(cursor);
  });

  test('of many is told of the first five', async () => {
    await using room = await RoomServer.open();
    for (const one of await crowd(room, 7)) await one.call('POST', '/v1/typing');
    expect((await room.snapshot()).live.typing).toEqual(['n0', 'n1', 'n2', 'n3', 'n4']);
  });
});

describe('leaving', () => {
  test('is told within a moment, and answers the polls of who left', async () => {
    await using room = await RoomServer.open();
    const [ada, bob] = [await room.join('ada'), await room.join('bob')];
    const { cursor } = await bob.poll(bob.cursor);
    const polls = [bob.tryPoll(cursor, { hold: 25 }), ada.tryPoll(cursor, { hold: 25 })] as const;
    await room.held(2);
    await bob.call('POST', '/v1/leave');
    expect(codeOf(await polls[0])).toBe('FORBIDDEN');
    const { entries } = (await polls[1]).body;
    expect(entries).toMatchObject([{ type: 'leave', member: bob.you, reason: 'left' }]);
    expect(codeOf(await bob.trySay('am I here?'))).toBe('NO_SESSION');
    expect(codeOf(await bob.call('POST', '/v1/typing'))).toBe('NO_SESSION');
  });

  test('by closing a tab takes a moment, in which a reload brings the member back', async () => {
    await using room = await RoomServer.open();
    const [ada, bob] = [await room.join('ada'), await room.join('bob')];
    const close = async (one: Guest) => {
      const headers = { 'Content-Type': 'text/plain' };
      const body = { tab: 'a', token: one.token };
      return (await room.call('POST', '/v1/leave', { headers, body })).status;
    };
    const { cursor } = await ada.readOn(ada.cursor);
    const held = ada.poll(cursor, { hold: 25, tab: 'a' });
    await room.held(1);
    expect([await close(ada), await close(bob)]).toEqual([204, 204]);
    expect(await held).toMatchObject({ superseded: true });
    const reloaded = ada.poll(cursor, { hold: 25, tab: 'b' });
    await room.held(1);
    expect((await room.snapshot()).live.online).toBe(2);
    room.clock.leap(limits.closingMs);
    const reply = await reloaded;
    expect(reply.entries).toMatchObject([{ type: 'leave', member: bob.you, reason: 'timeout' }]);
    expect((await room.snapshot()).members).toEqual([ada.you]);
  });

  test('by closing one of two tabs is none', async () => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    const { cursor } = await ada.readOn(ada.cursor);
    const open = ada.poll(cursor, { hold: 25, tab: 'b' });
    await room.held(1);
    await ada.call('POST', '/v1/leave', { body: { tab: 'a' } });
    // Somebody else closes theirs at the same time: their lapse shows that the wheel has turned.
    const bob = await room.join('bob');
    await bob.call('POST', '/v1/leave', { body: { tab: 'a' } });
    const { cursor: next } = await open;
    const again = ada.poll(next, { hold: 25, tab: 'b' });
    room.clock.leap(limits.closingMs);
    expect((await again).entries).toMatchObject([{ type: 'leave', member: bob.you }]);
    expect((await room.snapshot()).members).toEqual([ada.you]);
  });

  test('by vanishing takes the hold and 14 s, and a poll in between keeps the member', async () => {
    await using room = await RoomServer.open();
    const [ada, bob] = [await room.join('ada'), await room.join('bob')];
    room.clock.leap(30_000);
    const { cursor } = await ada.readOn(ada.cursor);
    room.clock.leap(9_500);
    await room.until(async () => (await room.snapshot()).live.online === 1);
    expect((await room.snapshot()).members).toEqual([ada.you]);
    const { entries } = await ada.poll(cursor);
    expect(entries).toMatchObject([{ type: 'leave', member: bob.you, reason: 'timeout' }]);
  });
});
