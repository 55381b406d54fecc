/**
 * A pace is how fast somebody may act: so many times at once, and once more for every so many
 * milliseconds after that. It is a token bucket, kept as the one time at which it is full again
 * (the generic cell rate algorithm of ITU-T I.371). There is no counter to refill, so nothing
 * drifts and nothing overflows, and being refused costs nothing: who keeps to the pace is never
 * refused, however long they go on.
 */
import { limits } from '../protocol/limits.ts';

export interface PaceRules {
  /** Actions allowed at once: a whole number from 1. */
  readonly burst: number;
  /** Milliseconds that earn one more action. More than 0. */
  readonly everyMs: number;
}

export class Pace {
  readonly #everyMs: number;
  /** How far ahead of now the time of being full may stand while an action is left. */
  readonly #aheadMsMax: number;
  #fullAtMs = Number.NEGATIVE_INFINITY;
  #nowMs = Number.NEGATIVE_INFINITY;

  constructor({ burst, everyMs }: PaceRules) {
    if (!Number.isSafeInteger(burst) || burst < 1) throw new RangeError(`A burst of ${burst}`);
    if (!Number.isFinite(everyMs) || everyMs <= 0) throw new RangeError(`A pace of ${everyMs} ms`);
    this.#everyMs = everyMs;
    this.#aheadMsMax = (burst - 1) * everyMs;
  }

  /**
   * Takes one action. 0: it is allowed. Otherwise the whole milliseconds to wait, and nothing was
   * taken. The time is that of a monotonic clock.
   */
  take(nowMs: number): number {
    this.#see(nowMs);
    const fullAtMs = Math.max(this.#fullAtMs, nowMs);
    const waitMs = fullAtMs - nowMs - this.#aheadMsMax;
    // Less than a millisecond is the rounding of the clock: somebody exactly on time may be seen a
    // hair early. It is no gift, because the next action is counted from `fullAtMs`, not from now.
    if (waitMs >= 1) return Math.ceil(waitMs);
    this.#fullAtMs = fullAtMs + this.#everyMs;
    return 0;
  }

  /** Gives the last action back: it did not take place. */
  giveBack(): void {
    // Giving back more than was taken is harmless, since `take` counts from now at the earliest.
    this.#fullAtMs -= this.#everyMs;
  }

  /** Milliseconds until all actions are there again; 0 when they are. */
  untilFull(nowMs: number): number {
    this.#see(nowMs);
    return Math.max(0, this.#fullAtMs - nowMs);
  }

  /** A clock that was set back takes the pace with it: what was left before is left after. */
  #see(nowMs: number): void {
    if (!Number.isFinite(nowMs)) throw new RangeError(`The time ${nowMs}`);
    if (nowMs < this.#nowMs) this.#fullAtMs -= this.#nowMs - nowMs;
    this.#nowMs = nowMs;
  }
}

/**
 * The paces of many, by member or by address. The book is bounded. A pace that is full is worth
 * nothing, since a new one is full as well; so those are forgotten first. Only when there are none
 * among the ones looked at is one forgotten that is not full, and then the fullest: an address
 * that has used itself up is not reset by a crowd of fresh ones.
 */
export class PaceBook<Key> {
  readonly #rules: PaceRules;
  readonly #sizeMax: number;
  readonly #paces = new Map<Key, Pace>();

  constructor(rules: PaceRules, sizeMax: number = limits.addressesMax) {
    if (!Number.isSafeInteger(sizeMax) || sizeMax < 1) throw new RangeError(`A book of ${sizeMax}`);
    this.#rules = rules;
    this.#sizeMax = sizeMax;
  }

  /** Takes one action of somebody's. 0: it is allowed. Otherwise the milliseconds to wait. */
  take(key: Key, nowMs: number): number {
    let pace = this.#paces.get(key);
    if (pace === undefined) {
      this.#makeRoom(nowMs);
      pace = new Pace(this.#rules);
      this.#paces.set(key, pace);
    }
    return pace.take(nowMs);
  }

  /** Gives somebody's last action back. */
  giveBack(key: Key): void {
    this.#paces.get(key)?.giveBack();
  }

  /** How many are remembered. */
  get size(): number {
    return this.#paces.size;
  }

  /**
   * A map keeps the order of insertion. We look at the few that stand first and put those that
   * stay behind all others, so that every pace is looked at in turn and no call looks at many.
   */
  #makeRoom(nowMs: number): void {
    let fullest: Key | undefined;
    let fullestMs = Number.POSITIVE_INFINITY;
    const mustGo = this.#paces.size >= this.#sizeMax;
    let left = Math.min(this.#paces.size, mustGo ? glances : glancesWithRoom);
    for (const [key, pace] of this.#paces) {
      if (left-- === 0) break;
      this.#paces.delete(key);
      const untilFullMs = pace.untilFull(nowMs);
      if (untilFullMs === 0) continue;
      this.#paces.set(key, pace);
      if (untilFullMs >= fullestMs) continue;
      fullestMs = untilFullMs;
      fullest = key;
    }
    if (this.#paces.size >= this.#sizeMax && fullest !== undefined) this.#paces.delete(fullest);
  }
}

/** Paces looked at for each new one: two keep up with those that fill. */
const glancesWithRoom = 2;
/** The same when one must go: eight make it unlikely that only used-up ones are seen. */
const glances = 8;
