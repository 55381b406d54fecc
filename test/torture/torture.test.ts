/**
 * The short form of the torture run: some faults of each family, one after the other, under forty
 * clients on a bad network. `npm run torture` is the long one. `ENCKE_TEST_SEED` replays a draw.
 */
import { expect, test } from 'bun:test';
import { seedOf } from '../contract/journal-kit.ts';
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

test('whatever breaks, nothing is lost, repeated, reordered or silently skipped', async () => {
  const outcome = await torture({
    seed: seedOf('the torture run'),
    clients: 40,
    rate: 15,
    minutes: null,
    rounds: faults.length,
    only: faults,
    without: [],
    keepProcess: false,
    gapMs: [300, 800],
    spell: 7,
    joins: 500,
    print: () => undefined,
    told: () => undefined,
    signal: new AbortController().signal,
  });
  const { checker, doubts, leftOut, misfired, troubles, kept, verdict } = outcome;
  for (const [name, why] of Object.entries(leftOut)) {
    console.log(`The fault "${name}" is left out: ${why}`);
  }
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
