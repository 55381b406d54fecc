import { expect, test } from 'bun:test';
import type { Seq } from '../protocol/entries.ts';
import { whoIs } from '../client/testing/fake-room.ts';
import { clientOf, joined, say, scene, textsOf } from './testing/scene.ts';
import { linesMax } from './timeline.ts';

test('an amendment that a snapshot contains already is not applied a second time', async () => {
  const { clock, room } = scene();
  const seq = room.say('bob', 'helo');
  room.react(seq, '👍', whoIs('cleo'), true);
  room.append({ type: 'edit', of: seq, text: 'hello', by: whoIs('bob') });
  const client = clientOf(room, clock);
  await client.join('ada');
  await clock.settle();
  const heard: Seq[] = [];
  client.on('entry', ({ seq }) => heard.push(seq));
  // A node that lags sends them once more.
  room.extra = { cursor: 'A.1' };
  room.say('bob', 'next');
  await clock.settle();
  room.extra = {};
  await clock.advance(1_100);
  expect(textsOf(client.state)).toEqual(['hello', 'next']);
  expect(client.state.lines[0]).toMatchObject({ reactions: [{ emoji: '👍', count: 1 }] });
  // And nobody hears of an entry twice.
  expect(heard).toEqual([5 as Seq]);
});

test('an edit that comes while an older page is on its way shows in what the page brings', async () => {
  const { clock, room } = scene();
  const texts = say(room, 80);
  const client = clientOf(room, clock);
  await client.join('ada');
  await clock.settle();
  room.weather = ({ path }) => (path === 'messages' ? { lateMs: 1_000 } : 'fair');
  const page = client.history();
  await clock.advance(500);
  room.append({ type: 'edit', of: 1 as Seq, text: 'edited', by: whoIs('bob') });
  room.append({ type: 'delete', of: 2 as Seq, by: whoIs('bob') });
  await clock.advance(500);
  expect(await page).toEqual({ ok: true, more: false });
  expect(textsOf(client.state)).toEqual(['edited', '(deleted)', ...texts.slice(2)]);
  expect(client.state.hasMore).toBe(false);
});

test('pages before the oldest are loaded one at a time until there is no more', async () => {
  const { clock, room } = scene();
  const texts = say(room, 180);
  const client = clientOf(room, clock);
  await client.join('ada');
  expect(client.state.hasMore).toBe(true);
  const pages = [client.history(), client.history()];
  expect(await Promise.all(pages)).toEqual([
    { ok: true, more: true },
    { ok: true, more: true },
  ]);
  expect(room.sent('messages')).toHaveLength(1);
  await client.history();
  await client.history();
  expect(await client.history()).toEqual({ ok: true, more: false });
  expect(room.sent('messages')).toHaveLength(3);
  expect(textsOf(client.state)).toEqual(texts);
});

test('no more lines are kept than there may be, and the older ones can be read back', async () => {
  const { clock, room, client } = await joined();
  const rounds = Math.ceil(linesMax / 150) + 1;
  for (let round = 0; round < rounds; round++) {
    say(room, 150, `r${round}-`);
    await clock.settle();
  }
  expect(client.state.lines).toHaveLength(linesMax);
  expect(textsOf(client.state).at(-1)).toBe(`r${rounds - 1}-149`);
  expect(client.state.hasMore).toBe(true);
  expect(await client.history()).toMatchObject({ ok: false, code: 'TOO_MANY' });
});

test('an older page that comes after the room began anew is not taken in', async () => {
  const { clock, room } = scene();
  say(room, 80);
  const client = clientOf(room, clock);
  await client.join('ada');
  await clock.settle();
  room.weather = ({ path }) => (path === 'messages' ? { lateMs: 1_000 } : 'fair');
  const page = client.history();
  await clock.settle();
  room.restore(0);
  await clock.advance(2_000);
  expect(await page).toMatchObject({ ok: false, code: 'GONE' });
  expect(client.state.lines).toHaveLength(50);
  expect(client.state.hasMore).toBe(true);
});
