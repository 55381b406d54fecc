/**
 * The short form of the torture run: some faults of each family, one after the other, under forty
 * clients on a bad network. `npm run torture` is the long one. `ENCKE_TEST_SEED` replays a draw.
 */
import { expect, test } from 'bun:test';
import { seedOf } from '../contract/journal-kit.ts';
import { allFaults } from './faults/all.ts';
import { LoopDisk } from './loop-disk.ts';
import { torture } from './torture.ts';

/** At most a few seconds each. Those that wait for somebody's patience to end are left to hours. */
const faults = [
  'kill-nine',
  'end-journal-thread',
  'pause',
  'power-cut',
  'torn-log',
  'flipped-entry',
  'fsync-fails',
  'full-disk',
  'out-of-memory',
  'older-copy',
  'cut-lines',
  'join-storm',
];

const joins = 500;
const diskMegabytes = 16;

/** What this machine cannot do: it is left out by name, as what is missing unasked is a doubt. */
function impossibleHere(): readonly string[] {
  const disk = LoopDisk.make(diskMegabytes);
  if (typeof disk !== 'string') disk.remove();
  return allFaults({ joins }).flatMap(({ name, needs }) => {
    const why = faults.includes(name) ? needs({ disk }) : null;
    if (why === null) return [];
    console.log(`The fault "${name}" is left out: ${why}`);
    return [name];
  });
}

test('whatever breaks, nothing is lost, repeated, reordered or silently skipped', async () => {
  const without = impossibleHere();
  const outcome = await torture({
    seed: seedOf('the torture run'),
    clients: 40,
    rate: 15,
    minutes: null,
    rounds: faults.length - without.length,
    only: faults,
    without,
    keepProcess: false,
    gapMs: [300, 800],
    spell: 7,
    joins,
    print: () => undefined,
    told: () => undefined,
    signal: new AbortController().signal,
  });
  const { checker, doubts, misfired, troubles, kept, verdict } = outcome;
  console.log(
    `${checker.acknowledged} messages acknowledged, ${checker.delivered} deliveries, ` +
      `faults: ${Object.keys(checker.faults).join(', ')}`,
  );
  const { anomalies } = checker;
  expect({ anomalies, troubles, doubts, misfired, kept }).toEqual({
    anomalies: [],
    troubles: [],
    doubts: [],
    misfired: [],
    kept: null,
  });
  expect(verdict).toBe('pass');
}, 120_000);
