/**
 * Waking those who wait. Held polls stand in cohorts by what they have seen. When there is
 * something to say, the cohorts that have not seen it are woken, the one that has waited longest
 * first: in slices, so that the event loop serves others in between, and as fast as the tide lets.
 *
 * That queue is also what spreads members over the tide. Who is woken polls again and stands at its
 * end, in the cohort of those who have seen as much; so everybody's next turn is one round away,
 * and no two slices of members have theirs at the same moment. No phase is kept for anybody, and
 * nobody can be passed over: a cohort whose turn has come takes nobody in any more, so that who
 * comes back to it again and again, with an old cursor, queues behind all others like everybody.
 */
import type { Seq } from '../protocol/entries.ts';
import { limits } from '../protocol/limits.ts';
import type { Clock } from '../supervisor/clock.ts';
import { Cohort } from './cohort.ts';
import type { HeldPoll } from './mailbox.ts';
import { Tide } from './tide.ts';

export interface WakingParts {
  readonly clock: Clock;
  /** The newest entry for everyone: cohorts that stand before it are woken. */
  readonly newest: () => Seq;
  /** How many it takes to wake everybody, about. */
  readonly crowd: () => number;
  /** Lets go of a poll and answers it. */
  readonly answer: (poll: HeldPoll, nowMs: number) => void;
  readonly crashed: (reason: unknown) => void;
  /**
   * On between two slices that follow each other at once. Those who have been told wait with their
   * next polls until the others have: reading one takes two thirds of the time of telling one.
   */
  readonly telling: { isOn: boolean };
}

/** Polls between two looks at the clock, which is not free: a tenth of what waking a poll is. */
const lookEvery = 16;

/** With the polls that come back from it, a slice costs no more than so many times itself. */
const roundPerSlice = 3;

export class Waking {
  readonly #parts: WakingParts;
  /** By anchor, and in the order in which their first poll came. */
  readonly #cohorts = new Map<Seq, Cohort>();
  /** Cohorts that are to be woken whatever they have seen. */
  readonly #called: Cohort[] = [];
  /** The cohort whose turn it is. */
  #current: Cohort | null = null;
  readonly #tide = new Tide();
  #awayMs = 0;
  /** When the last entry was written. */
  #writtenMs = Number.NEGATIVE_INFINITY;
  /** A slice is on its way, or has been and is not settled. */
  #isSet = false;
  #isStopped = false;

  constructor(parts: WakingParts) {
    this.#parts = parts;
    parts.telling.isOn = false;
  }

