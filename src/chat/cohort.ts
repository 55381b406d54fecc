/**
 * Held polls for which the next thing to say is the same: none of them has seen anything after the
 * anchor, which is the last entry for everyone at or before their cursors. They are woken together
 * and given the same bytes, in the order in which they came.
 *
 * The polls know their neighbours: one comes and goes with a few assignments, wherever it stands.
 */
import type { Seq } from '../protocol/entries.ts';
import type { HeldPoll } from './mailbox.ts';

export class Cohort {
  readonly anchor: Seq;
  /** The poll that has waited longest; null when nobody waits. */
  first: HeldPoll | null = null;
  #last: HeldPoll | null = null;

  constructor(anchor: Seq) {
    this.anchor = anchor;
  }

  /** Takes in a poll that stands in no cohort. */
  add(poll: HeldPoll): void {
    const last = this.#last;
    poll.cohort = this;
    poll.ahead = last;
    if (last === null) this.first = poll;
    else last.behind = poll;
    this.#last = poll;
  }

  /** Lets go of a poll that stands in this cohort. */
  remove(poll: HeldPoll): void {
    const { ahead, behind } = poll;
    if (ahead === null) this.first = behind;
    else ahead.behind = behind;
    if (behind === null) this.#last = ahead;
    else behind.ahead = ahead;
    poll.cohort = null;
    poll.ahead = null;
    poll.behind = null;
  }
}
