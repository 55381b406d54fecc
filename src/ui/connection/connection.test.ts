import { expect, test } from 'bun:test';
import { fail, type Failure } from '../../client/answer.ts';
import type { Status } from '../../copy/room-state.ts';
import { connectionAfter, quiet, type Connection, type Why } from './connection.ts';

const live: Status = { kind: 'live' };
const connecting: Status = { kind: 'connecting' };
const unreachable = (status = 0): Failure => fail('UNREACHABLE', '', status);
const waiting = (attempt: number, reason = unreachable()): Status => ({
  kind: 'waiting',
  retryAt: 5_000,
  attempt,
  reason,
});
const lost = (why: Why, retryAt: number | null = 5_000): Connection => ({
  kind: 'lost',
  why,
  retryAt,
});

const after = (...statuses: readonly Status[]): Connection =>
  statuses.reduce<Connection>(connectionAfter, quiet);

test('a connection that the first retry finds again is not worth a word', () => {
  expect(after(connecting, live, waiting(1), connecting, live)).toEqual({ kind: 'quiet' });
});

test('a lost connection stays lost while a try is under way, and then is found', () => {
  expect(after(live, waiting(1), connecting, waiting(2))).toEqual(lost('noAnswer'));
  expect(after(live, waiting(2), connecting)).toEqual(lost('noAnswer', null));
  expect(after(live, waiting(2), connecting, live)).toEqual({ kind: 'found' });
  expect(after(live, waiting(2), connecting, live, live)).toEqual({ kind: 'found' });
});

test('a device that comes back from being offline finds the connection again', () => {
  expect(after(live, { kind: 'offline' })).toEqual({ kind: 'offline' });
  expect(after(live, { kind: 'offline' }, waiting(1))).toEqual(lost('noAnswer'));
  expect(after(live, { kind: 'offline' }, connecting, live)).toEqual({ kind: 'found' });
});

test('whoever has left is told nothing about a connection', () => {
  expect(after(live, waiting(3), { kind: 'idle' })).toEqual({ kind: 'quiet' });
});

test.each([
  ['the server does not answer', unreachable(), 'noAnswer'],
  ['a proxy does not reach the server', unreachable(502), 'noAnswer'],
  ['the sign-in page of a network answers', unreachable(200), 'intercepted'],
  ['a firewall answers', unreachable(403), 'intercepted'],
  ['a network wants to be signed in to', unreachable(511), 'intercepted'],
  ['the server is about to stop', fail('DRAINING', 'Try again', 503), 'restarting'],
  ['the server is at its limit', fail('BUSY', 'Try again', 503), 'other'],
] as const)('where %s it is said so', (_, reason, why) => {
  expect(after(live, waiting(1, reason), connecting, waiting(2, reason))).toEqual(lost(why));
});

test('a server that said that it would stop is restarting, unless that takes too long', () => {
  const stopping = [live, waiting(1, fail('DRAINING'))];
  expect(after(...stopping, connecting, live)).toEqual(quiet);
  expect(after(...stopping, connecting, waiting(2))).toEqual(lost('restarting'));
  expect(after(...stopping, connecting, waiting(2), connecting, waiting(3))).toEqual(
    lost('restarting'),
  );
  expect(after(...stopping, waiting(2), waiting(7))).toEqual(lost('noAnswer'));
  // Later is another time.
  expect(after(...stopping, live, waiting(1), waiting(2))).toEqual(lost('noAnswer'));
});
