/**
 * The tide is the delay between two wake-ups of the held polls. It rises with the measured cost of
 * the last one: in a quiet room a message goes out at once; in a busy one the wake-ups come further
 * apart and carry more, so that the server sends fewer, fuller answers instead of falling behind.
 */
import { limits } from '../protocol/limits.ts';

/** A wake-up cheaper than this leaves the next one free to happen at once, in milliseconds. */
const cheapMs = 5;

/**
 * The rest after a wake-up, as a multiple of what its slices took. A slice is a small part of what
 * its answers cost: they are written, and the polls that follow are read, while the slices are not
 * running. With four, waking alone never takes more than a fifth of the time.
 */
const restPerCost = 4;

export class Tide {
  #restUntilMs = Number.NEGATIVE_INFINITY;
  #costMs = 0;

  /** How long to wait from now before the next wake-up; 0 for at once. */
  delayMs(nowMs: number): number {
    return Math.max(0, this.#restUntilMs - nowMs);
  }

  /** A slice of a wake-up took so long. What happened between slices is not its cost. */
  spent(costMs: number): void {
    this.#costMs += costMs;
  }

  /** The wake-up is over; what it took decides when the next may begin. */
  ended(nowMs: number): void {
    const costMs = this.#costMs;
    this.#costMs = 0;
    const restMs = costMs <= cheapMs ? 0 : Math.min(limits.tideMsMax, costMs * restPerCost);
    this.#restUntilMs = nowMs + restMs;
  }
}
