import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import type { Line, RoomState } from '../copy/room-state.ts';
import type { Message, Seq } from '../protocol/entries.ts';
import { whoIs } from '../client/testing/fake-room.ts';
import { nothingYet } from './messages.ts';
import { patchBetween, patched } from './patch.ts';

function message(seq: number, text = `${seq}`): Message {
  return { type: 'message', id: `m${seq}`, by: whoIs('bob'), text, seq: seq as Seq, at: seq };
}

function stateOf(lines: readonly Line[], parts: Partial<RoomState> = {}): RoomState {
  return { ...nothingYet, ...parts, lines };
}

test('a message more is one line on the way, however many there are', () => {
  const lines = Array.from({ length: 2_000 }, (_, index) => message(index + 1));
  const was = stateOf(lines);
  const now = stateOf([...lines, message(2_001)]);
  const patch = patchBetween(was, now);
  expect(patch).toEqual({ parts: {}, at: 2_000, removed: 0, lines: [message(2_001)] });
});

test('a message that is edited far up is one line as well', () => {
  const lines = Array.from({ length: 100 }, (_, index) => message(index + 1));
  const patch = patchBetween(stateOf(lines), stateOf(lines.with(10, message(11, 'edited'))));
  expect(patch).toMatchObject({ at: 10, removed: 1, lines: [{ text: 'edited' }] });
});

test('what is built anew for each state, of the same things, does not travel', () => {
  const gap = { type: 'gap', from: 1 as Seq, to: 2 as Seq } as const;
  const pending = { type: 'pending', id: 'p', text: 'mine' } as const;
  const members = [whoIs('ada')];
  const was = stateOf([gap, pending], { members });
  const now = stateOf([{ ...gap }, { ...pending }], { members: [...members] });
  expect(patchBetween(was, now)).toEqual({ parts: {}, at: 2, removed: 0, lines: [] });
  expect(patched(was, patchBetween(was, now)).lines).toBe(was.lines);
});

test('a pending message that has to wait travels with the time until when', () => {
  const pending = { type: 'pending', id: 'p', text: 'mine' } as const;
  const was = stateOf([pending]);
  const now = stateOf([{ ...pending, retryAt: 1_000 }]);
  expect(patched(was, patchBetween(was, now))).toEqual(now);
});

test('a pending message that answers nothing any more travels', () => {
  const pending = { type: 'pending', id: 'p', text: 'mine' } as const;
  const was = stateOf([{ ...pending, replyTo: 1 as Seq }]);
  const now = stateOf([pending]);
  expect(patched(was, patchBetween(was, now))).toEqual(now);
});

test('whatever has changed, the patch makes the one state of the other', () => {
  const pool = Array.from({ length: 12 }, (_, index) => message(index + 1));
  const some = fc.subarray(pool).map((lines) => stateOf(lines, { hasMore: lines.length > 3 }));
  fc.assert(
    fc.property(some, some, (was, now) => {
      const result = patched(was, patchBetween(was, now));
      expect(result).toEqual(now);
      for (const line of now.lines)
        if (was.lines.includes(line)) expect(result.lines).toContain(line);
    }),
  );
});
