/** What is broken when. */
import { expect, test } from 'bun:test';
import { randomOf } from '../contract/journal-kit.ts';
import type { Fault } from './faults/fault.ts';
import { steps, type Step } from './schedule.ts';

function fault(name: string, weight = 1): Fault {
  return { name, weight, endsProcess: false, needs: () => null, inject: () => Promise.resolve('') };
}

const faults = [fault('a'), fault('b', 3), fault('c'), fault('d')];

function drawn(seed: number, rounds: number): readonly Step[] {
  const parts = { faults, random: randomOf(seed), gapMs: [10, 20] as const, spell: 4, rounds };
  return [...steps(parts)];
}

function namesIn(all: readonly Step[]): readonly string[] {
  return all.flatMap((step) => (step.do === 'fault' ? [step.fault.name] : []));
}

test('one seed gives one schedule, another seed another', () => {
  expect(drawn(1, 40)).toEqual(drawn(1, 40));
  expect(namesIn(drawn(1, 40))).not.toEqual(namesIn(drawn(2, 40)));
});

test('every fault comes once before any comes again, and then by its weight', () => {
  const names = namesIn(drawn(3, 4 + 6));
  expect(names.slice(0, 4).toSorted()).toEqual(['a', 'b', 'c', 'd']);
  expect(names.slice(4).toSorted()).toEqual(['a', 'b', 'b', 'b', 'c', 'd']);
});

test('after each spell everything is left to heal', () => {
  const kinds = drawn(4, 8).map((step) => step.do);
  const spell = ['fault', 'fault', 'fault', 'fault', 'heal'];
  expect(kinds).toEqual([...spell, ...spell] as typeof kinds);
});
