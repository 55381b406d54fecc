/**
 * Those who left on purpose, or were made to: their polls are told so, for a client whose poll is
 * refused comes back by itself otherwise, as after a lapse. Bounded: the oldest is forgotten first.
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

export class Farewells {
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

  /** What the polls of somebody hear who is not here; null when they may come back unasked. */
  of(id: MemberId): Refusal | null {
    return this.#said.get(id) ?? null;
  }
}
