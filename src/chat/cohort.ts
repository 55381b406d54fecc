/**
 * Held polls for which the next thing to say is the same: none of them has seen anything after the
 * anchor, which is the last entry for everyone at or before their cursors. They are woken together
 * and given the same bytes.
 */
import type { Seq } from '../protocol/entries.ts';

export class Cohort<Poll> {
  readonly anchor: Seq;
  readonly polls = new Set<Poll>();

  constructor(anchor: Seq) {
    this.anchor = anchor;
  }
}
