import { expect, test } from 'bun:test';
import { adaptiveHold } from './hold.ts';

/** A way that cuts whatever stays silent for `cutMs`, and a room where nothing happens. */
function pollsOn(cutMs: number, count: number): number[] {
  const hold = adaptiveHold();
  return Array.from({ length: count }, () => {
    const askedS = hold.ask(25);
    if (askedS * 1_000 > cutMs) hold.died(cutMs, askedS * 1_000);
    else hold.lasted(askedS * 1_000);
    return askedS;
  });
}

test('three deaths at about the same age shorten the hold to four fifths of it', () => {
  expect(pollsOn(15_000, 5)).toEqual([25, 25, 25, 12, 12]);
  const hold = adaptiveHold();
  for (const ageMs of [10_000, 11_900, 10_500]) hold.died(ageMs, 25_000);
  expect(hold.ask(25)).toBe(8);
});

test('deaths at ages more than a fifth apart have nothing in common', () => {
  const hold = adaptiveHold();
  for (const ageMs of [6_000, 11_000, 17_000, 23_000]) hold.died(ageMs, 25_000);
  expect(hold.ask(25)).toBe(25);
});

test('young deaths say nothing about the way', () => {
  const hold = adaptiveHold();
  for (let count = 0; count < 9; count++) hold.died(4_900, 25_000);
  expect(hold.ask(25)).toBe(25);
});

test('an answer that came later than the deaths forgives them, an earlier one does not', () => {
  const hold = adaptiveHold();
  hold.died(10_000, 25_000);
  hold.died(10_000, 25_000);
  hold.lasted(300);
  hold.died(10_000, 25_000);
  expect(hold.ask(25)).toBe(8);
  const other = adaptiveHold();
  other.died(10_000, 25_000);
  other.died(10_000, 25_000);
  other.lasted(20_000);
  other.died(10_000, 25_000);
  expect(other.ask(25)).toBe(25);
});

test('a way that falls silent instead of cutting shortens the hold step by step', () => {
  const hold = adaptiveHold();
  for (let count = 0; count < 6; count++) {
    const askedMs = hold.ask(25) * 1_000;
    hold.died(askedMs + 10_000, askedMs);
  }
  expect(hold.ask(25)).toBe(16);
});

test('no hold is shorter than four seconds', () => {
  const hold = adaptiveHold();
  for (let count = 0; count < 30; count++) hold.died(5_000, hold.ask(25) * 1_000);
  expect(hold.ask(25)).toBe(4);
});

test('after twenty held polls that did well a longer one is tried, up to what is offered', () => {
  const hold = adaptiveHold();
  for (let count = 0; count < 3; count++) hold.died(10_000, 25_000);
  // Quick answers prove nothing.
  for (let count = 0; count < 50; count++) hold.lasted(100);
  expect(hold.ask(25)).toBe(8);
  for (let count = 0; count < 20; count++) hold.lasted(7_000);
  expect(hold.ask(25)).toBe(10);
  for (let count = 0; count < 200; count++) hold.lasted(hold.ask(25) * 1_000);
  expect(hold.ask(25)).toBe(25);
});

test('on a short way few polls die once the hold has found its length', () => {
  const asked = pollsOn(15_000, 400);
  expect(asked.filter((askedS) => askedS > 15).length).toBeLessThan(50);
});
