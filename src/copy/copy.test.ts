import { expect, test } from 'bun:test';
import type { Seq } from '../protocol/entries.ts';
import type { Status } from './room-state.ts';
import { whoIs } from '../client/testing/fake-room.ts';
import { clientOf, FakePane, FakeStorage, joined, scene, textsOf } from './testing/scene.ts';

// --- Joining, coming back, leaving ------------------------------------------------------------

test('who joins sees the room as it is and follows it', async () => {
  const { clock, room, client } = scene();
  room.enter('bob');
  room.say('bob', 'hello');
  const answer = await client.join('ada');
  expect(answer).toMatchObject({ ok: true, you: { nick: 'ada' } });
  expect(textsOf(client.state)).toEqual(['hello']);
  expect(client.state.members?.map((who) => who.nick)).toEqual(['ada', 'bob']);
  expect(client.state.status).toEqual({ kind: 'live' });
  room.say('bob', 'again');
  await clock.settle();
  expect(textsOf(client.state)).toEqual(['hello', 'again']);
});

test('a join whose answer was lost is repeated with the same id and makes no second member', async () => {
  const { clock, room, client } = scene();
  room.weather = (request) => (request.path === 'join' && !room.heard.length ? 'cut' : 'fair');
  const joining = client.join('ada', { passcode: 'open' });
  await clock.advance(1_000);
  expect(await joining).toMatchObject({ ok: true });
  const [first, second] = room.sent('join');
  expect(first?.body).toEqual(second?.body ?? {});
  expect(String(first?.body.id)).toMatch(/^[\w-]{27}$/);
  expect(first?.body.passcode).toBe('open');
  expect(room.entries.filter((entry) => entry.type === 'join')).toHaveLength(1);
});

test('a join that fails while the network goes away leaves the page as it was before', async () => {
  const pane = new FakePane();
  const { clock, room, client } = scene({ pane });
  room.weather = () => 'lost';
  const joining = client.join('ada');
  await clock.settle();
  pane.fire('offline');
  expect(client.state.status).toEqual({ kind: 'offline' });
  await clock.advance(60_000);
  expect(await joining).toMatchObject({ ok: false, code: 'UNREACHABLE' });
  // Nobody polls who could find out that the network is back.
  expect(client.state.status).toEqual({ kind: 'idle' });
});

test('a join by hand after the tries were used up still has the same id, another nick another one', async () => {
  const { clock, room, client } = scene();
  room.weather = () => 'lost';
  const joining = client.join('ada');
  await clock.advance(10_000);
  expect(await joining).toMatchObject({ ok: false, code: 'UNREACHABLE' });
  expect(client.state.status).toEqual({ kind: 'idle' });
  room.weather = () => 'fair';
  await client.join('ada');
  await client.join('eve');
  const ids = room.sent('join').map(({ body }) => body.id);
  expect(ids).toHaveLength(5);
  expect(new Set(ids.slice(0, 4)).size).toBe(1);
  expect(ids[4]).not.toBe(ids[0]);
});

test('a refused join says why and leaves the room as it was', async () => {
  const { room, client } = scene();
  room.enter('ada');
  expect(await client.join('ada')).toMatchObject({ ok: false, code: 'NICK_TAKEN', status: 409 });
  expect(client.state.you).toBeNull();
  expect(client.state.status).toEqual({ kind: 'idle' });
});

test('a session that is still good goes on; one that is not shows the room', async () => {
  const { clock, room, client } = await joined({ token: 'none' });
  room.say('bob', 'hello');
  await clock.settle();
  const token = [...room.tokens.keys()].at(-1) ?? '';
  client.close();
  const again = clientOf(room, clock, { token });
  expect(await again.resume()).toBe(true);
  expect(again.state.you?.nick).toBe('ada');
  expect(again.state.status).toEqual({ kind: 'live' });
  const stranger = clientOf(room, clock);
  expect(await stranger.resume()).toBe(false);
  expect(textsOf(stranger.state)).toEqual(['hello']);
  expect(stranger.state.status).toEqual({ kind: 'idle' });
  const polls = room.sent('poll').length;
  await clock.advance(60_000);
  expect(room.sent('poll').filter((poll) => poll.token === null)).toHaveLength(0);
  expect(room.sent('poll').length).toBeGreaterThan(polls);
});

