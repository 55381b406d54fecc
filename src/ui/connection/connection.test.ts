import { expect, test } from 'bun:test';
import type { Status } from '../../copy/room-state.ts';
import { connectionAfter, quiet, type Connection } from './connection.ts';

const live: Status = { kind: 'live' };
const connecting: Status = { kind: 'connecting' };
const waiting = (attempt: number): Status => ({
  kind: 'waiting',
  retryAt: 5_000,
  attempt,
  reason: 'UNREACHABLE',
});

const after = (...statuses: readonly Status[]): Connection =>
  statuses.reduce<Connection>(connectionAfter, quiet);

test('a connection that the first retry finds again is not worth a word', () => {
  expect(after(connecting, live, waiting(1), connecting, live)).toEqual({ kind: 'quiet' });
});

test('a lost connection stays lost while a try is under way, and then is found', () => {
  expect(after(live, waiting(1), connecting, waiting(2))).toEqual({ kind: 'lost', retryAt: 5_000 });
  expect(after(live, waiting(2), connecting)).toEqual({ kind: 'lost', retryAt: null });
  expect(after(live, waiting(2), connecting, live)).toEqual({ kind: 'found' });
  expect(after(live, waiting(2), connecting, live, live)).toEqual({ kind: 'found' });
});

test('a device that comes back from being offline finds the connection again', () => {
  expect(after(live, { kind: 'offline' })).toEqual({ kind: 'offline' });
  expect(after(live, { kind: 'offline' }, waiting(1))).toEqual({ kind: 'lost', retryAt: 5_000 });
  expect(after(live, { kind: 'offline' }, connecting, live)).toEqual({ kind: 'found' });
});

test('whoever has left is told nothing about a connection', () => {
  expect(after(live, waiting(3), { kind: 'idle' })).toEqual({ kind: 'quiet' });
});
