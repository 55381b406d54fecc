import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import type { Message, Seq, WireEntry } from '../protocol/entries.ts';
import { limits } from '../protocol/limits.ts';
import { amended, reactorsNamed, type Amendment } from './amended.ts';
import { whoIs } from '../client/testing/fake-room.ts';
import { linesMax, timeline } from './timeline.ts';

const by = whoIs('bob');

function message(seq: number, text = `m${seq}`): Message {
  return { type: 'message', id: `id${seq}`, by, text, seq: seq as Seq, at: seq };
}

function reaction(seq: number, of: number, nick: string, on = true): Amendment {
  const at = { seq: seq as Seq, at: seq };
  return { type: 'reaction', of: of as Seq, emoji: '👍', by: whoIs(nick), on, ...at };
}

test('a message names as many reactors as the server does', () => {
  expect(reactorsNamed).toBe(limits.reactorsNamed);
  let present = message(1);
  for (let count = 1; count <= 60; count++) {
    present = amended(present, reaction(count + 1, 1, `n${count}`));
  }
  expect(present.reactions?.[0]?.count).toBe(60);
  expect(present.reactions?.[0]?.by).toHaveLength(reactorsNamed);
  // One who is not named is counted all the same, and the kind goes with its last reaction.
  for (let count = 60; count >= 1; count--) {
    present = amended(present, reaction(200 - count, 1, `n${count}`, false));
  }
  expect(present.reactions).toEqual([]);
});

test('a deleted message says nothing any more', () => {
  const at = { by, of: 1 as Seq, at: 5 };
  const edited = amended(message(1), { type: 'edit', text: 'new', seq: 2 as Seq, ...at });
  expect(edited).toMatchObject({ text: 'new', edited: 5, rev: 2 });
  const gone = amended(edited, { type: 'delete', seq: 3 as Seq, ...at });
  expect(gone).toMatchObject({ text: '', deleted: true, reactions: [], rev: 3 });
  // What was on its way meanwhile changes nothing any more.
  const late = amended(gone, reaction(4, 1, 'eve'));
  expect(late).toEqual({ ...gone, rev: 4 as Seq });
  expect(amended(late, { type: 'edit', text: '', seq: 5 as Seq, ...at, at: 9 }).edited).toBe(5);
});

test('what was shown before its turn goes when its turn passes without it', () => {
  const shown = timeline();
  shown.take(message(1));
  for (const seq of [5, 6, 7]) shown.preview(message(seq));
  expect(shown.view().lines).toHaveLength(4);
  // The room went back to an older copy meanwhile: 6 is something else, 7 does not exist.
  shown.take(message(5));
  shown.take({ type: 'topic', topic: 'Elsewhere', by, seq: 6 as Seq, at: 6 });
  shown.known(6);
  expect(shown.view().lines.map((line) => line.type)).toEqual(['message', 'message', 'topic']);
});

test('whatever overlap and order pages and polls come in, the same lines stand in order', () => {
  const entries: WireEntry[] = [];
  for (let seq = 1; seq <= 30; seq++) {
    if (seq % 5 === 4) entries.push(reaction(seq, seq - 3, `n${seq}`));
    else if (seq % 7 === 6) {
      entries.push({ type: 'topic', topic: `t${seq}`, by, seq: seq as Seq, at: seq });
    } else entries.push(message(seq));
  }
  /** A page of history: messages as they stand when its answer is made. */
  const page = (from: number, to: number, madeAt: number): WireEntry[] =>
    entries.slice(from, to).map((entry) => {
      if (entry.type !== 'message') return entry;
      let present: Message = entry;
      for (const later of entries.slice(0, madeAt)) {
        if ('of' in later && later.of === entry.seq) present = amended(present, later);
      }
      return present;
    });
  const expected = timeline();
  for (const entry of entries) expected.take(entry);
  const slices = fc.array(fc.tuple(fc.nat(29), fc.nat(29), fc.nat(30)), { maxLength: 8 });
  fc.assert(
    fc.property(slices, (pages) => {
      const shown = timeline();
      const due = pages.map(([a, b, asked]) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        return { from, to: Math.min(to, asked), asked, take: null as null | (() => void) };
      });
      for (const [index, entry] of entries.entries()) {
        for (const one of due) {
          if (one.asked !== index) continue;
          // Asked for and made here, taken in five entries later.
          const taken = shown.expectPage();
          const made = page(one.from, one.to, index);
          one.take = () => taken(made);
        }
        shown.take(entry);
        for (const one of due) if (one.asked === index - 5) one.take?.();
      }
      expect(shown.view()).toEqual(expected.view());
    }),
  );
});

test('of two forms of a message the newer one stays, whichever comes first', () => {
  const older = { ...message(1), text: 'older', rev: 3 as Seq };
  const newer = { ...message(1), text: 'newer', rev: 5 as Seq };
  for (const forms of [
    [older, newer],
    [newer, older],
    [newer, message(1)],
  ]) {
    const shown = timeline();
    for (const form of forms) shown.take(form);
    expect(shown.view().lines).toEqual([newer]);
  }
});

test('a page that was asked for before everything was cleared has no place any more', () => {
  const shown = timeline();
  const taken = shown.expectPage();
  shown.clear();
  taken([message(1)]);
  expect(shown.view().lines).toEqual([]);
});

test('a page that was asked for before its surroundings were dropped has no place any more', () => {
  const shown = timeline();
  shown.take(message(50));
  const taken = shown.expectPage();
  shown.forget(100 as Seq);
  shown.take(message(101));
  expect(taken([message(10)])).toBe(false);
  expect(shown.view().lines).toHaveLength(1);
});

test('answers to commands stand where they came, in the order in which they came', () => {
  const shown = timeline();
  shown.take(message(5));
  shown.tell('a', 'first');
  shown.tell('b', 'second');
  shown.take(message(6));
  shown.take(message(4));
  expect(shown.view().lines.map((line) => ('text' in line ? line.text : ''))).toEqual([
    'm4',
    'm5',
    'first',
    'second',
    'm6',
  ]);
});

test('gaps older than everything that is kept go with it', () => {
  const shown = timeline();
  shown.replaceGap(null, { from: 1 as Seq, to: 10 as Seq });
  for (let seq = 11; seq <= linesMax + 20; seq++) shown.take(message(seq));
  const { lines, gaps, hasMore } = shown.view();
  expect(lines).toHaveLength(linesMax);
  expect(gaps).toEqual([]);
  expect(hasMore).toBe(true);
  expect(shown.oldest()).toBe(21 as Seq);
});