test('resuming waits for a server that is away', async () => {
  const { clock, room, client } = await joined();
  const token = [...room.tokens.keys()].at(-1) ?? '';
  client.close();
  room.weather = () => 'lost';
  const again = clientOf(room, clock, { token });
  const resumed = again.resume();
  await clock.advance(5_000);
  expect(again.state.status.kind).toBe('waiting');
  room.weather = () => 'fair';
  await clock.advance(30_000);
  expect(await resumed).toBe(true);
});

test('a reload goes on reading from where the page was, with notices that no snapshot carries', async () => {
  const storage = new FakeStorage();
  const { clock, room, client } = await joined({ storage });
  room.say('bob', 'one');
  await clock.settle();
  const to = client.state.you?.id;
  client.close();
  room.append({ type: 'notice', text: 'For you alone', ...(to && { to }) });
  room.say('bob', 'two');
  const reloaded = clientOf(room, clock, { storage });
  expect(await reloaded.resume()).toBe(true);
  await clock.settle();
  expect(textsOf(reloaded.state)).toEqual(['one', 'notice: For you alone', 'two']);
});

test('a reload before the first poll was answered loses nothing either', async () => {
  const storage = new FakeStorage();
  const { clock, room, client } = await joined({ storage });
  client.close();
  room.append({ type: 'notice', text: 'Between two pages' });
  room.say('bob', 'one');
  const reloaded = clientOf(room, clock, { storage });
  await reloaded.resume();
  await clock.settle();
  expect(textsOf(reloaded.state).slice(-2)).toEqual(['notice: Between two pages', 'one']);
});

test('a reload between whose snapshot and first poll the room went back begins anew', async () => {
  const storage = new FakeStorage();
  const { clock, room, client } = await joined({ storage });
  client.close();
  room.say('bob', 'lost');
  const reloaded = clientOf(room, clock, { storage });
  let resets = 0;
  reloaded.on('reset', () => (resets += 1));
  const resumed = reloaded.resume();
  // An older copy was put back by hand, which keeps its name, and the room went on from there.
  room.weather = ({ path }) => {
    if (path !== 'poll') return 'fair';
    room.weather = () => 'fair';
    room.entries.pop();
    room.append({ type: 'topic', topic: 'Elsewhere', by: whoIs('bob') });
    room.say('bob', 'found');
    return 'fair';
  };
  await clock.advance(30_000);
  expect(await resumed).toBe(true);
  expect(resets).toBe(1);
  expect(textsOf(reloaded.state)).toEqual(['found']);
});

test('who had lapsed when the room was to begin anew begins once they are let in again', async () => {
  const storage = new FakeStorage();
  const { clock, room, client } = await joined({ storage });
  const { you } = client.state;
  client.close();
  room.say('bob', 'lost');
  const reloaded = clientOf(room, clock, { storage, random: () => 0.3 });
  let resets = 0;
  reloaded.on('reset', () => (resets += 1));
  const resumed = reloaded.resume();
  room.weather = ({ path }) => {
    if (path !== 'poll') return 'fair';
    room.weather = ({ path }) => {
      // The room is asked for again, since what was told is not what was shown.
      if (path !== 'room' || !you) return 'fair';
      room.weather = () => 'fair';
      room.lapse(you);
      return 'fair';
    };
    room.entries.pop();
    room.append({ type: 'topic', topic: 'Elsewhere', by: whoIs('bob') });
    room.say('bob', 'found');
    return 'fair';
  };
  await clock.advance(60_000);
  expect(await resumed).toBe(true);
  expect(resets).toBe(1);
  expect(textsOf(reloaded.state)[0]).toBe('found');
  room.say('bob', 'and on');
  await clock.settle();
  expect(textsOf(reloaded.state).at(-1)).toBe('and on');
});

