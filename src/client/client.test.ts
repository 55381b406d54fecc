/** The library as a program uses it. What a page builds on it is tested in `src/copy`. */
import { expect, test } from 'bun:test';
import { FakeClock } from '../../test/kit/fake-clock.ts';
import type { Seq } from '../protocol/entries.ts';
import { connect, type Client, type ConnectOptions } from './client.ts';
import type { Beginning } from './course.ts';
import { FakeRoom, whoIs } from './testing/fake-room.ts';

interface Scene {
  readonly clock: FakeClock;
  readonly room: FakeRoom;
  readonly client: Client;
}

function scene(options: Partial<ConnectOptions> = {}): Scene {
  const clock = new FakeClock();
  const room = new FakeRoom(clock);
  return { clock, room, client: clientOf(room, clock, options) };
}

function clientOf(room: FakeRoom, clock: FakeClock, options: Partial<ConnectOptions>): Client {
  return connect({ url: '', fetch: room.fetch, clock, ...options });
}

async function joined(options: Partial<ConnectOptions> = {}): Promise<Scene> {
  const made = scene(options);
  await made.client.join('bot');
  await made.clock.settle();
  return made;
}

/** The texts that are told from now on. */
function textsTold(client: Client): string[] {
  const texts: string[] = [];
  client.on('entry', (entry) => texts.push(entry.type === 'message' ? entry.text : entry.type));
  return texts;
}

test('what is said after joining comes out of a loop over the client, once each and in order', async () => {
  const { clock, room, client } = await joined();
  const heard: string[] = [];
  const looping = (async () => {
    for await (const entry of client) {
      if (entry.type !== 'message') continue;
      heard.push(entry.text);
      if (entry.text === 'enough') break;
    }
  })();
  room.say('bob', 'one');
  room.say('bob', 'two');
  await clock.settle();
  room.say('bob', 'enough');
  await clock.settle();
  await looping;
  expect(heard).toEqual(['one', 'two', 'enough']);
  // Who has left the loop may still do everything else.
  expect(await client.say('bye')).toMatchObject({ ok: true, seq: 5 });
});

for (const [how, end] of [
  ['closing', (client: Client) => client.close()],
  ['leaving', (client: Client) => void client.leave()],
] as const) {
  test(`${how} ends the loop, after what had come`, async () => {
    const { clock, room, client } = await joined();
    const heard: string[] = [];
    const looping = (async () => {
      for await (const entry of client) heard.push(entry.type);
    })();
    room.say('bob', 'one');
    await clock.settle();
    end(client);
    await looping;
    expect(heard).toEqual(['message']);
  });
}

test('who leaves upon hearing an entry hears nothing more', async () => {
  const { clock, room, client } = await joined();
  const told = textsTold(client);
  client.on('entry', () => void client.leave());
  room.weather = () => 'lost';
  room.settleAll();
  await clock.settle();
  for (const text of ['one', 'two', 'three']) room.say('bob', text);
  room.weather = () => 'fair';
  await clock.advance(1_000);
  expect(told).toEqual(['one']);
});

test('who is sent out leaves the loop and reads why in the status', async () => {
  const { clock, room, client } = await joined();
  const looping = (async () => {
    for await (const _ of client);
  })();
  if (client.you) room.append({ type: 'leave', member: client.you, reason: 'kicked' });
  await clock.settle();
  await looping;
  expect(client.status).toMatchObject({ kind: 'out', code: 'FORBIDDEN' });
  expect(client.you).toBeNull();
});

test('a beginning tells the room as it is, and entries follow from there', async () => {
  const { clock, room, client } = scene();
  room.say('bob', 'before');
  const beginnings: Beginning[] = [];
  client.on('begin', (beginning) => beginnings.push(beginning));
  const told = textsTold(client);
  await client.join('bot');
  await clock.settle();
  room.say('bob', 'after');
  await clock.settle();
  expect(beginnings).toHaveLength(1);
  expect(beginnings[0]).toMatchObject({ after: null, isReset: false });
  expect(beginnings[0]?.snapshot.entries.map(({ text }) => text)).toEqual(['before']);
  expect(told).toEqual(['after']);
});

test('a later client goes on from the position of an earlier one and misses nothing', async () => {
  const { clock, room, client } = await joined();
  room.say('bob', 'one');
  await clock.settle();
  const { position, token } = client;
  client.close();
  room.append({ type: 'notice', text: 'Something that no snapshot carries' });
  room.say('bob', 'two');
  const later = clientOf(room, clock, { token: token ?? '' });
  const told = textsTold(later);
  expect(await later.resume(position)).toBe(true);
  await clock.settle();
  expect(told).toEqual(['notice', 'two']);
  expect(later.you?.nick).toBe('bot');
});

test('what was missed is told in order; what cannot be had is told as a gap, exactly', async () => {
  const { clock, room, client } = await joined();
  const gaps: unknown[] = [];
  const seqs: number[] = [];
  client.on('gap', (gap) => gaps.push(gap));
  client.on('entry', ({ seq }) => seqs.push(seq));
  room.weather = () => 'lost';
  room.settleAll();
  await clock.settle();
  for (let count = 0; count < 300; count++) room.say('bob', `${count}`);
  room.weather = () => 'fair';
  await clock.advance(1_000);
  expect(seqs).toEqual(Array.from({ length: 300 }, (_, index) => index + 2));
  room.weather = () => 'lost';
  room.settleAll();
  await clock.settle();
  for (let count = 0; count < 300; count++) room.say('bob', `${count}`);
  room.weather = () => 'fair';
  room.refusal = ({ path }) => (path === 'messages' ? 'NOT_FOUND' : null);
  await clock.advance(1_000);
  expect(gaps).toEqual([{ from: 301, to: 501 }]);
  expect(seqs.at(-1)).toBe(601);
});

