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
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Waits so long, or until somebody does not want to wait any more. */
export function pause(clock: ClientClock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.after(ms, end);
    signal.addEventListener('abort', end);
  });
}
