import { expect, test } from 'bun:test';
import { FakePane, joined, textsOf } from '../copy/testing/scene.ts';
import type { FakeRoom, Request, Weather } from './testing/fake-room.ts';

/** Weather for polls only. */
function onPolls(room: FakeRoom, weather: (poll: Request) => Weather): void {
  room.weather = (request) => (request.path === 'poll' ? weather(request) : 'fair');
}

/** The body of a reply to a poll. */
function replyWith(entries: object[]): string {
  const live = { online: 1, roster: 'full', typing: [] };
  const next = { waitMs: 0, hold: 25 };
  return JSON.stringify({ cursor: 'A.3', from: 2, to: 3, entries, live, next });
}

function holdsOf(room: FakeRoom): (string | null)[] {
  return room.sent('poll').map(({ query }) => query.get('hold'));
}

// --- One poll after the other -----------------------------------------------------------------

test('a poll is chained from the answer to the one before, and there is one at a time', async () => {
  const { clock, room } = await joined({ tab: 'thisTab' });
  for (let count = 1; count <= 20; count++) {
    expect(room.held).toBe(1);
    room.say('bob', `message ${count}`);
    await clock.settle();
    expect(room.sent('poll')).toHaveLength(count + 1);
  }
  const polls = room.sent('poll').map(({ query }) => query);
  expect(polls.map((query) => query.get('turn'))).toEqual(polls.map((_, index) => `${index + 1}`));
  expect(new Set(polls.map((query) => query.get('tab')))).toEqual(new Set(['thisTab']));
});

test('while a poll is held its deadline is the only timer', async () => {
  const { clock, room } = await joined();
  expect(room.held).toBe(1);
  expect(clock.pending).toBe(2); // The room's hold and the client's deadline.
});

test('the next poll waits as long as the server asks, and not a timer longer', async () => {
  const { clock, room } = await joined();
  room.next = { waitMs: 700, hold: 9 };
  room.say('bob', 'hello');
  await clock.advance(699);
  expect(holdsOf(room)).toEqual(['25']);
  await clock.advance(1);
  expect(holdsOf(room)).toEqual(['25', '9']);
});

test('an answer that comes at once and says nothing is not asked for without end', async () => {
  const { clock, room } = await joined();
  for (let count = 0; count < 1_000 && clock.pending > 0; count++) {
    room.settleAll();
    await clock.advance(10);
  }
  expect(room.sent('poll').length).toBeLessThan(15);
});

test('a superseded poll is the last one, until somebody asks to reconnect', async () => {
  const pane = new FakePane();
  const { clock, room, client } = await joined({ pane });
  room.extra = { superseded: true };
  room.settleAll();
  await clock.settle();
  expect(client.state.status).toEqual({ kind: 'superseded' });
  room.extra = {};
  pane.fire('visibilitychange');
  await clock.advance(60_000);
  expect(room.sent('poll')).toHaveLength(1);
  client.reconnect();
  await clock.settle();
  expect(client.state.status).toEqual({ kind: 'live' });
});

test('a server that is about to stop is polled again when it says', async () => {
  const { clock, room, client } = await joined();
  room.next = { waitMs: 3_000, hold: 25 };
  room.extra = { draining: true };
  room.say('bob', 'last words');
  await clock.settle();
  expect(textsOf(client.state)).toEqual(['last words']);
  expect(client.state.status).toMatchObject({ attempt: 1, reason: { code: 'DRAINING' } });
  await clock.advance(2_999);
  expect(room.sent('poll')).toHaveLength(1);
  await clock.advance(101);
  expect(room.sent('poll')).toHaveLength(2);
});

// --- Failures ---------------------------------------------------------------------------------

test('the first retry after a lost connection is quick, the later ones back off', async () => {
  const { clock, room, client } = await joined();
  onPolls(room, () => 'lost');
  room.say('bob', 'hello');
  await clock.settle();
  const { status } = client.state;
  expect(status).toMatchObject({ kind: 'waiting', attempt: 1, reason: { code: 'UNREACHABLE' } });
  expect(status.kind === 'waiting' && status.retryAt - clock.now()).toBeWithin(1, 101);
  await clock.advance(100);
  expect(client.state.status).toMatchObject({ attempt: 2 });
  const before = room.sent('poll').length;
  await clock.advance(60_000);
  expect(room.sent('poll').length - before).toBeWithin(5, 12);
});

