/**
 * Why somebody who has no mailbox has none. Those who left on purpose, or were made to, are told
 * so, for a client whose poll is refused comes back by itself otherwise, as after a lapse. Bounded:
 * the oldest is forgotten first.
 */
import type { LeaveReason, MemberId } from '../protocol/entries.ts';
import { refuse, type Refusal } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';

const words: Readonly<Record<LeaveReason, Refusal | null>> = {
  timeout: null,
  left: refuse('FORBIDDEN', 'You left the room, join it again if you want to be back'),
  kicked: refuse('FORBIDDEN', 'A keeper sent you out'),
  banned: refuse('BANNED', 'A keeper decided that you may not be here'),
};

const notYet = refuse('BUSY', 'A part of the server is being restarted, try again', 200);
const noSession = refuse('NO_SESSION', 'You are not in the room, join it first');

export class Farewells {
  /** Whether everybody in the room has a mailbox. While it is away, a member may have none. */
  isComplete = false;
  readonly #said = new Map<MemberId, Refusal>();

  left(id: MemberId, reason: LeaveReason): void {
    const farewell = words[reason];
    if (farewell === null) return;
    this.#said.set(id, farewell);
    const oldest = this.#said.keys().next().value;
    if (this.#said.size > limits.farewellsMax && oldest !== undefined) this.#said.delete(oldest);
  }

  joined(id: MemberId): void {
    this.#said.delete(id);
  }

  /** What somebody hears who polls and has no mailbox. */
  whyNot(id: MemberId): Refusal {
    return this.#said.get(id) ?? (this.isComplete ? noSession : notYet);
  }
}
