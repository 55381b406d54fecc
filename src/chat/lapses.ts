/**
 * Members who are not heard of any more. When nothing of theirs is held and their lease has run
 * out, the room is told that they left; it records that, and the entry closes the mailbox.
 */
import { limits } from '../protocol/limits.ts';
import type { Log } from '../supervisor/log.ts';
import type { Ref } from '../supervisor/ref.ts';
import type { Mailbox } from './mailbox.ts';
import type { Room } from './room.ts';

export interface LapsesParts {
  readonly room: Ref<Room>;
  readonly log: Log;
}

export class Lapses {
  readonly #parts: LapsesParts;

  constructor(parts: LapsesParts) {
    this.#parts = parts;
  }

  /** Looks after the member of a mailbox; the answer is when to do so again. */
  look(mailbox: Mailbox, nowMs: number): number {
    if (mailbox.hasPolls()) return nowMs + limits.leaseMs;
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