test('once the server is back it is asked for an answer at once, then held polls go on', async () => {
  const { clock, room, client } = await joined();
  onPolls(room, () => 'lost');
  room.say('bob', 'hello');
  await clock.settle();
  room.weather = () => 'fair';
  await clock.advance(100);
  expect(client.state.status).toEqual({ kind: 'live' });
  expect(holdsOf(room)).toEqual(['25', '25', '0', '25']);
});

for (const [name, weather] of [
  ['Retry-After in seconds', { status: 503, headers: { 'Retry-After': '8' } }],
  [
    'Retry-After as a date',
    { status: 503, headers: { 'Retry-After': new Date(1_700_000_008_000).toUTCString() } },
  ],
  [
    'retryMs of a problem',
    {
      status: 503,
      headers: { 'Content-Type': 'application/problem+json' },
      body: JSON.stringify({ code: 'DRAINING', detail: 'Stopping', status: 503, retryMs: 8_000 }),
    },
  ],
] as const) {
  test(`${name} is a minimum`, async () => {
    const { clock, room } = await joined();
    onPolls(room, () => weather);
    room.say('bob', 'hello');
    await clock.advance(7_999);
    expect(room.sent('poll')).toHaveLength(2);
    await clock.advance(501);
    expect(room.sent('poll')).toHaveLength(3);
  });
}

for (const [name, weather] of [
  [
    'a captive portal',
    { status: 200, body: '<html>Log in</html>', headers: { 'Content-Type': 'text/html' } },
  ],
  [
    'JSON of something else',
    { status: 200, body: '{"ok":true}', headers: { 'Content-Type': 'application/json' } },
  ],
  [
    'a body that was cut',
    { status: 200, body: '{"cursor":"A.9","fr', headers: { 'Content-Type': 'application/json' } },
  ],
  [
    'a good answer by another name',
    { status: 200, body: replyWith([]), headers: { 'Content-Type': 'text/plain' } },
  ],
  ['an empty answer', { status: 200 }],
  ['a missing body', { status: 204 }],
  [
    'an entry without an author',
    {
      status: 200,
      headers: { 'Content-Type': 'application/json' },
      body: replyWith([{ seq: 3, at: 0, type: 'message', id: 'x', text: 'hi' }]),
    },
  ],
  ['a proxy that has lost the server', { status: 502, body: 'Bad gateway' }],
  ['a firewall', { status: 403, body: 'Denied' }],
] as const) {
  test(`${name} is a failed poll, never data`, async () => {
    const { clock, room, client } = await joined();
    onPolls(room, () => weather);
    room.say('bob', 'one');
    room.say('bob', 'two');
    await clock.advance(2_000);
    const reason = { code: 'UNREACHABLE', status: weather.status };
    expect(client.state.status).toMatchObject({ kind: 'waiting', reason });
    expect(textsOf(client.state)).toEqual(['one']);
    room.weather = () => 'fair';
    await clock.advance(30_000);
    expect(textsOf(client.state)).toEqual(['one', 'two']);
  });
}

test('a half-open connection is given up ten seconds after its hold, also by a deaf fetch', async () => {
  for (const isDeaf of [false, true]) {
    const { clock, room, client } = await joined();
    room.isDeaf = isDeaf;
    onPolls(room, () => 'silent');
    room.say('bob', 'one');
    await clock.advance(34_999);
    expect(room.sent('poll')).toHaveLength(2);
    room.weather = () => 'fair';
    await clock.advance(101);
    expect(room.sent('poll').length).toBeGreaterThan(2);
    expect(client.state.status).toEqual({ kind: 'live' });
  }
});

