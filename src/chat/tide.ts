/**
 * The tide is the delay between two wake-ups of the held polls. It rises with the measured cost of
 * the last one: in a quiet room a message goes out at once; in a busy one the wake-ups come further
 * apart and carry more, so that the server sends fewer, fuller answers instead of falling behind.
 */
import { limits } from '../protocol/limits.ts';

/** A wake-up cheaper than this leaves the next one free to happen at once, in milliseconds. */
const cheapMs = 8;

/**
 * The rest after a wake-up, as a multiple of its cost. With two, waking takes at most a third of
 * the time, and posts, joins and re-polls have the rest.
 */
const restPerCost = 2;

export class Tide {
  #restUntilMs = Number.NEGATIVE_INFINITY;
  #startedMs: number | null = null;

  /** How long to wait from now before the next wake-up; 0 for at once. */
  delayMs(nowMs: number): number {
    return Math.max(0, this.#restUntilMs - nowMs);
  }

  /** A wake-up begins. */
  began(nowMs: number): void {
    this.#startedMs = nowMs;
  }

  /** It is over; what it took decides when the next may begin. */
  ended(nowMs: number): void {
    if (this.#startedMs === null) return;
    const costMs = nowMs - this.#startedMs;
    this.#startedMs = null;
    const restMs = costMs <= cheapMs ? 0 : Math.min(limits.tideMsMax, costMs * restPerCost);
    this.#restUntilMs = nowMs + restMs;
  }
}
