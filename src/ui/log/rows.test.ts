import { describe, expect, test } from 'bun:test';
import type { Line } from '../../copy/room-state.ts';
import type { MemberId, Message, Seq, Who } from '../../protocol/entries.ts';
import { arrange, type Reader, type Row, type TrafficLine } from './rows.ts';
import { sumUp } from './traffic.ts';

const noon = new Date(2026, 2, 4, 12).getTime();
const minuteMs = 60_000;
const nobody: Reader = { you: null, unread: null };

const who = (nick: string): Who => ({ id: `id-${nick}` as MemberId, nick, role: 'member' });
const ada = who('Ada');
const bo = who('Bo');

function message(seq: number, by: Who, more: Partial<Message> = {}): Message {
  return {
    type: 'message',
    seq: seq as Seq,
    at: noon + seq,
    id: `x${seq}`,
    by,
    text: 'Hello',
    ...more,
  };
}

function join(seq: number, member: Who): TrafficLine {
  return { type: 'join', seq: seq as Seq, at: noon + seq, member };
}

function leave(seq: number, member: Who, reason: 'left' | 'kicked' = 'left'): TrafficLine {
  return { type: 'leave', seq: seq as Seq, at: noon + seq, member, reason };
}

const shape = (rows: readonly Row[]): readonly string[] =>
  rows.map((row) =>
    'stand' in row
      ? `${row.kind}${row.stand.isFirst ? ' first' : ''}${row.stand.isLast ? ' last' : ''}`
      : row.kind,
  );

describe('messages', () => {
  test('of one author in a row stand together', () => {
    const lines = [message(1, ada), message(2, ada), message(3, ada), message(4, bo)];
    expect(shape(arrange(lines, nobody))).toEqual([
      'day',
      'message first',
      'message',
      'message last',
      'message first last',
    ]);
  });

  test('after a pause, under another nick, or that tell what somebody does begin anew', () => {
    const lines = [
      message(1, ada),
      message(2, ada, { at: noon + 6 * minuteMs }),
      message(3, { ...ada, nick: 'Ada B' }, { at: noon + 6 * minuteMs }),
      message(4, { ...ada, nick: 'Ada B' }, { at: noon + 6 * minuteMs, action: true }),
      message(5, { ...ada, nick: 'Ada B' }, { at: noon + 6 * minuteMs }),
    ];
    expect(shape(arrange(lines, nobody)).slice(1)).toEqual(Array(5).fill('message first last'));
  });

  test('on their way go on from the author’s own, and from nobody else’s', () => {
    const pending: Line = { type: 'pending', id: 'p', text: 'And' };
    expect(shape(arrange([message(1, ada), pending], { you: ada, unread: null })).slice(1)).toEqual(
      ['message first', 'pending last'],
    );
    expect(shape(arrange([message(1, bo), pending], { you: ada, unread: null })).slice(1)).toEqual([
      'message first last',
      'pending first last',
    ]);
  });

  test('of two days have a row for each day between them', () => {
    const lines = [message(1, ada), message(2, ada, { at: noon + 24 * 60 * minuteMs })];
    expect(shape(arrange(lines, nobody))).toEqual([
      'day',
      'message first last',
      'day',
      'message first last',
    ]);
  });
});

test('the divider stands before the first message that was not seen', () => {
  const lines = [message(1, ada), message(2, bo), message(3, bo)];
  expect(shape(arrange(lines, { you: ada, unread: 2 as Seq }))).toEqual([
    'day',
    'message first last',
    'unread',
    'message first',
    'message last',
  ]);
});

test('an answer names its author again, since what it answers stands above it', () => {
  const lines = [message(1, ada), message(2, ada, { replyTo: 1 as Seq }), message(3, ada)];
  expect(shape(arrange(lines, nobody)).slice(1)).toEqual([
    'message first last',
    'message first',
    'message last',
  ]);
});

describe('comings and goings', () => {
  test('without a message between them are one row, whose key stays while it grows', () => {
    const lines = [join(1, ada), join(2, bo), leave(3, ada)];
    const rows = arrange(lines, nobody);
    expect(shape(rows)).toEqual(['day', 'traffic']);
    expect(rows[1]?.key).toBe(arrange(lines.slice(0, 1), nobody)[1]?.key as string);
  });

  test('are interrupted by a message, and by somebody who is sent out', () => {
    const lines = [join(1, ada), message(2, ada), leave(3, ada), leave(4, bo, 'kicked')];
    expect(shape(arrange(lines, nobody))).toEqual([
      'day',
      'traffic',
      'message first last',
      'traffic',
      'event',
    ]);
  });

  test('are summed up by what became of each', () => {
    const [cy, di] = [who('Cy'), who('Di')];
    const lines = [
      join(1, ada),
      leave(2, bo),
      join(3, cy),
      leave(4, cy),
      leave(5, di),
      join(6, di),
    ];
    expect(sumUp(lines)).toEqual({ came: ['Ada'], went: ['Bo'], passed: ['Cy'], returned: ['Di'] });
  });
});

test('every row has a key of its own', () => {
  const lines: readonly Line[] = [
    message(1, ada),
    { type: 'gap', from: 1 as Seq, to: 4 as Seq },
    join(5, bo),
    { type: 'topic', seq: 6 as Seq, at: noon, topic: 'Comets', by: bo },
    { type: 'reply', id: 'a', text: 'There is no topic', after: 6 as Seq },
    { type: 'pending', id: 'b', text: 'Hm' },
  ];
  const keys = arrange(lines, { you: ada, unread: null }).map((row) => row.key);
  expect(keys).toHaveLength(7);
  expect(new Set(keys).size).toBe(keys.length);
});
