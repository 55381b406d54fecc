import { expect, test } from 'bun:test';
import type { FakeClock } from '../../test/kit/fake-clock.ts';
import type { MemberId } from '../protocol/entries.ts';
import { pendingMax } from './outbox.ts';
import type { PendingLine } from './room-state.ts';
import type { FakeRoom, Request, Weather } from '../client/testing/fake-room.ts';
import { clientOf, FakeStorage, joined, scene, textsOf } from './testing/scene.ts';

function isSay({ method, path }: Request): boolean {
  return method === 'POST' && path === 'messages';
}

function onSays(room: FakeRoom, weather: (say: Request) => Weather): void {
  room.weather = (request) => (isSay(request) ? weather(request) : 'fair');
}

function saysIn(room: FakeRoom): Request[] {
  return room.heard.filter(isSay);
}

/** From the next answer on, polls are refused for the moment. */
async function pollsFail(room: FakeRoom, clock: FakeClock): Promise<void> {
  room.refusal = ({ path }) => (path === 'poll' ? 'BUSY' : null);
  room.say('bob', 'before');
  await clock.settle();
}

const unsaid = { ok: false } as const;

// --- On its way -------------------------------------------------------------------------------

test('a message is pending until it is recorded, then stands once in its place', async () => {
  const { clock, room, client } = await joined();
  onSays(room, () => ({ lateMs: 1_000 }));
  await pollsFail(room, clock);
  const said = client.say('  hello  ');
  expect(textsOf(client.state)).toEqual(['before', 'pending:   hello  ']);
  await clock.advance(1_000);
  // The answer is heard before the poll brings the entry: it is shown as it was sent.
  expect(await said).toMatchObject({ ok: true, seq: 3 });
  expect(textsOf(client.state).at(-1)).toBe('  hello  ');
  room.refusal = () => null;
  await clock.advance(30_000);
  expect(textsOf(client.state)).toEqual(['before', 'hello']);
});

test('an entry that comes before the answer settles the message, which is not shown twice', async () => {
  const { clock, room, client } = await joined();
  onSays(room, () => ({ lateMs: 5_000 }));
  const said = client.say('hello');
  await clock.settle();
  expect(textsOf(client.state)).toEqual(['hello']);
  expect(await said).toMatchObject({ ok: true, seq: 2 });
  await clock.advance(10_000);
  expect(textsOf(client.state)).toEqual(['hello']);
  expect(saysIn(room)).toHaveLength(1);
});

test('somebody else who uses the same id settles nothing of ours', async () => {
  const { clock, room, client } = await joined();
  onSays(room, () => 'lost');
  void client.say('ours');
  await clock.settle();
  const id = String(saysIn(room)[0]?.body.id);
  const by = { id: 'id-of-eve' as MemberId, nick: 'eve', role: 'member' } as const;
  room.append({ type: 'message', id, by, text: 'theirs' });
  await clock.settle();
  expect(textsOf(client.state)).toEqual(['theirs', 'pending: ours']);
});

test('messages go out one at a time, in the order in which they were said', async () => {
  const { clock, room, client } = await joined();
  onSays(room, () => ({ lateMs: 100 }));
  const said = ['one', 'two', 'three'].map((text) => client.say(text));
  await clock.settle();
  expect(saysIn(room)).toHaveLength(1);
  await clock.advance(1_000);
  expect(await Promise.all(said)).toMatchObject([{ seq: 2 }, { seq: 3 }, { seq: 4 }]);
  expect(textsOf(client.state)).toEqual(['one', 'two', 'three']);
});

for (const [name, weather] of [
  ['lost on the way there', 'lost'],
  ['lost on the way back', 'cut'],
  ['answered by a broken proxy', { status: 502 }],
  ['answered by a captive portal', { status: 200, body: '<html></html>' }],
  ['never answered', 'silent'],
] as const) {
  test(`a message that was ${name} is sent again with the same id and recorded once`, async () => {
    const { clock, room, client } = await joined();
    let tries = 0;
    onSays(room, () => (++tries <= 3 ? weather : 'fair'));
    const said = client.say('hello');
    void client.say('and more');
    await clock.advance(120_000);
    expect(await said).toMatchObject({ ok: true, seq: 2 });
    const ids = saysIn(room).map(({ body }) => body.id);
    expect(new Set(ids).size).toBe(2);
    expect(String(ids[0])).toMatch(/^[\w-]{16}$/);
    expect(textsOf(client.state)).toEqual(['hello', 'and more']);
    expect(room.present()).toHaveLength(2);
  });
}

