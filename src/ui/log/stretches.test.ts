import { describe, expect, test } from 'bun:test';
import type { Line } from '../../copy/room-state.ts';
import type { MemberId, Message, Seq, Who } from '../../protocol/entries.ts';
import { arrange } from './rows.ts';
import { messagesOf, stretchesOf } from './stretches.ts';

const ada: Who = { id: 'ada' as MemberId, nick: 'Ada', role: 'member' };
const noon = new Date(2026, 2, 4, 12).getTime();

function message(seq: number): Message {
  return {
    type: 'message',
    seq: seq as Seq,
    at: noon + seq,
    id: `x${seq}`,
    by: ada,
    text: 'Hello',
  };
}

function messages(from: number, to: number): Message[] {
  return Array.from({ length: to - from }, (_, index) => message(from + index));
}

const rowsOf = (lines: readonly Line[]) => arrange(lines, { you: ada, unread: null });

describe('stretches', () => {
  test('have all the rows, in their order', () => {
    const rows = rowsOf([...messages(1, 300), { type: 'pending', id: 'p', text: 'And' }]);
    const stretches = stretchesOf(rows);
    expect(stretches.flatMap((stretch) => stretch.rows)).toEqual([...rows]);
    expect(stretches.length).toBeGreaterThan(3);
    expect(new Set(stretches.map(({ key }) => key)).size).toBe(stretches.length);
  });

  test('stay the same objects when something is put before or after them', () => {
    const lines = messages(500, 1_000);
    const before = stretchesOf(rowsOf(lines));
    const now = stretchesOf(rowsOf([...messages(300, 500), ...lines, message(1_000)]), before);
    const same = before.filter((stretch) => now.includes(stretch));
    // The first began a day, and the last has a message more.
    expect(same).toEqual(before.slice(1, -1));
  });

  test('are new where a message has changed, and only its row is', () => {
    const lines = messages(1, 200);
    const before = stretchesOf(rowsOf(lines));
    const edited = lines.map((line) => (line.seq === 100 ? { ...line, text: 'Hm' } : line));
    const now = stretchesOf(rowsOf(edited), before);
    const changed = now.filter((stretch, index) => stretch !== before[index]);
    expect(changed).toHaveLength(1);
    const old = new Set(before.flatMap(({ rows }) => rows));
    expect(changed[0]?.rows.filter((row) => !old.has(row)).map(({ key }) => key)).toEqual(['m100']);
  });

  test('of messages that are far apart are few rows, not many keys', () => {
    const stretches = stretchesOf(rowsOf([1, 1_000, 1_000_000].map(message)));
    expect(stretches).toHaveLength(3);
  });
});

test('the messages are told in their order, without what stands between them', () => {
  const lines: readonly Line[] = [
    message(1),
    { type: 'join', seq: 2 as Seq, at: noon, member: ada },
    message(3),
    { type: 'pending', id: 'p', text: 'And' },
  ];
  expect(messagesOf(rowsOf(lines))).toEqual([1, 3] as Seq[]);
});