test('what the old history answers after the new one began changes nothing', async () => {
  const { clock, room, client } = await joined();
  room.append({ type: 'topic', topic: 'Of old', by: whoIs('bob') });
  room.say('bob', 'of old');
  await clock.settle();
  // Somebody of whom nobody told is here: the room is asked for as a whole, and answers late.
  room.members.set(whoIs('eve').id, whoIs('eve'));
  room.weather = ({ path }) => (path === 'room' ? { lateMs: 8_000 } : 'fair');
  room.say('bob', 'too late');
  await clock.settle();
  const older = client.history();
  room.weather = () => 'fair';
  room.restore(3);
  room.append({ type: 'topic', topic: 'Anew', by: whoIs('bob') });
  room.say('bob', 'anew');
  await clock.advance(5_000);
  const texts = textsOf(client.state);
  expect(texts).toContain('anew');
  await clock.advance(20_000);
  expect(await older).toMatchObject({ ok: true });
  expect(textsOf(client.state)).toEqual(texts);
  expect(client.state.room?.topic).toBe('Anew');
});

test('who may have missed a change hears so: at each beginning that does not go on from theirs', async () => {
  const { clock, room, client } = scene();
  const told: string[] = [];
  client.on('missed', () => told.push('missed'));
  client.on('entry', (entry) => told.push(entry.type));
  room.say('bob', 'hello');
  await client.resume();
  expect(told.splice(0)).toEqual(['missed']);
  // Whoever only looks in hears nothing of what comes, until they look again.
  room.append({ type: 'delete', of: 1 as Seq, by: whoIs('bob') });
  await client.resume();
  expect(told.splice(0)).toEqual(['missed']);
  await client.resume();
  expect(told).toEqual([]);
  await client.join('ada');
  await clock.settle();
  expect(told.splice(0)).toEqual(['missed']);
  client.reconnect();
  room.say('bob', 'on');
  await clock.settle();
  expect(told).toEqual(['message']);
});

test('a change that was shown before it came, and was cut off, does not stay', async () => {
  const storage = new FakeStorage();
  const { clock, room, client } = await joined({ storage });
  room.say('bob', 'hello');
  await clock.settle();
  client.close();
  const { seq: of } = room.present()[0] ?? { seq: 0 as Seq };
  room.append({ type: 'delete', of, by: whoIs('bob') });
  const reloaded = clientOf(room, clock, { storage });
  const resumed = reloaded.resume();
  room.weather = ({ path }) => {
    if (path !== 'poll') return 'fair';
    room.weather = () => 'fair';
    // The snapshot had it deleted; in what is left of the room it never was.
    room.entries.pop();
    room.append({ type: 'topic', topic: 'Elsewhere', by: whoIs('bob') });
    return 'fair';
  };
  await clock.advance(30_000);
  expect(await resumed).toBe(true);
  expect(textsOf(reloaded.state)).toEqual(['hello']);
});

test('a message that was recorded and cut off before its entry came does not stay', async () => {
  const { clock, room, client } = await joined();
  // The polls fail from here on.
  room.weather = ({ path }) => (path === 'poll' ? 'lost' : 'fair');
  room.settleAll();
  await clock.settle();
  expect(await client.say('mine')).toMatchObject({ ok: true });
  expect(textsOf(client.state)).toEqual(['mine']);
  room.entries.pop();
  room.append({ type: 'reaction', of: 1 as Seq, emoji: '👍', by: whoIs('bob'), on: true });
  room.weather = () => 'fair';
  await clock.advance(60_000);
  expect(textsOf(client.state)).toEqual([]);
});

