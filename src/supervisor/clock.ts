/**
 * Time, handed in. Nothing in the chat reads a clock or sets a timer of its own, so that a test or
 * a simulation can replay any run.
 */
export interface Clock {
  /** The wall clock, in milliseconds since 1970. May jump; only shown, never subtracted. */
  now(): number;
  /** A clock that never goes back, in milliseconds from an arbitrary start. For durations. */
  monotonic(): number;
  /** Calls `run` once after `delayMs`. The answer cancels it; cancelling twice is harmless. */
  after(delayMs: number, run: () => void): () => void;
  /** Calls `run` after what the event loop has waiting now: requests are served in between. */
  soon(run: () => void): void;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  soon(run) {
    setImmediate(run);
  },
};
