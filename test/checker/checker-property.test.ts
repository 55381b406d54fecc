import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { namesIn, verdictOn } from './history.ts';
import { mutations } from './mutations.ts';
import { anySteps, historyOf } from './random-chat.ts';

describe('a chat that is right', () => {
  test.each(['along', 'late', 'never'] as const)(
    'is never accused, when its journal is read %s',
    (reading) => {
      fc.assert(
        fc.property(anySteps, (steps) => {
          expect(verdictOn(historyOf(steps, reading)).anomalies).toEqual([]);
        }),
        { numRuns: 150 },
      );
    },
  );
});

describe('a history that was right is found out when', () => {
  const uncut = anySteps.map((steps) => steps.filter(({ what }) => what !== 'cut'));

  test.each(mutations.map((mutation) => [mutation.title, mutation] as const))(
    '%s',
    (_title, { spoil, names, oneOf = [], maybe = [] }) => {
      let spoilt = 0;
      fc.assert(
        fc.property(uncut, fc.constantFrom('along', 'late'), fc.nat(99), (steps, reading, nth) => {
          const records = spoil(historyOf(steps, reading), nth);
          if (records === null) return;
          spoilt++;
          const found = namesIn(records);
          expect(found.filter((name) => oneOf.includes(name))).toHaveLength(
            oneOf.length > 0 ? 1 : 0,
          );
          const others = found.filter((name) => ![...oneOf, ...maybe].includes(name));
          expect(others).toEqual([...names].sort());
        }),
        { numRuns: 80 },
      );
      expect(spoilt).toBeGreaterThan(0);
    },
  );
});