test('a pace that is too fast is slowed down as the server asks, without a refusal', async () => {
  const { clock, room, client } = await joined();
  const refused: PendingLine[] = [];
  client.on('refused', (line) => refused.push(line));
  const tooFast = {
    status: 429,
    headers: { 'Content-Type': 'application/problem+json', 'Retry-After': '1' },
    body: JSON.stringify({ code: 'TOO_FAST', detail: 'Slow down', status: 429, retryMs: 900 }),
  };
  let tries = 0;
  onSays(room, () => (++tries === 1 ? tooFast : 'fair'));
  const said = client.say('hello');
  await clock.advance(999);
  expect(saysIn(room)).toHaveLength(1);
  const [waiting] = client.state.lines.filter((line) => line.type === 'pending');
  expect(waiting?.retryAt).toBeGreaterThan(clock.now());
  await clock.advance(502);
  expect(await said).toMatchObject({ ok: true });
  expect(refused).toEqual([]);
});

test('a message that was waiting for the server goes out when a poll finds it there again', async () => {
  const { clock, room, client } = await joined();
  room.weather = () => 'lost';
  room.say('bob', 'hello');
  void client.say('mine');
  await clock.advance(200_000);
  const tries = saysIn(room).length;
  room.weather = () => 'fair';
  client.reconnect();
  await clock.settle();
  expect(saysIn(room)).toHaveLength(tries + 1);
  expect(textsOf(client.state)).toEqual(['hello', 'mine']);
});

// --- Refused ----------------------------------------------------------------------------------

test('a message that is refused for good stays with the reason, and those behind it go on', async () => {
  const { clock, room, client } = await joined();
  const refused: PendingLine[] = [];
  client.on('refused', (line) => refused.push(line));
  room.refusal = ({ body }) => (body.text === 'bad' ? 'BAD_TEXT' : null);
  const bad = client.say('bad');
  const good = client.say('good');
  expect(await bad).toMatchObject({ ...unsaid, code: 'BAD_TEXT', detail: 'Refused with BAD_TEXT' });
  expect(await good).toMatchObject({ ok: true });
  await clock.settle();
  expect(textsOf(client.state)).toEqual(['good', 'failed: bad']);
  expect(refused).toMatchObject([{ text: 'bad', failure: { code: 'BAD_TEXT' } }]);
  // It is not tried again by itself, not even when everything else comes back.
  client.reconnect();
  await clock.advance(120_000);
  expect(saysIn(room)).toHaveLength(2);
});

test('a refused message can be sent again, or taken back', async () => {
  const { clock, room, client } = await joined();
  room.refusal = (request) => (isSay(request) ? 'MUTED' : null);
  void client.say('one');
  void client.say('two');
  await clock.settle();
  const [one, two] = client.state.lines as PendingLine[];
  room.refusal = () => null;
  client.retry(one?.id ?? '');
  client.discard(two?.id ?? '');
  await clock.settle();
  expect(textsOf(client.state)).toEqual(['one']);
  expect(room.present()).toHaveLength(1);
});

test('a message can be taken back while it waits', async () => {
  const { clock, room, client } = await joined();
  room.weather = () => 'lost';
  const said = client.say('regretted');
  await clock.settle();
  client.discard((client.state.lines[0] as PendingLine).id);
  expect(await said).toMatchObject({ ...unsaid, code: 'DISCARDED' });
  room.weather = () => 'fair';
  await clock.advance(60_000);
  expect(room.present()).toEqual([]);
});

