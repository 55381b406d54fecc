/**
 * Waking those who wait. Held polls stand in cohorts by what they have seen; when there is
 * something to say, the cohorts that have not seen it are woken, at once in a quiet room and with
 * the tide in a busy one, and in slices, so that the event loop serves others in between.
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
  /** Lets go of a poll and answers it. */
  readonly answer: (poll: HeldPoll) => void;
  readonly crashed: (reason: unknown) => void;
}

export class Waking {
  readonly #parts: WakingParts;
  readonly #cohorts = new Map<Seq, Cohort<HeldPoll>>();
  readonly #tide = new Tide();
  /** Cohorts that are being woken, slice by slice. */
  readonly #waking: Cohort<HeldPoll>[] = [];
  #isSet = false;
  #isStopped = false;

  constructor(parts: WakingParts) {
    this.#parts = parts;
  }

  /** Adds a poll to those that have seen everything up to `anchor`. */
  add(poll: HeldPoll, anchor: Seq): void {
    let cohort = this.#cohorts.get(anchor);
    if (cohort === undefined) {
      cohort = new Cohort<HeldPoll>(anchor);
      this.#cohorts.set(anchor, cohort);
    }
    cohort.polls.add(poll);
    poll.cohort = cohort;
    if (anchor < this.#parts.newest()) this.wake();
  }

  /** Takes a poll out; harmless when it is out already. */
  remove(poll: HeldPoll): void {
    const { cohort } = poll;
    if (cohort === null) return;
    poll.cohort = null;
    cohort.polls.delete(poll);
    if (cohort.polls.size === 0 && this.#cohorts.get(cohort.anchor) === cohort) {
      this.#cohorts.delete(cohort.anchor);
    }
  }

  /**
   * How long somebody who comes with entries waiting should wait for the tide; 0 for not at all.
   */
  delayMs(): number {
    return this.#tide.delayMs(this.#parts.clock.monotonic());
  }

  /** Wakes, with the tide, every cohort that has not seen the newest entry. */
  wake(): void {
    if (this.#isSet) return;
    this.#isSet = true;
    const delayMs = this.delayMs();
    const { clock } = this.#parts;
    if (delayMs > 0) clock.after(delayMs, () => this.#guarded(() => this.#begin()));
    else clock.soon(() => this.#guarded(() => this.#begin()));
  }

  /** Wakes everybody, whatever they have seen: something that is no entry has changed. */
  wakeAll(): void {
    this.#waking.push(...this.#cohorts.values());
    this.#cohorts.clear();
    this.wake();
  }

  /** Wakes one poll that stands in no cohort, by the same path as all others. */
  wakeAlone(poll: HeldPoll): void {
    const cohort = new Cohort<HeldPoll>(poll.from);
    cohort.polls.add(poll);
    poll.cohort = cohort;
    this.#waking.push(cohort);
    this.wake();
  }

  stop(): void {
    this.#isStopped = true;
  }

  cohorts(): number {
    return this.#cohorts.size;
  }

  #begin(): void {
    const newest = this.#parts.newest();
    for (const cohort of this.#cohorts.values()) {
      if (cohort.anchor >= newest) continue;
      this.#cohorts.delete(cohort.anchor);
      this.#waking.push(cohort);
    }
    this.#wakeSlice();
  }

  #wakeSlice(): void {
    const { clock } = this.#parts;
    const beganMs = clock.monotonic();
    let left: number = limits.sliceMax;
    while (left > 0) {
      const cohort = this.#waking[0];
      if (cohort === undefined) break;
      for (const poll of cohort.polls) {
        this.#parts.answer(poll);
        if (--left === 0) break;
      }
      if (cohort.polls.size === 0) this.#waking.shift();
    }
    const nowMs = clock.monotonic();
    this.#tide.spent(nowMs - beganMs);
    if (this.#waking.length > 0) {
      clock.soon(() => this.#guarded(() => this.#wakeSlice()));
      return;
    }
    this.#tide.ended(nowMs);
    this.#isSet = false;
    // Who came with entries waiting while the slices ran is woken by the next tide.
    const newest = this.#parts.newest();
    for (const anchor of this.#cohorts.keys()) if (anchor < newest) return this.wake();
  }

  #guarded(run: () => void): void {
    if (this.#isStopped) return;
    try {
      run();
    } catch (reason) {
      this.#parts.crashed(reason);
    }
  }
}
