/**
 * When to look after a mailbox: holds end, and members are not heard of any more. Each mailbox
 * stands on the wheel once, for the first of all that may fall due. Its polls have no time-outs of
 * their own: nearly all of them are answered long before, and setting and cancelling one for each
 * would cost as much as answering it.
 *
 * When nothing of a member's is held and their lease has run out, the room is told that they left;
 * it records that, and the entry closes the mailbox.
 */
import { limits } from '../protocol/limits.ts';
import type { Clock } from '../supervisor/clock.ts';
import type { Log } from '../supervisor/log.ts';
import type { Ref } from '../supervisor/ref.ts';
import type { HeldPoll, Mailbox } from './mailbox.ts';
import type { Room } from './room.ts';
import { Wheel } from './wheel.ts';

export interface LeasesParts {
  readonly room: Ref<Room>;
  readonly clock: Clock;
  readonly log: Log;
}

/** The wheel's tick. A hold or a lease ends at most this much late, in milliseconds. */
export const tickMs = 250;
const wheelSlots = 256;

export class Leases {
  readonly #parts: LeasesParts;
  readonly #endHold: (poll: HeldPoll, nowMs: number) => void;
  readonly #wheel: Wheel<Mailbox>;

  /** `endHold` answers a poll whose hold is over. */
  constructor(parts: LeasesParts, endHold: (poll: HeldPoll, nowMs: number) => void) {
    this.#parts = parts;
    this.#endHold = endHold;
    this.#wheel = new Wheel(tickMs, wheelSlots, parts.clock.monotonic());
  }

  /** Looks after a mailbox at this time at the latest. */
  lookBy(mailbox: Mailbox, dueMs: number): void {
    this.#wheel.setBy(mailbox, dueMs);
  }

  /** Looks after a mailbox no more. */
  end(mailbox: Mailbox): void {
    this.#wheel.cancel(mailbox);
  }

  /** Looks after every mailbox that fell due. */
  turn(nowMs: number): void {
    this.#wheel.turn(nowMs, (mailbox) => {
      this.#wheel.set(mailbox, this.#endHolds(mailbox, nowMs) ?? this.#lookAfter(mailbox, nowMs));
    });
  }

  /** Ends what holds are over. The answer is when the next one will be, if there is one. */
  #endHolds(mailbox: Mailbox, nowMs: number): number | null {
    for (const poll of mailbox.polls()) {
      // A waiter that is told may ask again at once, and take the place of one that comes later.
      if (poll.cohort !== null && poll.dueMs <= nowMs) this.#endHold(poll, nowMs);
    }
    return mailbox.nextHoldEndMs();
  }

  /** Looks after a member for whom no poll is held; the answer is when to do so again. */
  #lookAfter(mailbox: Mailbox, nowMs: number): number {
    if (mailbox.presentUntilMs > nowMs) return mailbox.presentUntilMs;
    if (!mailbox.isLapsing) this.#lapse(mailbox);
    // A refusal (the disk is full, the room restarts) is no loss: the lapse falls due again.
    return nowMs + limits.lapseAgainMs;
  }

  #lapse(mailbox: Mailbox): void {
    const lapsed = this.#parts.room.get()?.leave(mailbox.id, 'timeout');
    if (lapsed === undefined) return;
    mailbox.isLapsing = true;
    const settled = (): void => void (mailbox.isLapsing = false);
    lapsed.then(settled, (reason: unknown) => {
      settled();
      this.#parts.log.warn('A lapse was not recorded', { reason: String(reason) });
    });
  }
}