test('a reload that meets a node behind the one before takes that node at its word', async () => {
  const storage = new FakeStorage();
  const { clock, room, client } = await joined({ storage });
  room.say('bob', 'one');
  room.say('bob', 'two');
  await clock.settle();
  client.close();
  // The node that answers the reload has not heard of "two" yet; the one that is polled has.
  const two = room.entries.pop();
  const reloaded = clientOf(room, clock, { storage });
  const resumed = reloaded.resume();
  if (two) room.entries.push(two);
  await clock.settle();
  expect(await resumed).toBe(true);
  expect(textsOf(reloaded.state)).toEqual(['one', 'two']);
});

test('leaving tells the room, ends the polls and forgets the session', async () => {
  const storage = new FakeStorage();
  const { clock, room, client } = await joined({ storage });
  expect(storage.items.size).toBe(1);
  await client.leave();
  expect(room.members.size).toBe(0);
  expect(client.state).toMatchObject({ you: null, status: { kind: 'idle' } });
  expect(storage.items.size).toBe(0);
  const sent = room.heard.length;
  await clock.advance(120_000);
  expect(room.heard).toHaveLength(sent);
});

test('who has left, or was sent out, is not among those who are shown to be here', async () => {
  for (const reason of ['left', 'kicked'] as const) {
    const { clock, room, client } = await joined();
    room.enter('bob');
    await clock.settle();
    expect(client.state.live?.online).toBe(2);
    const { you } = client.state;
    if (reason === 'left') await client.leave();
    else if (you) room.append({ type: 'leave', member: you, reason });
    await clock.settle();
    expect(client.state.you).toBeNull();
    expect(client.state.members?.map((who) => who.nick)).toEqual(['bob']);
    expect(client.state.live?.online).toBe(1);
  }
});

test('who joins again while leaving is still under way stays, with the new session', async () => {
  const { clock, room, client } = await joined();
  room.weather = ({ path }) => (path === 'leave' ? { lateMs: 1_000 } : 'fair');
  const leaving = client.leave();
  await client.join('ada');
  await clock.advance(2_000);
  await leaving;
  expect(room.sent('leave')).toHaveLength(1);
  room.say('bob', 'hello');
  await clock.settle();
  expect(textsOf(client.state).at(-1)).toBe('hello');
  expect(client.state.status).toEqual({ kind: 'live' });
  expect(room.sent('poll').at(-1)?.token).toBe([...room.tokens.keys()].at(-1) ?? '');
});

test('a closed client sends nothing any more, sets no timer and answers whoever waits', async () => {
  const pane = new FakePane();
  const { clock, room, client } = await joined({ pane });
  room.weather = () => 'lost';
  const said = client.say('hello');
  await clock.settle();
  client.close();
  expect(await said).toMatchObject({ ok: false, code: 'CLOSED' });
  expect(client.state.status).toEqual({ kind: 'closed' });
  const sent = room.heard.length;
  pane.fire('online');
  client.reconnect();
  client.typing();
  expect(await client.say('more')).toMatchObject({ code: 'CLOSED' });
  expect(await client.join('ada')).toMatchObject({ code: 'CLOSED' });
  expect(await client.resume()).toBe(false);
  await clock.advance(120_000);
  expect(room.heard).toHaveLength(sent);
  expect(clock.pending).toBe(0);
  expect(pane.listening).toBe(0);
});

// --- Credentials ------------------------------------------------------------------------------

test('a bearer is the token of the join until a poll brings a fresh one', async () => {
  const { clock, room } = await joined();
  const [token = ''] = room.tokens.keys();
  expect(room.sent('poll').at(-1)?.token).toBe(token);
  const [id] = room.members.keys();
  if (id) room.tokens.set('fresh', id);
  room.extra = { token: 'fresh' };
  room.say('bob', 'hello');
  await clock.settle();
  expect(room.sent('poll').at(-1)?.token).toBe('fresh');
});

