import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Seq } from '../protocol/entries.ts';
import { limits } from '../protocol/limits.ts';
import type { PollReply } from '../protocol/replies.ts';
import { readReply, writeReply } from './poll-reply.ts';
import type { Encoded } from './ring.ts';

const entry = (seq: number, bytes = 20): Encoded => {
  const json = JSON.stringify({ seq, type: 'x', text: 'y'.repeat(bytes) });
  return { seq: seq as Seq, json, bytes: json.length };
};
const range = (from: number, to: number): Encoded[] =>
  Array.from({ length: to - from + 1 }, (_, at) => entry(from + at));
const seqsOf = (entries: readonly string[]): number[] =>
  entries.map((json) => (JSON.parse(json) as { seq: number }).seq);

describe('what a reply carries', () => {
  test('everything up to the head, when it is not too much', () => {
    const part = readReply(3 as Seq, 9 as Seq, [entry(5), entry(8)], []);
    expect(part).toMatchObject({ from: 3, to: 9 });
    expect(part.gap).toBeUndefined();
    expect(seqsOf(part.entries)).toEqual([5, 8]);
  });

  test('addressed entries stand among the others by seq', () => {
    const part = readReply(0 as Seq, 4 as Seq, [entry(1), entry(3)], [entry(2), entry(4)]);
    expect(seqsOf(part.entries)).toEqual([1, 2, 3, 4]);
  });

  test('more than the limit behind: the newest, and the range before them', () => {
    const most = limits.pollEntriesMax;
    const part = readReply(0 as Seq, (most + 1) as Seq, range(1, most + 1), []);
    const first = most + 2 - limits.gapEntries;
    expect(part.gap).toEqual({ from: 0 as Seq, to: (first - 1) as Seq });
    expect(part.from).toBe((first - 1) as Seq);
    expect(seqsOf(part.entries)).toEqual(seqsOf(range(first, most + 1).map(({ json }) => json)));
  });

  test('exactly the limit behind is no gap', () => {
    const most = limits.pollEntriesMax;
    const part = readReply(0 as Seq, most as Seq, range(1, most), []);
    expect(part.gap).toBeUndefined();
    expect(part.entries).toHaveLength(most);
  });

  test('too many bytes: the first that fit, and the cursor stands behind them', () => {
    const large = [1, 2, 3, 4].map((seq) => entry(seq, limits.pollBytesMax / 2 - 100));
    const part = readReply(0 as Seq, 9 as Seq, large, []);
    expect(seqsOf(part.entries)).toEqual([1, 2]);
    expect(part).toMatchObject({ from: 0, to: 2 });
  });

  test('one entry that is larger than the limit is carried all the same', () => {
    const part = readReply(0 as Seq, 2 as Seq, [entry(1, limits.pollBytesMax + 1), entry(2)], []);
    expect(seqsOf(part.entries)).toEqual([1]);
    expect(part.to).toBe(1 as Seq);
  });

  test('whatever there is, replies in a row carry each entry once, or announce its range', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 40_000 }), { maxLength: 260 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 3 }), (bytes, rest) => {
        const all = bytes.map((size, at) => entry(at + 1, size));
        const head = (all.length + rest) as Seq;
        const seen: number[] = [];
        let skipped = 0;
        for (let from = 0 as Seq; from < head;) {
          const waiting = all.filter(({ seq }) => seq > from);
          const part = readReply(from, head, waiting, []);
          if (part.gap === undefined) expect(part.from).toBe(from);
          else skipped = part.gap.to - part.gap.from;
          expect(part.to).toBeGreaterThan(from);
          seen.push(...seqsOf(part.entries));
          from = part.to;
        }
        const expected = all.map(({ seq }) => Number(seq)).filter((seq) => seq > skipped);
        expect(seen).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });
});

test('a reply is written as the JSON that the wire promises', () => {
  const text = writeReply({
    cursor: 'c',
    from: 1 as Seq,
    to: 5 as Seq,
    entries: ['{"seq":5}'],
    live: { online: 2, roster: 'full', typing: ['Ada "x"'] },
    waitMs: 7,
    gap: { from: 1 as Seq, to: 4 as Seq },
    extra: ',"draining":true',
  });
  const reply = JSON.parse(text) as PollReply;
  expect(reply as unknown).toEqual({
    cursor: 'c',
    from: 1,
    to: 5,
    entries: [{ seq: 5 }],
    live: { online: 2, roster: 'full', typing: ['Ada "x"'] },
    next: { waitMs: 7, hold: 25 },
    gap: { from: 1, to: 4 },
    draining: true,
  });
});
