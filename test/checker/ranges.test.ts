import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { Ranges } from './ranges.ts';

const change = fc.record({
  how: fc.constantFrom('add', 'add', 'add', 'remove', 'forget'),
  from: fc.nat(30),
  length: fc.nat(8),
});

test('ranges hold the same as a set does, in as few ranges as it takes', () => {
  fc.assert(
    fc.property(fc.array(change), (changes) => {
      const ranges = new Ranges();
      let model = new Set<number>();
      for (const { how, from, length } of changes) {
        const to = from + length;
        const isWithin = (seq: number): boolean => seq > from && seq <= to;
        if (how === 'add') for (let seq = from + 1; seq <= to; seq++) model.add(seq);
        if (how === 'remove') model = new Set([...model].filter((seq) => !isWithin(seq)));
        if (how === 'forget') model = new Set([...model].filter((seq) => seq > to));
        if (how === 'forget') ranges.forget(to);
        else if (how === 'add') ranges.add(from, to);
        else ranges.remove(from, to);
      }
      const seqs = Array.from({ length: 50 }, (_, seq) => seq);
      expect(seqs.filter((seq) => ranges.has(seq))).toEqual(seqs.filter((seq) => model.has(seq)));
      const starts = seqs.filter((seq) => model.has(seq) && !model.has(seq - 1));
      expect(ranges.size).toBe(starts.length);
      expect([...ranges].map(({ from }) => from + 1)).toEqual(starts);
    }),
  );
});
