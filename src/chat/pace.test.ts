import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { Pace, PaceBook } from './pace.ts';

const rules = fc.record({
  burst: fc.integer({ min: 1, max: 20 }),
  everyMs: fc.integer({ min: 1, max: 5_000 }),
});
const gapsMs = fc.array(fc.integer({ min: 0, max: 6_000 }), { minLength: 1, maxLength: 200 });

describe('a pace', () => {
  test('allows a burst, then one for every interval', () => {
    const pace = new Pace({ burst: 3, everyMs: 1_000 });
    expect([0, 0, 0, 0].map(() => pace.take(50))).toEqual([0, 0, 0, 1_000]);
    expect(pace.take(1_049)).toBe(1);
    expect(pace.take(1_050)).toBe(0);
    expect(pace.take(1_050)).toBe(1_000);
  });

  test('never refuses the steady, on a clock of whole or of broken milliseconds', () => {
    for (const startMs of [0, 0.1, 1e-7, 1_234_567.891, 2 ** 40 + 0.3]) {
      const pace = new Pace({ burst: 1, everyMs: 1_000 });
      for (let second = 0; second < 20_000; second += 1) {
        expect(pace.take(startMs + second * 1_000)).toBe(0);
      }
    }
  });

  test('does not gain by being asked a hair early, however long', () => {
    const pace = new Pace({ burst: 1, everyMs: 10 });
    let taken = 0;
    for (let tick = 0; tick < 100_000; tick += 1) if (pace.take(tick * 0.9) === 0) taken += 1;
    expect(taken).toBeLessThanOrEqual(9_001);
  });

  test('costs nothing while it refuses: who waits as told is let through', () => {
    fc.assert(
      fc.property(rules, gapsMs, (rule, gaps) => {
        const pace = new Pace(rule);
        let nowMs = 0;
        for (const gapMs of gaps) {
          nowMs += gapMs;
          const waitMs = pace.take(nowMs);
          if (waitMs === 0) continue;
          for (let again = 0; again < 5; again += 1) expect(pace.take(nowMs)).toBe(waitMs);
          expect(waitMs).toBeWithin(1, rule.everyMs + 1);
          nowMs += waitMs;
          expect(pace.take(nowMs)).toBe(0);
        }
      }),
    );
  });

  test('allows exactly what a bucket of tokens would', () => {
    fc.assert(
      fc.property(rules, gapsMs, ({ burst, everyMs }, gaps) => {
        const pace = new Pace({ burst, everyMs });
        // In units of 1 / everyMs of a token, so that the model is exact.
        let tokens = burst * everyMs;
        let nowMs = 0;
        for (const gapMs of gaps) {
          nowMs += gapMs;
          tokens = Math.min(burst * everyMs, tokens + gapMs);
          const isAllowed = tokens >= everyMs;
          if (isAllowed) tokens -= everyMs;
          expect(pace.take(nowMs) === 0).toBe(isAllowed);
        }
      }),
    );
  });

  test('has back what was given back, and never more than its burst', () => {
    const pace = new Pace({ burst: 2, everyMs: 1_000 });
    for (let round = 0; round < 100; round += 1) {
      expect(pace.take(0)).toBe(0);
      pace.giveBack();
    }
    for (let extra = 0; extra < 10; extra += 1) pace.giveBack();
    expect([0, 0, 0].map(() => pace.take(5_000))).toEqual([0, 0, 1_000]);
  });

  test('is unmoved by a clock that jumps, in either direction', () => {
    const day = 86_400_000;
    const pace = new Pace({ burst: 2, everyMs: 1_000 });
    expect([pace.take(day), pace.take(day), pace.take(day)]).toEqual([0, 0, 1_000]);
    // Back by a day: as empty as before, and no emptier.
    expect(pace.take(0)).toBe(1_000);
    expect(pace.take(1_000)).toBe(0);
    // Forward by thousands of years: full, and no fuller.
    const late = 2 ** 52;
    expect([0, 0, 0].map(() => pace.take(late))).toEqual([0, 0, 1_000]);
  });

  test('does not accept rules or times that mean nothing', () => {
    expect(() => new Pace({ burst: 0, everyMs: 1 })).toThrow(RangeError);
    expect(() => new Pace({ burst: 1.5, everyMs: 1 })).toThrow(RangeError);
    expect(() => new Pace({ burst: 1, everyMs: 0 })).toThrow(RangeError);
    expect(() => new Pace({ burst: 1, everyMs: Number.NaN })).toThrow(RangeError);
    expect(() => new Pace({ burst: 1, everyMs: 1 }).take(Number.NaN)).toThrow(RangeError);
  });
});

describe('a book of paces', () => {
  test('keeps one pace for each key', () => {
    const book = new PaceBook<string>({ burst: 1, everyMs: 1_000 });
    expect([book.take('a', 0), book.take('b', 0), book.take('a', 0)]).toEqual([0, 0, 1_000]);
    book.giveBack('a');
    book.giveBack('nobody');
    expect(book.take('a', 0)).toBe(0);
  });

  test('never grows beyond its size', () => {
    fc.assert(
      fc.property(
        rules,
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 900 }))),
        (rule, sizeMax, takes) => {
          const book = new PaceBook<number>(rule, sizeMax);
          let nowMs = 0;
          for (const [key, gapMs] of takes) {
            nowMs += gapMs;
            book.take(key, nowMs);
            expect(book.size).toBeWithin(1, sizeMax + 1);
          }
        },
      ),
    );
  });

  test('forgets the full ones by itself, long before it is at its limit', () => {
    const book = new PaceBook<number>({ burst: 3, everyMs: 10 }, 10_000);
    for (let key = 0; key < 5_000; key += 1) book.take(key, key * 10);
    expect(book.size).toBeLessThan(20);
  });

  test('does not forget who is used up for a crowd of others', () => {
    for (const sizeMax of [2, 7, 50, 97, 100, 103]) {
      const book = new PaceBook<string>({ burst: 5, everyMs: 60_000 }, sizeMax);
      for (let guess = 0; guess < 5; guess += 1) expect(book.take('attacker', 0)).toBe(0);
      for (let other = 0; other < 2_000; other += 1) book.take(`other ${other}`, 0);
      expect(book.size).toBe(sizeMax);
      expect(book.take('attacker', 0)).toBe(60_000);
    }
  });

  test('tells everybody apart while there is room, as single paces would', () => {
    fc.assert(
      fc.property(
        rules,
        fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 900 }))),
        (rule, takes) => {
          const book = new PaceBook<number>(rule, 6);
          const paces = Array.from({ length: 6 }, () => new Pace(rule));
          let nowMs = 0;
          for (const [key, gapMs] of takes) {
            nowMs += gapMs;
            expect(book.take(key, nowMs)).toBe(paces[key]?.take(nowMs) ?? -1);
          }
        },
      ),
    );
  });
});
