/** Time, handed in, so that a test can replay any run. */
export interface ClientClock {
  /** The wall clock, in milliseconds since 1970. May jump; only shown, never subtracted. */
  now(): number;
  /** A clock that never goes back, in milliseconds from an arbitrary start. For durations. */
  monotonic(): number;
  /** Calls `run` once after `delayMs`. The answer cancels it; cancelling twice is harmless. */
  after(delayMs: number, run: () => void): () => void;
}

/** The clock of the machine. */
export const machineClock: ClientClock = {
  now: Date.now,
  monotonic: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Waits so long, or until one of the signals says that nobody waits any more. */
export function pause(
  clock: ClientClock,
  ms: number,
  ...signals: (AbortSignal | undefined)[]
): Promise<void> {
  return new Promise((resolve) => {
    const over = new AbortController();
    const end = (): void => {
      cancel();
      over.abort();
      resolve();
    };
    const cancel = clock.after(ms, end);
    for (const signal of signals) {
      // Once it is over, nothing listens any more.
      signal?.addEventListener('abort', end, over);
      if (signal?.aborted) end();
    }
  });
}