test('a message that is taken back while it waits lets the next one go at once', async () => {
  const { clock, room, client } = await joined();
  room.weather = ({ method, path }) =>
    method === 'POST' && path === 'messages'
      ? { status: 503, headers: { 'Retry-After': '20' } }
      : 'fair';
  const first = client.say('to be taken back');
  await clock.settle();
  const second = client.say('the next');
  room.weather = () => 'fair';
  client.discard((client.state.lines[0] as PendingLine).id);
  await clock.settle();
  expect(await first).toMatchObject({ ...unsaid, code: 'DISCARDED' });
  expect(textsOf(client.state)).toEqual(['the next']);
  expect(await second).toMatchObject({ ok: true });
});

test('without having joined nothing can be said', async () => {
  const { room, client } = scene();
  expect(await client.say('hello')).toMatchObject({ ...unsaid, code: 'NO_SESSION' });
  expect(room.heard).toEqual([]);
});

test('so many messages may wait and no more', async () => {
  const { room, client } = await joined();
  room.weather = () => 'lost';
  for (let count = 0; count < pendingMax; count++) void client.say(`${count}`);
  expect(await client.say('one more')).toMatchObject({ ...unsaid, code: 'TOO_MANY' });
  expect(client.state.lines).toHaveLength(pendingMax);
});

// --- Commands ---------------------------------------------------------------------------------

test('the answer to a command stands where it came, for its author alone', async () => {
  const { clock, room, client } = await joined();
  room.say('bob', 'before');
  await clock.settle();
  expect(await client.say('/who')).toMatchObject({ ok: true, reply: 'You called /who' });
  room.say('bob', 'after');
  await clock.settle();
  expect(textsOf(client.state)).toEqual(['before', 'reply: You called /who', 'after']);
  expect(room.present()).toHaveLength(2);
});

test.each(['', ' ', '\u200B', '\u2060\u00AD'])(
  'the code of the keepers is neither stored nor shown, behind "%s"',
  async (unseen) => {
    const storage = new FakeStorage();
    const { clock, room, client } = await joined({ storage });
    onSays(room, () => 'lost');
    void client.say(`${unseen}/keeper SECRET`);
    void client.say('hello');
    await clock.settle();
    expect(saysIn(room)[0]?.body.text).toBe(`${unseen}/keeper SECRET`);
    expect(JSON.stringify(client.state)).not.toContain('SECRET');
    expect(JSON.stringify([...storage.items])).not.toContain('SECRET');
    expect(JSON.stringify([...storage.items])).toContain('hello');
  },
);

// --- Reloads and other lives ------------------------------------------------------------------

test('what was pending survives a reload and is recorded once, also if it had been recorded', async () => {
  const storage = new FakeStorage();
  const { clock, room, client } = await joined({ storage });
  onSays(room, () => 'cut');
  void client.say('one');
  void client.say('two');
  // The poll would settle the first: the page goes before it does.
  room.refusal = ({ path }) => (path === 'poll' ? 'BUSY' : null);
  await clock.settle();
  client.close();
  room.weather = () => 'fair';
  room.refusal = () => null;
  const reloaded = clientOf(room, clock, { storage });
  const resumed = reloaded.resume();
  await clock.advance(5_000);
  expect(await resumed).toBe(true);
  expect(textsOf(reloaded.state).filter((text) => !text.endsWith('join'))).toEqual(['one', 'two']);
  expect(room.present().map(({ text }) => text)).toEqual(['one', 'two']);
  expect(JSON.parse([...storage.items.values()][0] ?? '{}')).toMatchObject({ outbox: [] });
});

test('a refused message survives a reload as refused', async () => {
  const storage = new FakeStorage();
  const { clock, room, client } = await joined({ storage });
  room.refusal = (request) => (isSay(request) ? 'MUTED' : null);
  await client.say('one');
  client.close();
  const reloaded = clientOf(room, clock, { storage });
  await reloaded.resume();
  await clock.settle();
  expect(textsOf(reloaded.state).at(-1)).toBe('failed: one');
  expect(saysIn(room)).toHaveLength(1);
});

