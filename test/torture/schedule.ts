/** What is broken when: drawn from a seed, in spells, with a time to heal after each. */
import type { Fault } from './faults/fault.ts';

export interface ScheduleParts {
  readonly faults: readonly Fault[];
  readonly random: () => number;
  /** Between two faults, at least and at most. */
  readonly gapMs: readonly [number, number];
  /** Faults before everything is left to heal. */
  readonly spell: number;
  /** Faults in all; null for as long as it goes on. */
  readonly rounds: number | null;
}

export type Step =
  | { readonly do: 'fault'; readonly fault: Fault; readonly afterMs: number }
  | { readonly do: 'heal' };

/**
 * The steps, one after the other. Each fault comes once before any comes more often than its weight
 * allows: a short run then has as many kinds as it has faults.
 */
export function* steps({ faults, random, gapMs, spell, rounds }: ScheduleParts): Generator<Step> {
  if (faults.length === 0) throw new Error('There is nothing to break');
  const [least, most] = gapMs;
  let bag: Fault[] = [];
  const last = rounds ?? Infinity;
  for (let nr = 1; nr <= last; nr++) {
    if (bag.length === 0) bag = shuffled(nr === 1 ? faults : weighed(faults), random);
    const fault = bag.pop();
    if (fault !== undefined) {
      yield { do: 'fault', fault, afterMs: least + (most - least) * random() };
    }
    if (nr % spell === 0) yield { do: 'heal' };
  }
}

function weighed(faults: readonly Fault[]): Fault[] {
  return faults.flatMap((fault) => Array.from({ length: fault.weight }, () => fault));
}

function shuffled(faults: readonly Fault[], random: () => number): Fault[] {
  return faults
    .map((fault) => ({ fault, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ fault }) => fault);
}
