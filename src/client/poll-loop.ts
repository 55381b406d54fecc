/**
 * The heart of Comet: ask, take in the answer, ask again at once. There is one step under way at a
 * time, and the next one is chained from its answer, not from a timer, so that a slow line is never
 * asked twice and a fast one never waits.
 *
 * A run of the loop has a signal of its own. Whoever restarts the loop aborts the run before, and
 * what that run still hears is dropped: a late answer can neither be applied twice nor move the
 * cursor back.
 */
import type { Failure } from './answer.ts';
import { backoffMs } from './backoff.ts';
import { pause, type ClientClock } from './clock.ts';
import type { Status } from './status.ts';

/** What a step of the loop comes to. */
export type Verdict =
  /** All is well: the next step follows, after so many milliseconds if the server asked for it. */
  | number
  /** It did not work this time. */
  | Failure
  /** Something else has to be asked first, at once; or nothing more, and the signal says so. */
  | undefined;

/** Polls until the signal. A step asks once; one that is hurried asks for an answer at once. */
export async function pollLoop(
  clock: ClientClock,
  random: () => number,
  step: (signal: AbortSignal, isHurried: boolean) => Promise<Verdict>,
  become: (status: Status) => void,
  isHurried: boolean,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 0; ;) {
    const verdict = await step(signal, isHurried);
    if (signal.aborted) return;
    if (verdict === undefined) continue;
    let waitMs: number;
    if (typeof verdict === 'number') {
      waitMs = verdict;
      attempt = 0;
      become({ kind: 'live' });
    } else {
      waitMs = backoffMs(++attempt, random, verdict);
      become({ kind: 'waiting', retryAt: clock.now() + waitMs, attempt, reason: verdict });
    }
    // Once a server that was away is there again, it should say so at once, not after a hold.
    isHurried = attempt > 0;
    if (waitMs > 0) await pause(clock, waitMs, signal);
    if (signal.aborted) return;
    if (isHurried) become({ kind: 'connecting' });
  }
}
