/**
 * Runs of the simulation: seeds that are always the same, seeds that have found something, and
 * fresh ones, which are printed. A failure prints the command that replays it.
 */
import { expect, test } from 'bun:test';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { weights as faultWeights } from './faults.ts';
import { regressions } from './regressions.ts';
import { simulate } from './simulation.ts';
import { summaryOf, Total } from './total.ts';

const fixed = Array.from({ length: 20 }, (_, index) => index + 1);
const freshCount = 20;
const deadlineMs = 120_000;
/** Messages that must be acknowledged in each fixed seed. A room that refuses them loses none. */
const acknowledgedMin = 20;

/** What must have been seen in the fixed seeds, or they prove nothing. */
const seen = [
  'gap',
  'superseded',
  'draining',
  'held to the end',
  'poll GONE',
  'poll NO_SESSION',
  'poll FORBIDDEN',
  'said again',
  'say ID_REUSED',
  'say TOO_FAST',
  'say DISK_FULL',
  'guesses refused',
  'a crowd',
  'strangers',
  'history cut',
  'request lost',
  'request doubled',
  'request replayed',
  'answer lost',
  'answered by somebody else',
  'the last transaction was whole',
  'the last transaction was lost',
  'the last transaction was cut',
  'the last transaction was zeroed',
  'the last transaction was garbled',
  'the last transaction was shuffled',
];

test(
  `nothing is lost, repeated or out of order in ${fixed.length} fixed seeds, whatever breaks`,
  async () => {
    const { total, acknowledged } = await runs(fixed);
    expect(total.failed).toBe(0);
    expect(Math.min(...acknowledged)).toBeGreaterThanOrEqual(acknowledgedMin);
    const unseen = [...Object.keys(faultWeights), ...seen].filter(
      (what) => !total.counts.has(what),
    );
    expect(unseen).toEqual([]);
  },
  deadlineMs,
);

test(
  'seeds that have found something find nothing any more',
  async () => {
    const { total } = await runs(regressions.map(({ seed }) => seed));
    expect(total.failed).toBe(0);
  },
  deadlineMs,
);

test(
  `nothing is lost, repeated or out of order in ${freshCount} fresh seeds`,
  async () => {
    const from = 1_000_000 + Math.floor(Math.random() * 900_000_000);
    console.log(`simulated seeds ${from} to ${from + freshCount - 1}`);
    const { total } = await runs(Array.from({ length: freshCount }, (_, index) => from + index));
    expect(total.failed).toBe(0);
  },
  deadlineMs,
);

test(
  'a seed is the same run each time, also in another process',
  async () => {
    // In which copies are put back, and a backup is restored under a name that is never the same.
    const options = { seed: 7 };
    const { digest } = await simulate(options);
    expect((await simulate(options)).digest).toBe(digest);
    const args = [join(import.meta.dir, 'run.ts'), '--seed', '7'];
    const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(stdout).toContain(`seed 7: ${digest}`);
    expect((await simulate({ ...options, seed: 8 })).digest).not.toBe(digest);
  },
  deadlineMs,
);

/** What the runs come to, and how many messages were acknowledged in each. */
async function runs(seeds: readonly number[]): Promise<{ total: Total; acknowledged: number[] }> {
  const total = new Total();
  const acknowledged: number[] = [];
  for (const seed of seeds) {
    const outcome = await simulate({ seed });
    total.add(outcome);
    acknowledged.push(outcome.verdict.acknowledged);
    const summary = summaryOf(outcome);
    if (summary !== null) console.log(summary);
  }
  console.log(total.toString());
  return { total, acknowledged };
}
