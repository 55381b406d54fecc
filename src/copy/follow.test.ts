import { expect, test } from 'bun:test';
import type { MemberId, Seq } from '../protocol/entries.ts';
import { whoIs } from '../client/testing/fake-room.ts';
import { deaf, joined, say, scene, textsOf } from './testing/scene.ts';

// --- Gaps -------------------------------------------------------------------------------------

test('what a reply leaves out is filled from the history, in order, page by page', async () => {
  const made = await joined();
  const { clock, room, client } = made;
  const heard: Seq[] = [];
  client.on('entry', ({ seq }) => heard.push(seq));
  let texts: string[] = [];
  await deaf(made, () => (texts = say(room, 700)));
  await clock.advance(1_000);
  expect(textsOf(client.state)).toEqual(['the last heard', ...texts]);
  expect(client.state.gaps).toEqual([]);
  expect(heard).toEqual(Array.from({ length: 701 }, (_, index) => (index + 2) as Seq));
  // 600 are missing: pages of 200, each from where the one before ended.
  expect(room.sent('messages').map(({ query }) => query.get('after'))).toEqual(['2', '202', '402']);
});

test('the newest is shown at once, with the gap where it belongs, while the gap is filled', async () => {
  const made = await joined();
  const { clock, room, client } = made;
  await deaf(made, () => say(room, 300));
  room.weather = ({ path }) => (path === 'messages' ? { lateMs: 2_000 } : 'fair');
  await clock.advance(500);
  expect(client.state.gaps).toEqual([{ from: 2 as Seq, to: 202 as Seq }]);
  const texts = textsOf(client.state);
  expect(texts.slice(0, 3)).toEqual(['the last heard', '(2, 202]', 'm200']);
  expect(texts).toHaveLength(102);
  await clock.advance(3_000);
  expect(client.state.gaps).toEqual([]);
  expect(textsOf(client.state)).toHaveLength(301);
});

test('a reply that begins later than the last one ended is a gap, also when it does not say so', async () => {
  const { clock, room, client } = await joined();
  say(room, 2, 'a');
  await clock.settle();
  // A cursor that is further than the entries that came with it.
  room.extra = { cursor: 'A.4', to: 3 as Seq, entries: [] };
  say(room, 1, 'b');
  room.extra = {};
  await clock.settle();
  expect(textsOf(client.state)).toEqual(['a0', 'a1']);
  room.say('bob', 'c');
  await clock.settle();
  expect(textsOf(client.state)).toEqual(['a0', 'a1', 'b0', 'c']);
});

test('a gap that the server refuses to fill stays, with exactly the range that is missing', async () => {
  const made = await joined();
  const { clock, room, client } = made;
  await deaf(made, () => say(room, 700));
  let pages = 0;
  room.refusal = ({ path }) => (path === 'messages' && ++pages > 1 ? 'NOT_FOUND' : null);
  await clock.advance(1_000);
  expect(client.state.gaps).toEqual([{ from: 202 as Seq, to: 602 as Seq }]);
  expect(textsOf(client.state)).toHaveLength(1 + 200 + 1 + 100);
  room.say('bob', 'and on');
  await clock.settle();
  expect(textsOf(client.state).at(-1)).toBe('and on');
  expect(client.state.gaps).toHaveLength(1);
  // It can be asked for again.
  room.refusal = () => null;
  const [gap] = client.state.gaps;
  expect(await client.history(gap)).toEqual({ ok: true, more: true });
  expect(client.state.gaps).toEqual([{ from: 402 as Seq, to: 602 as Seq }]);
  expect(await client.history(client.state.gaps[0])).toEqual({ ok: true, more: false });
  expect(client.state.gaps).toEqual([]);
  expect(textsOf(client.state)).toHaveLength(702);
});

test('a gap is never filled from another history than the one that it is in', async () => {
  const made = await joined();
  const { clock, room, client } = made;
  const heard: string[] = [];
  client.on('entry', (entry) => heard.push(entry.type === 'message' ? entry.text : entry.type));
  await deaf(made, () => say(room, 300));
  let isBack = false;
  room.weather = ({ path }) => {
    if (path === 'messages' && !isBack) {
      // A backup was restored between the poll and the page, and the room went on from there.
      isBack = true;
      room.restore(298);
      say(room, 250, 'other');
    }
    return 'fair';
  };
  await clock.advance(10_000);
  expect(isBack).toBe(true);
  expect(heard.filter((text) => text.startsWith('m'))).toEqual([]);
  expect(textsOf(client.state).slice(-1)).toEqual(['other249']);
  expect(textsOf(client.state).filter((text) => /^m\d{2,}/.test(text))).toEqual([]);
});

