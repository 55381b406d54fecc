import { expect, test } from 'bun:test';
import { whoIs } from '../client/testing/fake-room.ts';
import { joined, textsOf } from './testing/scene.ts';

test('a room that grows large stops naming its members, and names them all when it is small again', async () => {
  const { clock, room, client } = await joined();
  room.enter('bob');
  await clock.settle();
  expect(client.state.members).toHaveLength(2);
  room.roster = 'count';
  room.say('bob', 'crowded');
  await clock.settle();
  expect(client.state.members).toBeNull();
  expect(client.state.live?.online).toBe(2);
  room.enter('cleo');
  room.roster = 'full';
  room.say('bob', 'quiet again');
  await clock.settle();
  expect(client.state.members?.map((who) => who.nick)).toEqual(['ada', 'bob', 'cleo']);
  room.enter('dan');
  await clock.settle();
  expect(client.state.members).toHaveLength(4);
  expect(textsOf(client.state).filter((text) => !text.endsWith('join'))).toEqual([
    'crowded',
    'quiet again',
  ]);
});

test('who came or went unseen, while the room was crowded, is asked for', async () => {
  const { clock, room, client } = await joined();
  const cleo = whoIs('cleo');
  room.members.set(cleo.id, cleo);
  room.say('bob', 'hello');
  await clock.settle();
  expect(client.state.members?.map((who) => who.nick)).toEqual(['ada', 'cleo']);
  expect(room.sent('room')).toHaveLength(1);
});

test('a room that counts others than it names is not asked again and again', async () => {
  const { clock, room, client } = await joined();
  room.unnamed = 6;
  for (let count = 0; count < 5; count++) {
    room.say('bob', 'hello');
    await clock.settle();
  }
  expect(client.state.live?.online).toBe(7);
  expect(room.sent('room').length).toBeLessThan(2);
});

test('what comes while the room is asked for as a whole is newer than the answer', async () => {
  const { clock, room, client } = await joined();
  const cleo = whoIs('cleo');
  room.members.set(cleo.id, cleo);
  room.weather = ({ path }) => (path === 'room' ? { lateMs: 1_000 } : 'fair');
  room.say('bob', 'hello');
  await clock.settle();
  room.append({ type: 'topic', topic: 'Newer', by: cleo });
  room.append({ type: 'leave', member: cleo, reason: 'left' });
  await clock.advance(2_000);
  expect(client.state.room?.topic).toBe('Newer');
  expect(client.state.members?.map((who) => who.nick)).toEqual(['ada']);
});
