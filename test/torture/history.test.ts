/** Many write; one history comes of it, in the order in which it happened. */
import { expect, test } from 'bun:test';
import type { HistoryRecord } from '../checker/record.ts';
import { History, nowMs } from './history.ts';

function scene(): { history: History; taken: HistoryRecord[] } {
  const taken: HistoryRecord[] = [];
  return { history: new History({ take: (record) => taken.push(record) }), taken };
}

function said(who: string, at: number): HistoryRecord {
  return { at, who, nr: 1, do: 'say', is: 'ok', epoch: '', seq: 1 };
}

test('what arrives in any order is passed on in the order in which it happened', () => {
  const { history, taken } = scene();
  const now = nowMs();
  history.take([said('late', now - 100), said('later', now - 50)]);
  history.take([said('early', now - 200)]);
  history.pass();
  expect(taken).toEqual([]);
  history.end();
  expect(taken.map(({ who }) => who)).toEqual(['early', 'late', 'later']);
  expect(history.late).toBe(0);
});

test('what comes after its place was passed is counted', () => {
  const { history } = scene();
  history.take([said('a', 2_000)]);
  history.pass();
  history.take([said('b', 1_000)]);
  history.end();
  expect(history.late).toBe(1);
});

test('an answer that names no history is of the one that was served when it came', () => {
  const { history, taken } = scene();
  history.serves('first');
  const between = nowMs();
  while (nowMs() <= between);
  history.serves('second');
  history.take([said('after', nowMs()), said('before', between)]);
  history.end();
  expect(taken).toMatchObject([
    { who: 'before', epoch: 'first' },
    { who: 'after', epoch: 'second' },
  ]);
});

test('how far somebody has read never goes back within a history', () => {
  const { history } = scene();
  const reply = { do: 'poll', is: 'ok', from: 0, entries: [] } as const;
  const polled = (epoch: string, to: number): HistoryRecord => {
    return { at: 1, who: 'a', nr: 1, ...reply, epoch, to };
  };
  history.take([polled('first', 7), polled('first', 5)]);
  expect(history.places.get('a')).toEqual({ epoch: 'first', to: 7 });
  history.take([polled('second', 2)]);
  expect(history.places.get('a')).toEqual({ epoch: 'second', to: 2 });
});
