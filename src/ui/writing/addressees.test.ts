import { expect, test } from 'bun:test';
import type { Line } from '../../copy/room-state.ts';
import type { MemberId, Seq, Who } from '../../protocol/entries.ts';
import { addresseesIn } from './addressees.ts';

const whoIs = (nick: string): Who => ({ id: nick as MemberId, nick, role: 'member' });
const said = (nick: string, seq: number): Line => ({
  type: 'message',
  id: `m${seq}`,
  seq: seq as Seq,
  at: seq,
  by: whoIs(nick),
  text: 'Hello',
});

const lines = [said('Cy', 1), said('Carla', 2), said('Gone', 3)];
const nicksOf = (all: readonly Who[]): string[] => all.map(({ nick }) => nick);

test('whoever spoke last comes first, whoever has left and we ourselves are left out', () => {
  const members = ['Ada', 'Carla', 'Cy', 'Me'].map(whoIs);
  const room = { members, lines, you: whoIs('Me') };
  expect(nicksOf(addresseesIn(room, ''))).toEqual(['Carla', 'Cy', 'Ada']);
});

test('a nick is found by its beginning first, then by a later word, in either case', () => {
  const members = ['Zoe Ada', 'ADAM', 'Bo', 'x-ada'].map(whoIs);
  const room = { members, lines: [], you: null };
  expect(nicksOf(addresseesIn(room, 'ada'))).toEqual(['ADAM', 'Zoe Ada', 'x-ada']);
});

test('in a room that only counts its members those who have spoken are known', () => {
  expect(nicksOf(addresseesIn({ members: null, lines, you: null }, 'c'))).toEqual(['Carla', 'Cy']);
});