test('another history is told as a beginning that is a reset', async () => {
  const { clock, room, client } = await joined();
  room.say('bob', 'lost');
  await clock.settle();
  const resets: boolean[] = [];
  client.on('begin', ({ isReset }) => resets.push(isReset));
  room.restore(1);
  await clock.settle();
  expect(resets).toEqual([true]);
  expect(client.status.kind).toBe('live');
});

test('what is said goes out in order and under one id each, however often it is sent', async () => {
  const { clock, room, client } = await joined();
  let tries = 0;
  room.weather = ({ method, path }) =>
    method === 'POST' && path === 'messages' && ++tries < 4 ? 'cut' : 'fair';
  const said = ['one', 'two', 'three'].map((text) => client.say(text));
  await clock.advance(120_000);
  expect(await Promise.all(said)).toMatchObject([{ seq: 2 }, { seq: 3 }, { seq: 4 }]);
  expect(room.present().map(({ text }) => text)).toEqual(['one', 'two', 'three']);
});

test('nobody says anything, and a client that is closed says so', async () => {
  const { client } = scene();
  expect(await client.say('hello')).toMatchObject({ ok: false, code: 'NO_SESSION' });
  client.close();
  expect(await client.say('hello')).toMatchObject({ ok: false, code: 'CLOSED' });
});

test('what was taken back while the server was away is not sent any more', async () => {
  const { clock, room, client } = await joined();
  room.weather = () => 'lost';
  const cut = new AbortController();
  const said = client.say('regretted', { signal: cut.signal });
  await clock.settle();
  cut.abort();
  room.weather = () => 'fair';
  await clock.advance(60_000);
  expect(await said).toMatchObject({ ok: false, code: 'DISCARDED' });
  expect(room.present()).toEqual([]);
});

test('a change that did not arrive is not made in another history, where its seq is another message', async () => {
  const { clock, room, client } = await joined();
  const { promise, resolve } = Promise.withResolvers<void>();
  client.on('begin', ({ isReset }) => isReset && resolve());
  room.say('bot', 'regretted');
  await clock.settle();
  room.weather = ({ method }) => (method === 'DELETE' ? 'lost' : 'fair');
  const removed = client.remove(room.head);
  await clock.settle();
  room.restore(1);
  room.say('bot', 'to be kept');
  await clock.settle();
  await promise;
  room.weather = () => 'fair';
  await clock.advance(60_000);
  expect(await removed).toMatchObject({ ok: false, code: 'UNREACHABLE' });
  expect(room.present().map(({ text }) => text)).toEqual(['to be kept']);
});

test('a client that rests asks nothing, and one that reconnects misses nothing', async () => {
  const { clock, room, client } = await joined();
  const told = textsTold(client);
  client.rest();
  await clock.settle();
  const sent = room.heard.length;
  room.say('bob', 'meanwhile');
  await clock.advance(10_000);
  expect(room.heard).toHaveLength(sent);
  client.reconnect();
  await clock.settle();
  expect(told).toEqual(['meanwhile']);
});

test('the past is read by page: before, after and around a seq', async () => {
  const { room, client } = await joined();
  for (const text of ['one', 'two', 'three']) room.say('bob', text);
  const page = await client.history({ before: 4 as Seq, limit: 1 });
  expect(page).toMatchObject({ ok: true, entries: [{ text: 'two' }], more: true });
  const query = room.sent('messages').at(-1)?.query;
  expect(query?.get('cursor')).toBe(client.position?.cursor ?? '');
  expect(await client.look()).toMatchObject({ ok: true, you: client.you, room: { topic: '' } });
});

test('who is here is asked by the beginning of a nick, whatever stands in it', async () => {
  const { room, client } = await joined();
  for (const nick of ['bob', 'b&b', 'b&c', 'ada']) room.enter(nick);
  const answer = await client.members({ prefix: 'b&', limit: 1 });
  expect(answer).toMatchObject({ ok: true, members: [whoIs('b&b')], online: 5, more: true });
  room.refusal = ({ path }) => (path === 'members' ? 'FORBIDDEN' : null);
  expect(await client.members()).toMatchObject({ ok: false, code: 'FORBIDDEN' });
});

test('who we are follows the room: another nick, another role', async () => {
  const { clock, room, client } = await joined();
  const { you } = client;
  if (!you) throw new Error('Nobody');
  const told: (string | undefined)[] = [];
  client.on('you', (who) => told.push(who?.nick));
  room.append({ type: 'member', member: { ...you, nick: 'robot' }, was: you });
  room.append({ type: 'member', member: { ...whoIs('bob'), nick: 'rob' }, was: whoIs('bob') });
  await clock.settle();
  expect(told).toEqual(['robot']);
  expect(client.you?.nick).toBe('robot');
});
