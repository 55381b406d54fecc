/**
 * The heartbeat proves that the chat works, not merely that it runs: it writes a row to the journal
 * and wakes a poll by the ordinary path. The parent process listens; when the beat stops, it kills
 * this process and starts another.
 */
import type { Journal } from '../journal/journal.ts';
import type { Clock } from '../supervisor/clock.ts';
import type { Ref } from '../supervisor/ref.ts';
import type { PostOffice } from './post-office.ts';

/**
 * What the parent is told. Alive: the event loop turns. Worked: a row was written, a poll woken.
 */
export type Beat = 'alive' | 'worked';

export interface HeartbeatParts {
  readonly journal: Journal;
  readonly postOffice: Ref<PostOffice>;
  readonly clock: Clock;
  readonly tell: (beat: Beat) => void;
}

/** How often the event loop shows that it turns, in milliseconds. */
export const aliveEveryMs = 250;
/** The pause between two proofs of work, in milliseconds: each costs a commit. */
export const workEveryMs = 1_000;

export class Heartbeat {
  readonly #parts: HeartbeatParts;
  #cancelAlive: () => void = () => undefined;
  #cancelWork: () => void = () => undefined;
  #isStopped = false;

  constructor(parts: HeartbeatParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#beAlive();
    this.#work();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelAlive();
    this.#cancelWork();
  }

  #beAlive(): void {
    this.#parts.tell('alive');
    this.#cancelAlive = this.#parts.clock.after(aliveEveryMs, () => this.#beAlive());
  }

  #work(): void {
    // What fails here is reported by silence: the parent knows nothing but whether work was done.
    this.#proveWork()
      .then(() => this.#parts.tell('worked'))
      .catch(() => undefined)
      .finally(() => {
        if (this.#isStopped) return;
        this.#cancelWork = this.#parts.clock.after(workEveryMs, () => this.#work());
      });
  }

  async #proveWork(): Promise<void> {
    // A full disk is no reason to be killed: the row could not be written, and that is known.
    await this.#parts.journal.beat();
    await this.#parts.postOffice.now().probe();
  }
}
