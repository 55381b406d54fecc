/**
 * Invariant I1: the serving process is killed at random moments while messages are sent, again and
 * again. What was acknowledged is there once, where the acknowledgement said, and those who go on
 * polling receive it once and in order.
 *
 * `ENCKE_INTERNAL_ROUNDS` says how often it is killed, `ENCKE_TEST_SEED` at which moments.
 */
import { expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomOf, seedOf } from '../contract/journal-kit.ts';
import { HeldMembers } from '../kit/held-members.ts';
import { ServingProcess } from '../kit/serving-process.ts';
import { faultsIn, readHistory, readRecorded } from './recorded.ts';

const rounds = Number(process.env['ENCKE_INTERNAL_ROUNDS'] ?? 50);
/** How long a process lives, from the moment at which it is open. */
const lifeMsMin = 100;
const lifeMsMax = 350;
/** Every so many rounds it does not even live to be open. */
const earlyEvery = 7;
const startMsMax = 250;
/** More than all rounds take together, however many there are. */
const deadlineMs = 30_000 + rounds * 3_000;

test(
  `nothing acknowledged is lost or repeated when the process is killed, ${rounds} times`,
  async () => {
    const random = randomOf(seedOf('killing the serving process'));
    const data = mkdtempSync(join(tmpdir(), 'encke-kill-'));
    let server = ServingProcess.encke('run', { data });
    const url = await server.open();
    const { port } = new URL(url);
    // Whoever finds the server dead a few times in a row must not be left a whole page behind: of
    // more than 200 entries a gap is told, rightly, and the test is of what is delivered.
    const pace = { pauseMs: 40, againMsMax: 60, behindMax: 100, random };
    const crowd = await HeldMembers.join(url, { members: 50, senders: 12, ...pace });
    try {
      crowd.start();
      for (let round = 1; round <= rounds; round++) {
        if (round % earlyEvery === 0) {
          await sleep(startMsMax * random());
        } else {
          await server.open();
          await sleep(lifeMsMin + (lifeMsMax - lifeMsMin) * random());
        }
        await server.destroy();
        server = ServingProcess.encke('run', { data, port });
      }
      await server.open();
      await crowd.settle();
      const { acknowledged, replies } = crowd;
      console.log(`${rounds} kills, ${acknowledged.size} messages, ${replies} replies to polls`);
      expect(crowd.troubles).toEqual([]);
      // If it were fewer, the process was killed while nobody said anything.
      expect(acknowledged.size).toBeGreaterThan(rounds * 5);
      expect(await readHistory(url)).toEqual(acknowledged);
      await server.destroy();
      const recorded = readRecorded(data);
      expect(faultsIn(recorded, acknowledged)).toEqual([]);
      expect(recorded.messages.size).toBe(acknowledged.size);
    } finally {
      await crowd.close();
      await server.destroy();
      rmSync(data, { recursive: true, force: true });
    }
  },
  deadlineMs,
);
