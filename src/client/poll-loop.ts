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
import type { ClientClock } from './clock.ts';
import type { Status } from './room-state.ts';

/** What a step of the loop comes to. */
export type Verdict =
  /** All is well: the next step follows, after a pause only if the server asked for one. */
  | { readonly waitMs: number }
  /** It did not work this time. */
  | { readonly failure: Failure }
  /** There is nothing more to ask. */
  | { readonly end: Status }
  /** Something else has to be asked first, at once. */
  | null;

export interface PollLoopParts {
  readonly clock: ClientClock;
  readonly random: () => number;
  readonly isOnline: () => boolean;
  /** Asks once; once aborted, drops what it hears. `isHurried`: for an answer at once. */
  readonly step: (isHurried: boolean, signal: AbortSignal) => Promise<Verdict>;
  readonly become: (status: Status) => void;
}

export interface PollLoop {
  /** Begins, or begins again: what is under way is dropped. */
  readonly start: (isHurried: boolean) => void;
  readonly stop: () => void;
  /** Whether a poll is under way, or will be. */
  readonly isRunning: () => boolean;
  /**
   * The machine or the page has come back: whatever waits is cut short, and so is a poll that may
   * have died meanwhile. One that only just began is left to answer.
   */
  readonly revive: () => void;
  /** The network went away: the poll under way may be dead, however young it is. */
  readonly doubt: () => void;
}

/** A poll may be presumed alive for so long after something has happened to the machine. */
const freshMs = 5_000;

export function pollLoop({ clock, random, isOnline, step, become }: PollLoopParts): PollLoop {
  let run: AbortController | null = null;
  /** When the step under way began. Long ago between steps, and after doubt. */
  let begunMs = -Infinity;

  return {
    start,
    stop,
    isRunning: () => run !== null,
    revive() {
      if (run && clock.monotonic() - begunMs >= freshMs) start(true);
    },
    doubt() {
      begunMs = -Infinity;
    },
  };

  function start(isHurried: boolean): void {
    stop();
    run = new AbortController();
    void loop(run.signal, isHurried);
  }

  function stop(): void {
    run?.abort();
    run = null;
  }

  async function loop(signal: AbortSignal, isHurried: boolean): Promise<void> {
    for (let attempt = 0; ;) {
      begunMs = clock.monotonic();
      const verdict = await step(isHurried, signal);
      if (signal.aborted) return;
      if (!verdict) continue;
      begunMs = -Infinity;
      if ('end' in verdict) {
        run = null;
        become(verdict.end);
        return;
      }
      let waitMs = 0;
      // Once a server that was away is there again, it should say so at once, not after a hold.
      isHurried = 'failure' in verdict;
      if ('failure' in verdict) {
        const { failure } = verdict;
        waitMs = backoffMs(++attempt, random, failure);
        const retryAt = clock.now() + waitMs;
        const waiting = { kind: 'waiting', retryAt, attempt, reason: failure.code } as const;
        become(isOnline() ? waiting : { kind: 'offline' });
      } else {
        attempt = 0;
        ({ waitMs } = verdict);
        become({ kind: 'live' });
      }
      if (waitMs > 0) await pause(waitMs, signal);
      if (signal.aborted) return;
      if (attempt) become({ kind: 'connecting' });
    }
  }

  function pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const cancel = clock.after(ms, end);
      signal.addEventListener('abort', end);
    });
  }
}
