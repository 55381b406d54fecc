/**
 * Answers that say nothing but when to ask again, and whether to: to polls that another took the
 * place of, and to those that the server cannot hold just now. The cursor stays where it is, so
 * that nothing is missed.
 */
import type { Seq } from '../protocol/entries.ts';
import { limits } from '../protocol/limits.ts';
import type { PollAnswer } from './mailbox.ts';
import type { Replies } from './replies.ts';

export class Dismissals {
  readonly #replies: Replies;
  readonly #random: () => number;

  constructor(replies: Replies, random: () => number) {
    this.#replies = replies;
    this.#random = random;
  }

  /** A newer poll of the tab took over. */
  superseded(at: Seq): PollAnswer {
    return this.#replies.unchanged(at, 0, ',"superseded":true');
  }

  /**
   * A poll with the same turn took over: a copy that a proxy or a browser made of one request.
   * It stops nobody, because which of the two answers the client will hear cannot be told. Its next
   * poll pushes out the other.
   */
  copied(at: Seq): PollAnswer {
    return this.#replies.unchanged(at, limits.copyMs, '');
  }

  /** The process is about to stop. */
  drained(at: Seq): PollAnswer {
    const { drainMsMin, drainMsMax } = limits;
    const waitMs = drainMsMin + (drainMsMax - drainMsMin) * this.#random();
    return this.#replies.unchanged(at, waitMs, ',"draining":true');
  }

  /** A part of the server is being restarted. */
  dispersed(at: Seq): PollAnswer {
    return this.#replies.unchanged(at, limits.disperseMsMax * this.#random(), '');
  }
}
