/**
 * A mailbox is one member's view of the journal. It stores no messages: they stand once, in the
 * journal, and the client's cursor says how far the member has read. What it keeps is where the
 * member's polls are held, when they were last seen, and the few entries that are addressed to
 * them alone. A crash therefore loses nothing that the next poll does not bring back.
 *
 * There are tens of thousands of them, each with a poll: neither has a map or a list of its own
 * where nearly everybody needs none.
 */
import type { MemberId, Role, Seq, Who } from '../protocol/entries.ts';
import type { Outcome } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';
import type { Cohort } from './cohort.ts';
import type { Encoded } from './ring.ts';
import { WheelItem } from './wheel.ts';

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

const nothing: readonly Encoded[] = [];

export class Mailbox extends WheelItem {
  // What every poll needs stands together: with so many mailboxes none of them is in the
  // processor's cache, and it is the number of its lines that a poll waits for.

  /** When the member counts as gone unless they are heard of, on the monotonic clock. */
  presentUntilMs: number;
  /** Until when a page that stands still is read, which nobody hears of: see `seen`. */
  stillUntilMs = 0;
  /** The polls that are held for them, one a tab, each knowing the next. */
  #polls: HeldPoll | null = null;
  /** The name of the tab that was held last. */
  #tab = '';
  /** The last seq that concerned this member alone. */
  #own: Seq;
  #addressedFloor: Seq;
  #addressed: readonly Encoded[] = nothing;
  #who: Who;
  #changed: Seq;
  /** Their lapse is on its way to the journal: a second one might end what comes after it. */
  isLapsing = false;
  /** Among which mailboxes it stands; null when its member has left. */
  place: object | null = null;

  constructor(who: Who, changed: Seq, floor: Seq, presentUntilMs: number) {
    super();
    this.#who = who;
    this.#changed = changed;
    this.#own = changed;
    this.#addressedFloor = floor;
    this.presentUntilMs = presentUntilMs;
  }

  get id(): MemberId {
    return this.#who.id;
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
    this.#own = changed;
  }

  /** Whether anything after a cursor concerns this member alone: who they are, or an entry. */
  hasOwnSince(from: Seq): boolean {
    return this.#own > from;
  }

  /** Whether something about the member changed after a cursor, so that a reply must say so. */
  hasChangedSince(from: Seq): boolean {
    return this.#changed > from;
  }

  // --- Held polls -------------------------------------------------------------------------------

  /** Whether a poll is held for the member, in any tab. */
  hasPolls(): boolean {
    return this.#polls !== null;
  }

  /** The polls that are held. A few at most: this is for what concerns one member. */
  polls(): readonly HeldPoll[] {
    const all: HeldPoll[] = [];
    for (let poll = this.#polls; poll !== null; poll = poll.sibling) all.push(poll);
    return all;
  }

  /** The poll that is held for a tab, or null. */
  pollOf(tab: string): HeldPoll | null {
    let poll = this.#polls;
    while (poll !== null && poll.tab !== tab) poll = poll.sibling;
    return poll;
  }

  /** When the first hold of a poll of theirs is over; null when none is held. */
  nextHoldEndMs(): number | null {
    let first: number | null = null;
    for (let poll = this.#polls; poll !== null; poll = poll.sibling) {
      if (first === null || poll.dueMs < first) first = poll.dueMs;
    }
    return first;
  }

  /** Whether every tab that a member may have holds a poll. */
  isFull(): boolean {
    let left: number = limits.tabsPerMemberMax;
    for (let poll = this.#polls; poll !== null; poll = poll.sibling) left--;
    return left <= 0;
  }

  /** Keeps a poll; none may be held for its tab. */
  keep(poll: HeldPoll): void {
    poll.sibling = this.#polls;
    this.#polls = poll;
  }

  /** Lets go of a poll; false when it is not among those that are kept. */
  letGo(poll: HeldPoll): boolean {
    let before: HeldPoll | null = null;
    let at = this.#polls;
    while (at !== null && at !== poll) {
      before = at;
      at = at.sibling;
    }
    if (at === null) return false;
    if (before === null) this.#polls = poll.sibling;
    else before.sibling = poll.sibling;
    poll.sibling = null;
    return true;
  }

  /**
   * A tab's name, to be kept for as long as a poll is held. What is cut out of a request keeps the
   * whole request in memory, so the name is copied; and only when the last poll's was another.
   */
  nameOf(tab: string): string {
    if (tab !== this.#tab) this.#tab = Buffer.from(tab).toString();
    return this.#tab;
  }

  // --- Addressed entries ------------------------------------------------------------------------

  /** Takes an entry for this member alone. */
  address(entry: Encoded): void {
    this.#own = entry.seq;
    this.#addressed = [...this.#addressed, entry];
    if (this.#addressed.length <= limits.addressedMax) return;
    const [dropped, ...kept] = this.#addressed;
    this.#addressed = kept;
    if (dropped !== undefined) this.#addressedFloor = dropped.seq;
  }

  /** Entries for this member alone after a cursor. */
  addressedAfter(from: Seq): readonly Encoded[] {
    return this.#addressed.filter((entry) => entry.seq > from);
  }

  /** The mailbox knows everything that was addressed to its member after this seq. */
  addressedFloor(): Seq {
    return this.#addressedFloor;
  }
}

/** A poll that waits for something to say. */
export class HeldPoll {
  readonly mailbox: Mailbox;
  /** Where the member's cursor stands. */
  readonly from: Seq;
  readonly waiter: Waiter;
  readonly tab: string;
  readonly turn: number;
  /** Further members of the reply's JSON, for this poll alone; each begins with a comma. */
  readonly extra: string;
  /** When its hold is over, on the monotonic clock. */
  dueMs = 0;
  /** Those who wait for the same; null when it waits no more. */
  cohort: Cohort | null = null;
  /** The neighbours in the cohort. For the cohort alone. */
  ahead: HeldPoll | null = null;
  behind: HeldPoll | null = null;
  /** The next poll of the same member. For the mailbox alone. */
  sibling: HeldPoll | null = null;

  constructor(
    mailbox: Mailbox,
    from: Seq,
    waiter: Waiter,
    { tab, turn, extra }: Pick<HeldPoll, 'tab' | 'turn' | 'extra'>,
  ) {
    this.mailbox = mailbox;
    this.from = from;
    this.waiter = waiter;
    this.tab = mailbox.nameOf(tab);
    this.turn = turn;
    this.extra = extra;
  }
}