test('a storage that is broken, full or forbidden costs only what a reload would have kept', async () => {
  const broken = {
    getItem: () => '{"outbox":',
    setItem: () => {
      throw new Error('The quota has been exceeded');
    },
    removeItem: () => {
      throw new Error('The operation is insecure');
    },
  };
  const { clock, room, client } = await joined({ storage: broken });
  expect(await client.say('hello')).toMatchObject({ ok: true });
  await client.leave();
  await clock.settle();
  expect(room.present()).toHaveLength(1);
});

test('what another tab had kept is taken in once, and as it stood there', async () => {
  const { clock, room, client } = await joined();
  const kept = JSON.stringify({
    position: null,
    outbox: [
      { id: 'one', text: 'one' },
      { id: 'two', text: 'two', by: 'id-of-eve' },
      { id: 'three', text: 'three', failure: { ok: false, code: 'MUTED', status: 403 } },
    ],
  });
  for (const brought of [kept, kept, null, '{"outbox":']) {
    client.adopt(brought);
    await clock.settle();
    expect(textsOf(client.state)).toEqual(['one', 'failed: two', 'failed: three']);
  }
  expect(saysIn(room)).toHaveLength(1);
});

test('what may have been sent as somebody else is not sent again under another name unasked', async () => {
  const { clock, room, client } = await joined();
  onSays(room, () => 'lost');
  void client.say('did it arrive');
  await clock.settle();
  room.refusal = ({ path }) => (path === 'poll' ? 'BANNED' : null);
  room.settleAll();
  await clock.advance(2_000);
  expect(client.state.status.kind).toBe('out');
  room.refusal = () => null;
  room.weather = () => 'fair';
  room.tokens.clear();
  const sent = saysIn(room).length;
  await client.join('eve');
  await clock.advance(60_000);
  expect(saysIn(room)).toHaveLength(sent);
  expect(textsOf(client.state).at(-1)).toBe('failed: did it arrive');
  client.retry((client.state.lines.at(-1) as PendingLine).id);
  await clock.settle();
  expect(textsOf(client.state).at(-1)).toBe('did it arrive');
});

test('a message that was recorded before it was refused is ours when its entry comes', async () => {
  const { clock, room, client } = await joined();
  let tries = 0;
  onSays(room, () => (++tries === 1 ? 'cut' : 'fair'));
  await pollsFail(room, clock);
  room.refusal = ({ path, method }) => {
    if (path === 'poll') return 'BUSY';
    return method === 'POST' && tries > 1 ? 'MUTED' : null;
  };
  const said = client.say('hello');
  await clock.advance(3_000);
  expect(await said).toMatchObject({ code: 'MUTED' });
  expect(textsOf(client.state).at(-1)).toBe('failed: hello');
  room.refusal = () => null;
  client.reconnect();
  await clock.advance(30_000);
  expect(textsOf(client.state)).toEqual(['before', 'hello']);
});

test('an answer from a history that is gone does not count: the message is sent into the new one', async () => {
  const { clock, room, client } = await joined();
  onSays(room, () => ({ lateMs: 2_000 }));
  await pollsFail(room, clock);
  const said = client.say('hello');
  await clock.settle();
  room.restore(1);
  room.refusal = () => null;
  room.say('bob', 'restored');
  client.reconnect();
  await clock.advance(1_000);
  expect(textsOf(client.state)).toEqual(['before', 'restored', 'pending: hello']);
  await clock.advance(5_000);
  expect(await said).toMatchObject({ ok: true });
  expect(room.present().map(({ text }) => text)).toEqual(['before', 'restored', 'hello']);
  expect(textsOf(client.state)).toEqual(['before', 'restored', 'hello']);
});

/** The room is restored from a backup of its beginning, and goes on without us for a while. */
function restoreBeginning(room: FakeRoom): void {
  room.restore(room.entries.length - 1);
  for (let count = 0; count < 9; count++) room.say('eve', `Another ${count}`);
}