test('on a way that cuts silent connections the hold is shortened until polls are answered', async () => {
  const { clock, room, client } = await joined();
  onPolls(room, () => ({ cutMs: 12_000 }));
  room.say('bob', 'one');
  await clock.advance(60_000);
  const holds = holdsOf(room).filter((hold) => hold !== '0');
  // The first was answered by the message.
  expect(holds.slice(0, 6)).toEqual(['25', '25', '25', '25', '9', '9']);
  expect(client.state.status).toEqual({ kind: 'live' });
});

// --- The machine and the page come back -------------------------------------------------------

test('the network comes back: the wait ends and the server is asked at once', async () => {
  const pane = new FakePane();
  const { clock, room, client } = await joined({ pane });
  onPolls(room, () => 'lost');
  pane.navigator.onLine = false;
  pane.fire('offline');
  expect(client.state.status).toEqual({ kind: 'offline' });
  room.say('bob', 'hello');
  await clock.advance(120_000);
  expect(client.state.status).toEqual({ kind: 'offline' });
  const tries = room.sent('poll').length;
  room.weather = () => 'fair';
  pane.navigator.onLine = true;
  pane.fire('online');
  await clock.settle();
  expect(client.state.status).toEqual({ kind: 'live' });
  expect(textsOf(client.state)).toEqual(['hello']);
  expect(holdsOf(room).slice(tries)).toEqual(['0', '25']);
});

test('a poll older than five seconds may be dead when the page is seen again', async () => {
  const pane = new FakePane();
  const { clock, room } = await joined({ pane });
  await clock.advance(4_999);
  pane.fire('visibilitychange');
  await clock.settle();
  expect(holdsOf(room)).toEqual(['25']);
  await clock.advance(2);
  pane.document.visibilityState = 'hidden';
  pane.fire('visibilitychange');
  await clock.settle();
  expect(holdsOf(room)).toEqual(['25']);
  pane.document.visibilityState = 'visible';
  pane.fire('visibilitychange');
  await clock.settle();
  expect(holdsOf(room)).toEqual(['25', '0', '25']);
});

test('polls that we gave up ourselves say nothing about the way', async () => {
  const pane = new FakePane();
  const { clock, room } = await joined({ pane });
  for (let count = 0; count < 5; count++) {
    await clock.advance(8_000);
    pane.fire('visibilitychange');
  }
  await clock.settle();
  expect(holdsOf(room).at(-1)).toBe('25');
});

test('a young poll may be dead as well when the network was away meanwhile', async () => {
  const pane = new FakePane();
  const { clock, room, client } = await joined({ pane });
  pane.fire('offline');
  await clock.advance(1_000);
  pane.fire('online');
  await clock.settle();
  expect(holdsOf(room)).toEqual(['25', '0', '25']);
  expect(client.state.status).toEqual({ kind: 'live' });
});

test('the late answer of a poll that was given up is not applied', async () => {
  const { clock, room, client } = await joined();
  room.isDeaf = true;
  onPolls(room, ({ query }) => (query.get('turn') === '2' ? { lateMs: 2_000 } : 'fair'));
  const heard: unknown[] = [];
  client.on('entry', ({ seq }) => heard.push(seq));
  room.say('bob', 'one');
  room.say('bob', 'two');
  await clock.advance(1_000);
  client.reconnect();
  await clock.settle();
  room.say('bob', 'three');
  await clock.advance(5_000);
  expect(heard).toEqual([2, 3, 4]);
  expect(textsOf(client.state)).toEqual(['one', 'two', 'three']);
  // And the cursor has not gone back to the late one.
  expect(room.sent('poll').at(-1)?.query.get('after')).toBe('A.4');
});

test('reconnect asks at once, whatever was being waited for', async () => {
  const { clock, room, client } = await joined();
  onPolls(room, () => ({ status: 503, headers: { 'Retry-After': '600' } }));
  room.say('bob', 'hello');
  await clock.advance(1_000);
  room.weather = () => 'fair';
  client.reconnect();
  expect(client.state.status).toEqual({ kind: 'connecting' });
  await clock.settle();
  expect(client.state.status).toEqual({ kind: 'live' });
  await clock.advance(0);
  expect(clock.pending).toBe(2);
});