test('with the cookie no token is sent, shown to other scripts or stored', async () => {
  const storage = new FakeStorage();
  const requests: RequestInit[] = [];
  const { clock, room, client } = scene();
  const cookieClient = clientOf(room, clock, {
    storage,
    token: null,
    fetch: (input, init) => {
      requests.push(init);
      return room.fetch(input, init);
    },
  });
  client.close();
  await cookieClient.join('ada');
  await clock.settle();
  expect(requests.every(({ credentials }) => credentials === 'include')).toBe(true);
  expect(requests.some(({ headers }) => new Headers(headers).has('Authorization'))).toBe(false);
  expect(JSON.stringify([...storage.items])).not.toContain('token');
});

// --- What a page hears ------------------------------------------------------------------------

test('changes made together are told once, as a new value; the old one stays as it was', async () => {
  const { clock, room, client } = await joined();
  const before = client.state;
  let told = 0;
  const end = client.subscribe((state) => {
    told++;
    expect(state).toBe(client.state);
  });
  room.entries.push(
    { type: 'topic', topic: 'Comets', by: whoIs('bob'), seq: 2 as Seq, at: 0 },
    { type: 'message', id: 'x', by: whoIs('bob'), text: 'hello', seq: 3 as Seq, at: 0 },
  );
  room.settleAll();
  await clock.settle();
  expect(told).toBe(1);
  expect(textsOf(before)).toEqual([]);
  expect(textsOf(client.state)).toEqual(['topic: Comets', 'hello']);
  end();
  room.say('bob', 'unheard');
  await clock.settle();
  expect(told).toBe(1);
});

test('status is told when it changes, not with each poll', async () => {
  const { clock, room, client } = scene();
  const kinds: Status['kind'][] = [];
  client.on('status', ({ kind }) => kinds.push(kind));
  await client.join('ada');
  for (const text of ['one', 'two']) {
    room.say('bob', text);
    await clock.settle();
  }
  room.weather = () => 'lost';
  room.say('bob', 'three');
  await clock.advance(40);
  room.weather = () => 'fair';
  await clock.advance(2_000);
  expect(kinds).toEqual(['connecting', 'live', 'waiting', 'connecting', 'live']);
});

test('the roster follows comings, goings and other nicks, sorted by nick', async () => {
  const { clock, room, client } = await joined();
  const bob = room.enter('bob');
  room.enter('Zoe');
  await clock.settle();
  expect(client.state.members?.map((who) => who.nick)).toEqual(['ada', 'bob', 'Zoe']);
  room.append({ type: 'member', member: { ...bob, nick: 'robert' }, was: bob });
  room.append({ type: 'leave', member: whoIs('Zoe'), reason: 'left' });
  const { you } = client.state;
  if (you) room.append({ type: 'member', member: { ...you, role: 'keeper' }, was: you });
  await clock.settle();
  expect(client.state.members?.map((who) => who.nick)).toEqual(['ada', 'robert']);
  expect(client.state.you?.role).toBe('keeper');
});

test('entries of unknown types are passed over', async () => {
  const { clock, room, client } = await joined();
  room.entries.push({ type: 'pin', of: 1, seq: 2, at: 0 } as never);
  room.say('bob', 'hello');
  await clock.settle();
  expect(textsOf(client.state)).toEqual(['hello']);
});

// --- Smaller verbs ----------------------------------------------------------------------------

test('edits, deletions and reactions are asked for and show when their entries come', async () => {
  const { clock, room, client } = await joined();
  const seq = room.say('bob', 'helo');
  expect(await client.edit(seq, 'hello')).toEqual({ ok: true });
  expect(await client.react(seq, '👍🏽', true)).toEqual({ ok: true });
  await clock.settle();
  const [line] = client.state.lines;
  expect(line).toMatchObject({ text: 'hello', reactions: [{ emoji: '👍🏽', count: 1 }] });
  await client.react(seq, '👍🏽', false);
  await client.remove(seq);
  await clock.settle();
  expect(textsOf(client.state)).toEqual(['(deleted)']);
  expect(room.heard.map(({ method, path }) => `${method} ${path}`)).toContain(
    `PUT messages/${seq}/reactions/${encodeURIComponent('👍🏽')}`,
  );
});