test('what was shown while a gap was filled goes when the room went back meanwhile', async () => {
  const made = await joined();
  const { clock, room, client } = made;
  await deaf(made, () => say(room, 300));
  let isBack = false;
  room.weather = ({ path }) => {
    if (path !== 'messages' || isBack) return 'fair';
    // An older copy was put back by hand, which keeps its name. Our cursor stands in both.
    isBack = true;
    room.entries.length -= 20;
    return 'lost';
  };
  await clock.advance(60_000);
  expect(isBack).toBe(true);
  const texts = textsOf(client.state);
  expect(texts).toHaveLength(281);
  expect(texts.at(-1)).toBe('m279');
});

test('a filling that fails for the moment is taken up again where it broke off', async () => {
  const made = await joined();
  const { clock, room, client } = made;
  let texts: string[] = [];
  await deaf(made, () => (texts = say(room, 700)));
  let pages = 0;
  room.weather = ({ path }) => (path === 'messages' && ++pages === 2 ? 'lost' : 'fair');
  await clock.advance(10_000);
  expect(textsOf(client.state)).toEqual(['the last heard', ...texts]);
  expect(room.sent('messages').map(({ query }) => query.get('after'))).toEqual([
    '2',
    '202',
    '202',
    '402',
  ]);
});

test('a history that is broken does not stop the room: after three tries the gap stays', async () => {
  const made = await joined();
  const { clock, room, client } = made;
  await deaf(made, () => say(room, 300));
  room.refusal = ({ path }) => (path === 'messages' ? 'INTERNAL' : null);
  await clock.advance(20_000);
  expect(room.sent('messages')).toHaveLength(3);
  expect(client.state.gaps).toEqual([{ from: 2 as Seq, to: 202 as Seq }]);
  expect(client.state.status).toEqual({ kind: 'live' });
});

test('after a gap that stays the room is asked for as a whole', async () => {
  const made = await joined();
  const { clock, room, client } = made;
  await deaf(made, () => {
    room.append({ type: 'topic', topic: 'Comets', by: whoIs('cleo') });
    say(room, 300);
  });
  room.refusal = ({ path }) => (path === 'messages' ? 'NOT_FOUND' : null);
  await clock.advance(1_000);
  expect(client.state.gaps).toHaveLength(1);
  expect(client.state.room?.topic).toBe('Comets');
});

test('the room that is asked for after a gap may have another history, which is noticed', async () => {
  const made = await joined();
  const { clock, room, client } = made;
  let resets = 0;
  client.on('reset', () => resets++);
  await deaf(made, () => say(room, 300));
  room.refusal = ({ path }) => {
    if (path !== 'messages') return null;
    room.restore(0);
    room.refusal = () => null;
    return 'NOT_FOUND';
  };
  await clock.advance(1_000);
  expect(resets).toBe(1);
  expect(client.state.gaps).toEqual([]);
  expect(textsOf(client.state)).toHaveLength(50);
});

test('comings, goings and topics within a gap take effect before what comes after it', async () => {
  const made = await joined();
  const { clock, room, client } = made;
  await deaf(made, () => {
    const cleo = room.enter('cleo');
    room.append({ type: 'topic', topic: 'Old', by: cleo });
    say(room, 300);
    room.append({ type: 'leave', member: cleo, reason: 'left' });
    room.append({ type: 'topic', topic: 'New', by: cleo });
  });
  await clock.advance(1_000);
  expect(client.state.room?.topic).toBe('New');
  expect(client.state.members?.map((who) => who.nick)).toEqual(['ada']);
});

test('a reaction within a gap counts although a later one is heard of first', async () => {
  const made = await joined();
  const { clock, room, client } = made;
  const seq = room.say('bob', 'react to this');
  await clock.settle();
  await deaf(made, () => {
    room.react(seq, '👍', whoIs('cleo'), true);
    say(room, 300);
    room.react(seq, '👍', whoIs('dan'), true);
    room.react(seq, '🎉', whoIs('dan'), true);
  });
  await clock.advance(1_000);
  expect(client.state.lines[0]).toMatchObject({
    reactions: [
      { emoji: '👍', count: 2 },
      { emoji: '🎉', count: 1 },
    ],
  });
});

