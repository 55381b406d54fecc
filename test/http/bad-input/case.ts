/**
 * A class of bad input: a table of attempts, each with the answer it gets and what is recorded of
 * it, which is usually nothing. Every class ends with a flood of the same attempts, after which
 * memory and counts are what they were.
 */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { heapStats } from 'bun:jsc';
import type { RoomServerParts } from '../../kit/room-server.ts';
import { Scene, type Bytes } from './scene.ts';

/** What is sent; made for the scene where it depends on that, and on what is done there before. */
export type Attempt = Bytes | ((scene: Scene) => Bytes | Promise<Bytes>);

/** What is tried, what is sent, what is answered, and the entries that are recorded of it. */
export type Row = readonly [
  name: string,
  attempt: Attempt,
  outcome: string,
  recorded?: readonly string[],
];

/** Attempts in a flood. Half as many go before it: what is kept once is there when it begins. */
const floodSize = 1_000;
/** Of them under way at once. */
const atOnce = 12;
/**
 * More than this is a leak: a kB for each attempt would be a MB. What remains of other causes was
 * measured at 0.1 to 0.2 MB.
 */
const heapBytesMax = 600_000;
/** Resident memory is the allocator's as well, so this bound is for leaks outside of the heap. */
const residentBytesMax = 64_000_000;

/** Declares the tests of a class. */
export function badInput(
  name: string,
  rows: readonly Row[],
  parts: RoomServerParts = {},
): { readonly scene: () => Scene } {
  let opened: Scene | null = null;
  const scene = (): Scene => {
    if (opened === null) throw new Error('The scene opens before the first test');
    return opened;
  };

  describe(name, () => {
    beforeAll(async () => {
      opened = await Scene.open(parts);
    });

    afterAll(async () => await opened?.[Symbol.asyncDispose]());

    test.each(rows.map((row) => [...row] as const))(
      '%s',
      async (_, attempt, outcome, recorded = []) => {
        const at = scene();
        const bytes = typeof attempt === 'function' ? await attempt(at) : attempt;
        await at.begin();
        expect(await at.send(bytes, outcome)).toBe(outcome);
        await at.expectUnharmed(recorded);
        await at.clear();
      },
    );

    test('leaves nothing behind, however often', async () => {
      const at = scene();
      const harmless = rows.filter(([, , , recorded = []]) => recorded.length === 0);
      const attempts: { bytes: Bytes; outcome: string }[] = [];
      for (const [, attempt, outcome] of harmless) {
        const bytes = typeof attempt === 'function' ? await attempt(at) : attempt;
        attempts.push({ bytes, outcome });
      }
      await at.begin();
      const counts = await at.counts();
      await flood(at, attempts, floodSize / 2);
      await at.settle(counts);
      const before = memory();
      await flood(at, attempts, floodSize);
      await at.settle(counts);
      const after = memory();
      expect(after.heapBytes - before.heapBytes).toBeLessThan(heapBytesMax);
      expect(after.residentBytes - before.residentBytes).toBeLessThan(residentBytesMax);
      await at.clear();
    });
  });
  return { scene };
}

/**
 * Sends all attempts again and again. What is too fast meanwhile is refused, and of polls in one
 * tab the newest alone is held: that is well.
 */
async function flood(
  scene: Scene,
  attempts: readonly { readonly bytes: Bytes; readonly outcome: string }[],
  size: number,
): Promise<void> {
  let nr = 0;
  const sendOn = async (): Promise<void> => {
    while (nr < size) {
      const { bytes, outcome } = attempts[nr++ % attempts.length] as (typeof attempts)[number];
      const others = outcome === 'held' ? ['200'] : ['429 TOO_FAST'];
      expect(await scene.send(bytes, outcome)).toBeOneOf([outcome, ...others]);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, sendOn));
}

function memory(): { readonly heapBytes: number; readonly residentBytes: number } {
  // What one collection lets go of, sockets and their buffers, the next ones free.
  for (let nr = 0; nr < 3; nr++) Bun.gc(true);
  return { heapBytes: heapStats().heapSize, residentBytes: process.memoryUsage.rss() };
}