test('in another history an answer goes out without what it answers', async () => {
  const { clock, room, client } = await joined();
  const theirs = room.say('bob', 'a question');
  await clock.settle();
  onSays(room, () => 'lost');
  const first = client.say('an answer', { replyTo: theirs });
  const second = client.say('another', { replyTo: theirs });
  await clock.advance(2_000);
  restoreBeginning(room);
  // What is sent before the poll tells of it, nobody here can know to be wrong.
  client.on('reset', () => onSays(room, () => 'fair'));
  client.reconnect();
  await clock.advance(60_000);
  expect([await first, await second]).toMatchObject([{ ok: true }, { ok: true }]);
  const said = room.present().filter(({ by }) => by.nick === 'ada');
  expect(said.map(({ text }) => text)).toEqual(['an answer', 'another']);
  const answered = saysIn(room).slice(-2);
  expect(answered.map(({ body }) => body.replyTo)).toEqual([undefined, undefined]);
});

test('an answer that was recorded in a history that is gone is sent anew without what it answers', async () => {
  const { clock, room, client } = await joined();
  const theirs = room.say('bob', 'a question');
  await clock.settle();
  onSays(room, () => ({ lateMs: 2_000 }));
  await pollsFail(room, clock);
  const said = client.say('an answer', { replyTo: theirs });
  await clock.settle();
  restoreBeginning(room);
  room.refusal = () => null;
  client.reconnect();
  await clock.advance(60_000);
  expect(await said).toMatchObject({ ok: true });
  expect(saysIn(room).map(({ body }) => body.replyTo)).toEqual([theirs, undefined]);
});

test.each([
  ['the same one', (): void => {}, true],
  ['shorter', (room: FakeRoom) => room.restore(1), false],
  ['longer', restoreBeginning, false],
] as const)(
  'after a reload an answer keeps what it answers only in its history: it is %s',
  async (...given) => {
    const [, change, isKept] = given;
    const storage = new FakeStorage();
    const { clock, room, client } = await joined({ storage });
    const theirs = room.say('bob', 'a question');
    await clock.settle();
    onSays(room, () => 'lost');
    void client.say('an answer', { replyTo: theirs });
    await clock.settle();
    client.close();
    change(room);
    room.weather = () => 'fair';
    void clientOf(room, clock, { storage }).resume();
    await clock.advance(60_000);
    expect(room.present().at(-1)?.text).toBe('an answer');
    expect(saysIn(room).at(-1)?.body.replyTo).toBe(isKept ? theirs : undefined);
  },
);

test('what another tab has kept from before the history was another one answers nothing', async () => {
  const { clock, room, client } = await joined();
  const theirs = room.say('bob', 'a question');
  await clock.settle();
  const kept = (id: string, text: string): string =>
    JSON.stringify({ position: null, outbox: [{ id, text, replyTo: theirs }] });
  client.adopt(kept('before', 'an answer'));
  await clock.settle();
  restoreBeginning(room);
  client.reconnect();
  await clock.advance(60_000);
  client.adopt(kept('after', 'a late answer'));
  await clock.settle();
  expect(room.present().at(-1)?.text).toBe('a late answer');
  expect(saysIn(room).map(({ body }) => body.replyTo)).toEqual([theirs, undefined]);
});

test('until when a message waits is not kept: the reload tries it at once', async () => {
  const storage = new FakeStorage();
  const { clock, client, room } = await joined({ storage });
  onSays(room, () => ({
    status: 429,
    headers: { 'Content-Type': 'application/problem+json', 'Retry-After': '9' },
    body: JSON.stringify({ code: 'TOO_FAST', detail: 'Slow down', status: 429, retryMs: 9_000 }),
  }));
  void client.say('hello');
  await clock.settle();
  expect((client.state.lines.at(-1) as PendingLine).retryAt).toBeGreaterThan(clock.now());
  expect(JSON.stringify([...storage.items])).toContain('hello');
  expect(JSON.stringify([...storage.items])).not.toContain('retryAt');
});

test('leaving takes back what was not sent', async () => {
  const { clock, room, client } = await joined();
  room.weather = () => 'lost';
  const said = client.say('hello');
  await clock.settle();
  room.weather = () => 'fair';
  await client.leave();
  expect(await said).toMatchObject({ ...unsaid, code: 'DISCARDED' });
  await clock.advance(60_000);
  expect(room.present()).toEqual([]);
});
