/**
 * The tide decides how fast those who wait may be woken, by what waking them really costs.
 *
 * Everybody may be woken once in one go; before the same may be done again, its cost has to be
 * earned back. In a quiet room it long has been, so a lone message goes out at once. In a busy one
 * there is never enough for everybody, only for the next few: the wake-ups become a steady stream
 * in which each member's turn comes again when all others have had theirs, and finds more to tell.
 * The time between two turns of a member is the tide, and nobody has to compute it.
 *
 * What has been spent and not earned back is kept as one number, the time at which it will be
 * (the generic cell rate algorithm of ITU-T I.371, with milliseconds of work for cells).
 */
import { limits } from '../protocol/limits.ts';

/**
 * How much time a millisecond of waking has to itself. A slice is measured until the event loop has
 * gone round, but most of the polls that follow it come later: an answer costs 6 to 7 µs, the next
 * poll 3 to 4. With four, waking and what follows it take less than half of the time.
 */
const easeMax = 4;

/** What is left of it where everybody could not have their turn within `tideMsMax` otherwise. */
const easeMin = 1.5;

/** Work that may always be done at once, in milliseconds: less is not felt by anybody. */
const cheapMs = 5;

/** What waking one poll is taken to cost before it has been measured, in milliseconds. */
const assumedMs = 0.01;

export class Tide {
  /** When everything that was spent will have been earned back. */
  #earnedMs = Number.NEGATIVE_INFINITY;
  /** What waking one poll costs, in milliseconds: a mean in which the last slices count most. */
  #pollMs = assumedMs;

  /**
   * How long to wait before the next slice, in a room where so many may have to be woken; 0 for
   * not at all.
   */
  delayMs(nowMs: number, crowd: number): number {
    const creditMs = Math.max(cheapMs, this.#allMs(crowd)) * this.#ease(crowd);
    return Math.max(0, this.#earnedMs - nowMs - creditMs);
  }

  /** A slice of so many polls is over; it took so long. */
  spent(nowMs: number, costMs: number, polls: number, crowd: number): void {
    // A slice of a few polls says little of what one costs: most of it is the slice itself.
    const weight = Math.min(1 / 4, polls / limits.sliceMax);
    if (polls > 0) this.#pollMs += (costMs / polls - this.#pollMs) * weight;
    const earnedMs = Math.max(this.#earnedMs, nowMs - costMs) + costMs * this.#ease(crowd);
    this.#earnedMs = Math.min(earnedMs, nowMs + 2 * limits.tideMsMax);
  }

  /** Somebody who came late was answered outside of all slices: at what it costs on average. */
  answered(nowMs: number, crowd: number): void {
    this.spent(nowMs, this.#pollMs, 0, crowd);
  }

  /**
   * For how long clients should stay away when there is no more to be gained from letting them
   * wait here: the tide is as high as it may be.
   */
  awayMs(crowd: number): number {
    const excessMs = this.#allMs(crowd) * easeMax - limits.tideMsMax;
    return Math.round(Math.min(Math.max(0, excessMs), limits.awayMsMax));
  }

  /** What it costs to wake everybody once. */
  #allMs(crowd: number): number {
    return crowd * this.#pollMs;
  }

  #ease(crowd: number): number {
    return Math.min(easeMax, Math.max(easeMin, limits.tideMsMax / this.#allMs(crowd)));
  }
}
