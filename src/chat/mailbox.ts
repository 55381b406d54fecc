/**
 * A mailbox is one member's view of the journal. It stores no messages: they stand once, in the
 * journal, and the client's cursor says how far the member has read. What it keeps is where the
 * member's polls are held, when they were last seen, and the few entries that are addressed to
 * them alone. A crash therefore loses nothing that the next poll does not bring back.
 */
import type { MemberId, Role, Seq, Who } from '../protocol/entries.ts';
import type { Outcome } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';
import type { Cohort } from './cohort.ts';
import type { Encoded } from './ring.ts';
import type { WheelItem } from './wheel.ts';

/** What a poll is answered with: the body of the reply, or a refusal. */
export type PollAnswer = Outcome<{ readonly body: string | Uint8Array }>;

/**
 * Who waits for the answer to a poll: a connection. It is told exactly once, unless it hangs up
 * before. Those who are given the same bytes are given the same object, so that what a waiter makes
 * of an answer (its head, a compressed form) can be made once and found again by it.
 */
export interface Waiter {
  /** Must not throw: it is called among many. May ask for the next poll at once. */
  tell(answer: PollAnswer): void;
}

export class Mailbox implements WheelItem {
  readonly kind = 'mailbox';
  readonly id: MemberId;
  /** Held polls by tab: one each. */
  readonly polls = new Map<string, HeldPoll>();
  /** When the member counts as gone unless they are heard of, on the monotonic clock. */
  presentUntilMs: number;
  /** Their lapse is on its way to the journal: a second one might end what comes after it. */
  isLapsing = false;
  dueMs: number;
  #who: Who;
  #changed: Seq;
  readonly #addressed: Encoded[] = [];
  #addressedFloor: Seq;

  constructor(who: Who, changed: Seq, floor: Seq, presentUntilMs: number) {
    this.id = who.id;
    this.#who = who;
    this.#changed = changed;
    this.#addressedFloor = floor;
    this.presentUntilMs = presentUntilMs;
    this.dueMs = presentUntilMs;
  }

  get role(): Role {
    return this.#who.role;
  }

  get who(): Who {
    return this.#who;
  }

  /** The member has another nick or role. */
  change(who: Who, changed: Seq): void {
    this.#who = who;
    this.#changed = changed;
  }

  /** Whether something about the member changed after a cursor, so that a reply must say so. */
  hasChangedSince(from: Seq): boolean {
    return this.#changed > from;
  }

  /** Takes an entry for this member alone. */
  address(entry: Encoded): void {
    this.#addressed.push(entry);
    if (this.#addressed.length <= limits.addressedMax) return;
    const dropped = this.#addressed.shift();
    if (dropped !== undefined) this.#addressedFloor = dropped.seq;
  }

  /** Entries for this member alone after a cursor. */
  addressedAfter(from: Seq): readonly Encoded[] {
    if (this.#addressed.length === 0) return this.#addressed;
    return this.#addressed.filter((entry) => entry.seq > from);
  }

  /** The mailbox knows everything that was addressed to its member after this seq. */
  addressedFloor(): Seq {
    return this.#addressedFloor;
  }
}

/** A poll that waits for something to say. */
export class HeldPoll implements WheelItem {
  readonly kind = 'poll';
  readonly mailbox: Mailbox;
  /** Where the member's cursor stands. */
  readonly from: Seq;
  readonly waiter: Waiter;
  readonly tab: string;
  readonly turn: number;
  /** Further members of the reply's JSON, for this poll alone; each begins with a comma. */
  readonly extra: string;
  /** Those who wait for the same; null when it waits no more. */
  cohort: Cohort<HeldPoll> | null = null;
  dueMs = 0;

  constructor(
    mailbox: Mailbox,
    from: Seq,
    waiter: Waiter,
    { tab, turn, extra }: Pick<HeldPoll, 'tab' | 'turn' | 'extra'>,
  ) {
    this.mailbox = mailbox;
    this.from = from;
    this.waiter = waiter;
    this.tab = tab;
    this.turn = turn;
    this.extra = extra;
  }
}
