/** Medians of rounds. */
import type { PeerName, Sample } from './scenario.ts';

export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

export function spreadOf(values: readonly number[]): Spread | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  const [lowest, highest] = [sorted[0], sorted.at(-1)];
  if (low === undefined || high === undefined) return null;
  if (lowest === undefined || highest === undefined) return null;
  return { median: (low + high) / 2, lowest, highest };
}

/** Rounds of one case of one server: those that count, and why others do not. */
export interface Rounds {
  readonly peer: PeerName;
  readonly name: string;
  readonly good: readonly Sample[];
  readonly failed: readonly Sample[];
}

/** The rounds of a scenario, by case and server, in the order in which they were first measured. */
export function roundsOf(samples: readonly Sample[], scenario: string): readonly Rounds[] {
  const groups = Map.groupBy(
    samples.filter((sample) => sample.scenario === scenario),
    ({ name, peer }) => `${name}|${peer}`,
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const good = group.filter(({ failed }) => failed === null);
    const failed = group.filter((sample) => sample.failed !== null);
    return [{ peer: first.peer, name: first.name, good, failed }];
  });
}

export function spread({ good }: Rounds, figure: string): Spread | null {
  return spreadOf(good.flatMap(({ figures }) => figures[figure] ?? []));
}