test('an older message that was amended in a gap and after it is right once the gap is read', async () => {
  const made = await joined();
  const { clock, room, client } = made;
  const seq = room.say('bob', 'helo');
  await clock.settle();
  await deaf(made, () => {
    room.react(seq, '👍', whoIs('cleo'), true);
    room.append({ type: 'edit', of: seq, text: 'hello', by: whoIs('bob') });
    say(room, 300);
    room.react(seq, '👍', whoIs('dan'), true);
  });
  room.refusal = ({ path }) => (path === 'messages' ? 'NOT_FOUND' : null);
  await clock.advance(1_000);
  expect(client.state.lines[0]).toMatchObject({ text: 'helo', reactions: [{ count: 1 }] });
  room.refusal = () => null;
  await client.history(client.state.gaps[0]);
  await client.history(client.state.gaps[0]);
  expect(client.state.gaps).toEqual([]);
  expect(client.state.lines[0]).toMatchObject({ text: 'hello', reactions: [{ count: 2 }] });
});

test('a gap too long to be filled is not shown as one: all before it is history again', async () => {
  const made = await joined();
  const { clock, room, client } = made;
  say(room, 3, 'old');
  await clock.settle();
  await deaf(made, () => {
    room.enter('cleo');
    say(room, 2_500);
  });
  await clock.advance(1_000);
  expect(room.sent('messages')).toHaveLength(0);
  const { lines, gaps, hasMore, members } = client.state;
  expect(gaps).toEqual([]);
  expect(hasMore).toBe(true);
  expect(lines).toHaveLength(100);
  expect(members?.map((who) => who.nick)).toEqual(['ada', 'cleo']);
  await client.history();
  expect(textsOf(client.state).slice(0, 51)).toEqual(
    Array.from({ length: 51 }, (_, index) => `m${2_350 + index}`),
  );
});

test('the first reply after a snapshot may leave something out as well', async () => {
  const { clock, room, client } = scene();
  room.weather = ({ path }) => (path === 'poll' ? 'lost' : 'fair');
  await client.join('ada');
  await clock.settle();
  const texts = say(room, 300);
  room.weather = () => 'fair';
  await clock.advance(1_000);
  expect(textsOf(client.state)).toEqual(texts);
});

// --- Looking again ----------------------------------------------------------------------------

test('a spectator who looks again is shown what came since, and a gap where it was too much', async () => {
  const { room, client } = scene();
  const old = say(room, 3, 'old');
  expect(await client.resume()).toBe(false);
  const texts = say(room, 300);
  expect(await client.resume()).toBe(false);
  const [page, newest] = [texts.slice(0, 200), texts.slice(250)];
  expect(textsOf(client.state)).toEqual([...old, ...page, '(203, 253]', ...newest]);
  await client.history(client.state.gaps[0]);
  expect(textsOf(client.state)).toEqual([...old, ...texts]);
});

test('a spectator who looks again into another history is shown that one instead', async () => {
  const { clock, room, client } = scene();
  say(room, 5);
  await client.resume();
  let resets = 0;
  client.on('reset', () => resets++);
  room.restore(2);
  room.say('bob', 'new');
  await client.resume();
  await clock.settle();
  expect(textsOf(client.state)).toEqual(['m0', 'm1', 'm2', 'new']);
  expect(resets).toBe(1);
});

test('who was a member until a moment ago has no gap in what they followed', async () => {
  const { clock, room, client } = await joined();
  const texts: string[] = [];
  for (let round = 0; round < 3; round++) {
    texts.push(...say(room, 100, `r${round}-`));
    await clock.settle();
  }
  room.refusal = ({ path }) => (path === 'poll' ? 'BANNED' : null);
  room.say('bob', 'one more');
  await clock.advance(2_000);
  expect(client.state.status.kind).toBe('out');
  room.refusal = () => null;
  room.tokens.clear();
  expect(await client.resume()).toBe(false);
  expect(textsOf(client.state)).toEqual([...texts, 'one more']);
});

test('a spectator who has joined elsewhere meanwhile is somebody when they look again', async () => {
  const { room, client } = scene({ token: 'mine' });
  expect(await client.resume()).toBe(false);
  room.tokens.set('mine', room.enter('ada').id);
  expect(await client.resume()).toBe(true);
  expect(client.state.you?.nick).toBe('ada');
  expect(client.state.status).toEqual({ kind: 'live' });
});

// --- Another history, another session ---------------------------------------------------------

test('another history replaces what is shown and says so', async () => {
  const { clock, room, client } = await joined();
  say(room, 5);
  await clock.settle();
  let resets = 0;
  client.on('reset', () => resets++);
  room.restore(2);
  await clock.settle();
  expect(textsOf(client.state)).toEqual(['m0', 'm1', 'm2']);
  expect(resets).toBe(1);
  expect(client.state.status).toEqual({ kind: 'live' });
  room.say('bob', 'new');
  await clock.settle();
  expect(textsOf(client.state)).toEqual(['m0', 'm1', 'm2', 'new']);
});