  /** Adds a poll to those that have seen everything up to `anchor`. */
  add(poll: HeldPoll, anchor: Seq): void {
    let cohort = this.#cohorts.get(anchor);
    if (cohort === undefined) {
      cohort = new Cohort(anchor);
      this.#cohorts.set(anchor, cohort);
    }
    cohort.add(poll);
    if (anchor < this.#parts.newest()) this.wake();
  }

  /** Takes a poll out; harmless when it is out already. */
  remove(poll: HeldPoll): void {
    const { cohort } = poll;
    if (cohort === null) return;
    cohort.remove(poll);
    if (cohort.first !== null || this.#cohorts.get(cohort.anchor) !== cohort) return;
    this.#cohorts.delete(cohort.anchor);
  }

  /**
   * Whether somebody who comes with entries waiting may be answered at once; if so, it is taken to
   * be done. Otherwise they queue like all others: a wake-up of its own for each of them would take
   * the tide its meaning.
   */
  admits(nowMs: number): boolean {
    const crowd = this.#parts.crowd();
    if (this.#current !== null || this.#tide.delayMs(nowMs, crowd) > 0) return false;
    this.#tide.answered(nowMs, crowd);
    return true;
  }

  /** Somebody has written an entry. */
  written(): void {
    this.#writtenMs = this.#parts.clock.monotonic();
  }

  /** For how long nothing has been written and nobody woken, in milliseconds. */
  restedMs(nowMs: number): number {
    return this.#isSet ? 0 : nowMs - this.#writtenMs;
  }

  /** Wakes, with the tide, every cohort that has not seen the newest entry. */
  wake(): void {
    if (this.#isSet) return;
    this.#isSet = true;
    const delayMs = this.#delayMs(this.#parts.clock.monotonic());
    if (delayMs === 0) this.#parts.clock.soon(this.#slice);
    else this.#parts.clock.after(delayMs, this.#slice);
  }

  /** Wakes everybody, whatever they have seen: something that is no entry has changed. */
  wakeAll(): void {
    this.#called.push(...this.#cohorts.values());
    this.#cohorts.clear();
    this.wake();
  }

  /** Wakes one poll that stands in no cohort, by the same path as all others. */
  wakeAlone(poll: HeldPoll): void {
    const cohort = new Cohort(poll.from);
    cohort.add(poll);
    this.#called.push(cohort);
    this.wake();
  }

  stop(): void {
    this.#isStopped = true;
    this.#parts.telling.isOn = false;
  }

  cohorts(): number {
    return this.#cohorts.size;
  }

  /**
   * For how long those who are answered now should stay away, in milliseconds. They are answered a
   * slice at a time, and come back as they went: the same for all of them is spread all the same.
   */
  awayMs(): number {
    return this.#awayMs;
  }

  readonly #slice = (): void => {
    if (this.#isStopped) return;
    try {
      const { answer, clock, newest } = this.#parts;
      const beganMs = clock.monotonic();
      const upTo = newest();
      let count = 0;
      for (; count < limits.sliceMax; count++) {
        if (count % lookEvery === lookEvery - 1) {
          if (clock.monotonic() - beganMs >= limits.sliceMsMax) break;
        }
        const poll = this.#next(upTo);
        if (poll === null) break;
        answer(poll, beganMs);
      }
      this.#parts.telling.isOn = this.#hasDue();
      const mostMs = (clock.monotonic() - beganMs) * roundPerSlice;
      clock.soon(() => this.#settle(beganMs, mostMs, count));
    } catch (reason) {
      this.#parts.crashed(reason);
    }
  };

  /**
   * The event loop has gone round since a slice: what that took is what the slice cost, unless it
   * took so long that something else did as well, such as the first requests after a start.
   */
  #settle(beganMs: number, mostMs: number, count: number): void {
    const { clock, crowd } = this.#parts;
    const nowMs = clock.monotonic();
    this.#tide.spent(nowMs, Math.min(nowMs - beganMs, mostMs), count, crowd());
    const delayMs = this.#delayMs(nowMs);
    this.#isSet = this.#hasDue();
    if (!this.#isSet || delayMs > 0) this.#parts.telling.isOn = false;
    if (!this.#isSet) return;
    if (delayMs === 0) this.#slice();
    else clock.after(delayMs, this.#slice);
  }

  #delayMs(nowMs: number): number {
    const crowd = this.#parts.crowd();
    const delayMs = this.#tide.delayMs(nowMs, crowd);
    this.#awayMs = delayMs === 0 ? 0 : this.#tide.awayMs(crowd);
    return delayMs;
  }

  #next(newest: Seq): HeldPoll | null {
    while (this.#current === null || this.#current.first === null) {
      this.#current = this.#take(newest);
      if (this.#current === null) return null;
    }
    return this.#current.first;
  }

  /** Takes out the cohort whose turn is next. */
  #take(newest: Seq): Cohort | null {
    const called = this.#called.shift();
    if (called !== undefined) return called;
    const cohort = this.#firstBefore(newest);
    if (cohort !== null) this.#cohorts.delete(cohort.anchor);
    return cohort;
  }

  #hasDue(): boolean {
    if (this.#current !== null && this.#current.first !== null) return true;
    this.#current = null;
    return this.#called.length > 0 || this.#firstBefore(this.#parts.newest()) !== null;
  }

  /** The cohort that has waited longest of those that have not seen an entry. */
  #firstBefore(newest: Seq): Cohort | null {
    // Only one cohort has seen everything, so that this is the first or the second.
    for (const cohort of this.#cohorts.values()) if (cohort.anchor < newest) return cohort;
    return null;
  }
}
