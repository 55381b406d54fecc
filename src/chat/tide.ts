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
 * How much time a millisecond of waking has to itself, at least. A slice is measured until the
 * event loop has gone round, but some of the polls that follow it come later: an answer costs 6 to
 * 7 µs, the next poll 3 to 4. With three, waking and what follows it take half of the time at most.
 */
const easeUsual = 3;

/**
 * As long as a member's turn comes again within `easyMs`, nobody feels that it could have come
 * sooner, and the time is better left to those who write: so much to each millisecond.
 */
const easeMax = 8;
const easyMs = 300;

/** What is left of it where everybody could not have their turn within `tideMsMax` otherwise. */
const easeMin = 1.5;

/** Work that may always be done at once, in milliseconds: less is not felt by anybody. */
const cheapMs = 5;

/**
 * What waking one poll costs is a mean over so many wake-ups of everybody. Over less it would fall
 * towards the end of each, when few poll again in between, and those who come last would wait.
 */
const wakeUpsMeant = 3;

export class Tide {
  /** When everything that was spent will have been earned back. */
  #earnedMs = Number.NEGATIVE_INFINITY;
  /** What waking one poll costs, in milliseconds, and how many polls this is the mean of. */
  #pollMs = 0;
  #polls = 0;

  /**
   * How long to wait before the next slice, in a room where so many may have to be woken; 0 for
   * not at all.
   */
  delayMs(nowMs: number, crowd: number): number {
    return Math.max(0, this.#earnedMs - nowMs - this.#creditMs(crowd));
  }

  /** A slice of so many polls is over; it took so long. */
  spent(nowMs: number, costMs: number, polls: number, crowd: number): void {
    if (polls > 0) {
      this.#polls = Math.min(this.#polls, wakeUpsMeant * crowd) + polls;
      this.#pollMs += (costMs - this.#pollMs * polls) / this.#polls;
    }
    const earnedMs = Math.max(this.#earnedMs, nowMs - costMs) + costMs * this.#ease(crowd);
    // One slice that took forever, on a machine that was suspended, is not worth more of a wait.
    this.#earnedMs = Math.min(earnedMs, nowMs + this.#creditMs(crowd) + limits.tideMsMax);
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
    const excessMs = this.#allMs(crowd) * easeUsual - limits.tideMsMax;
    return Math.round(Math.min(Math.max(0, excessMs), limits.awayMsMax));
  }

  /** What may be spent before it is earned. */
  #creditMs(crowd: number): number {
    return Math.max(cheapMs, this.#allMs(crowd)) * this.#ease(crowd);
  }

  /** What it costs to wake everybody once. */
  #allMs(crowd: number): number {
    return crowd * this.#pollMs;
  }

  #ease(crowd: number): number {
    const allMs = this.#allMs(crowd);
    const wanted = Math.min(easeMax, Math.max(easeUsual, easyMs / allMs));
    return Math.min(wanted, Math.max(easeMin, limits.tideMsMax / allMs));
  }
}