test('an edit is tried again when the server is away, and not when it is refused', async () => {
  const { clock, room, client } = await joined();
  const seq = room.say('bob', 'helo');
  let tries = 0;
  room.weather = ({ method }) => (method === 'PATCH' && ++tries < 3 ? 'lost' : 'fair');
  const editing = client.edit(seq, 'hello');
  await clock.advance(5_000);
  expect(await editing).toEqual({ ok: true });
  room.refusal = ({ method }) => (method === 'DELETE' ? 'FORBIDDEN' : null);
  expect(await client.remove(seq)).toMatchObject({ ok: false, code: 'FORBIDDEN' });
  expect(room.heard.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
});

test('typing is told at most every three seconds, and only by members', async () => {
  const { clock, room, client } = scene();
  client.typing();
  await client.join('ada');
  for (let key = 0; key < 10; key++) {
    client.typing();
    await clock.advance(400);
  }
  expect(room.sent('typing')).toHaveLength(2);
});

// --- The page around it -----------------------------------------------------------------------

test('a page that is closed says so in a way that outlives it', async () => {
  const pane = new FakePane();
  const { clock, room } = await joined({ pane, url: 'http://room.test/', tab: 'thisTab' });
  const [token] = room.tokens.keys();
  pane.fire('pagehide', { persisted: false });
  expect(pane.beacons).toEqual([
    { url: 'http://room.test/v1/leave', body: { tab: 'thisTab', token } },
  ]);
  const sent = room.heard.length;
  await clock.advance(60_000);
  expect(room.heard).toHaveLength(sent);
});

test('a page kept for the way back says nothing, holds no poll, and polls at once when it is back', async () => {
  const pane = new FakePane();
  const { clock, room, client } = await joined({ pane });
  pane.fire('pagehide', { persisted: true });
  await clock.settle();
  expect(pane.beacons).toEqual([]);
  expect(clock.pending).toBe(0); // No deadline is left.
  room.say('bob', 'while you were away');
  await clock.settle();
  expect(textsOf(client.state)).toEqual([]);
  pane.fire('pageshow', { persisted: true });
  await clock.settle();
  expect(textsOf(client.state)).toEqual(['while you were away']);
  expect(room.sent('poll').map(({ query }) => query.get('hold'))).toEqual(['25', '0', '25']);
});

test('the pageshow of an ordinary load asks nothing again', async () => {
  const pane = new FakePane();
  const { clock, room } = await joined({ pane });
  const sent = room.heard.length;
  pane.fire('pageshow', { persisted: false });
  await clock.settle();
  expect(room.heard).toHaveLength(sent);
});

test('nobody who has not joined sends a beacon', () => {
  const pane = new FakePane();
  scene({ pane });
  pane.fire('pagehide', { persisted: false });
  expect(pane.beacons).toEqual([]);
});

test('who looks again while they join anew, after they were sent out, is not refused without end', async () => {
  const pane = new FakePane();
  const { clock, room, client } = await joined({ pane });
  const { you } = client.state;
  if (you) room.append({ type: 'leave', member: you, reason: 'kicked' });
  await clock.settle();
  expect(client.state.status.kind).toBe('out');
  room.weather = ({ path }) => (path === 'join' ? { lateMs: 10_000 } : 'fair');
  const joining = client.join('ada');
  await clock.advance(6_000);
  const polls = room.sent('poll').length;
  pane.fire('visibilitychange');
  await clock.advance(20_000);
  expect(await joining).toMatchObject({ ok: true });
  expect(client.state.status).toEqual({ kind: 'live' });
  expect(room.sent('poll').length - polls).toBeLessThan(5);
});