test('in another history that does not know us we join again, as who we were', async () => {
  const { clock, room, client } = await joined();
  const id = client.state.you?.id;
  say(room, 2);
  await clock.settle();
  room.restore(3);
  await clock.settle();
  expect(client.state.you).toMatchObject({ ...(id && { id }), nick: 'ada' });
  expect(client.state.status).toEqual({ kind: 'live' });
  room.say('bob', 'new');
  await clock.settle();
  expect(textsOf(client.state)).toEqual(['ada join', 'new'].slice(1));
});

test('nodes that disagree about the history are not asked round and round', async () => {
  const { clock, room, client } = await joined();
  room.refusal = ({ path }) => (path === 'poll' ? 'GONE' : null);
  room.say('bob', 'hello');
  await clock.advance(10_000);
  expect(room.sent('poll').length).toBeLessThan(12);
  expect(client.state.status.kind).toBe('waiting');
});

test('a cursor that the server calls malformed is treated like another history', async () => {
  const { clock, room, client } = await joined();
  room.extra = { cursor: 'nonsense' };
  room.say('bob', 'one');
  room.extra = {};
  await clock.settle();
  room.say('bob', 'two');
  await clock.advance(1_000);
  expect(textsOf(client.state)).toEqual(['one', 'two']);
  expect(client.state.status).toEqual({ kind: 'live' });
});

test('a member who lapsed while the line was dead comes back unasked and has missed nothing', async () => {
  const made = await joined();
  const { clock, room, client } = made;
  const { you } = client.state;
  await deaf(made, () => {
    if (you) room.lapse(you);
    room.append({ type: 'notice', text: 'Something that no snapshot carries' });
    say(room, 60);
  });
  await clock.advance(1_000);
  expect(client.state.you).toEqual(you);
  expect(client.state.status).toEqual({ kind: 'live' });
  expect(textsOf(client.state)).toEqual([
    'the last heard',
    'ada leave',
    'notice: Something that no snapshot carries',
    ...Array.from({ length: 60 }, (_, index) => `m${index}`),
    'ada join',
  ]);
  expect(client.state.members?.map((who) => who.nick)).toEqual(['ada']);
});

test('coming back is tried again while the server is away, and given up when it refuses', async () => {
  const made = await joined();
  const { clock, room, client } = made;
  const { you } = client.state;
  await deaf(made, () => {
    if (you) room.lapse(you);
    room.enter('ada');
    room.members.set('another' as MemberId, { ...whoIs('ada'), id: 'another' as MemberId });
  });
  let joins = 0;
  room.weather = ({ path }) => (path === 'join' && ++joins <= 2 ? 'lost' : 'fair');
  await clock.advance(5_000);
  expect(client.state.status).toMatchObject({ kind: 'out', code: 'NICK_TAKEN' });
  expect(client.state.you).toBeNull();
  expect(new Set(room.sent('join').map(({ body }) => body.id)).size).toBe(2);
  const sent = room.heard.length;
  await clock.advance(60_000);
  expect(room.heard).toHaveLength(sent);
  // Joining by hand begins again.
  expect(await client.join('eve')).toMatchObject({ ok: true });
  expect(client.state.status).toEqual({ kind: 'live' });
});

test('a session that is refused right after it was renewed is not renewed without end', async () => {
  const { clock, room, client } = await joined();
  room.refusal = ({ path }) => (path === 'poll' ? 'NO_SESSION' : null);
  room.say('bob', 'hello');
  await clock.settle();
  expect(client.state.status).toMatchObject({ kind: 'out', code: 'NO_SESSION' });
  expect(room.sent('join')).toHaveLength(2);
});

test('who is banned is out, at once', async () => {
  const { clock, room, client } = await joined();
  room.refusal = ({ path }) => (path === 'poll' ? 'BANNED' : null);
  room.say('bob', 'hello');
  await clock.settle();
  expect(client.state.status).toMatchObject({ kind: 'out', code: 'BANNED' });
});

for (const [reason, code] of [
  ['kicked', 'FORBIDDEN'],
  ['banned', 'BANNED'],
  ['left', 'NO_SESSION'],
] as const) {
  test(`who was ${reason} is out and does not sneak back in`, async () => {
    const { clock, room, client } = await joined();
    const { you } = client.state;
    if (you) room.append({ type: 'leave', member: you, reason });
    await clock.settle();
    expect(client.state.status.kind).toBe('out');
    expect(room.sent('join')).toHaveLength(1);
    expect(client.state.status).toMatchObject({ code });
  });
}
