/**
 * One turn of the event loop, and how many requests are begun in it. A few connections with
 * thousands of pipelined requests would otherwise keep everybody else waiting, and the heartbeat
 * too. The polls that come back from a wake-up stay below it: the kernel reports no more sockets at
 * once.
 */
import { limits } from '../protocol/limits.ts';
import type { Clock } from '../supervisor/clock.ts';

/** Whether many are being told something just now. */
export interface Telling {
  readonly isOn: boolean;
}

/** Whoever begins requests: a connection. */
export interface Beginner {
  isQueued: boolean;
  goOn(): void;
}

export class Turn {
  readonly #clock: Clock;
  readonly #telling: Telling;
  #begun = 0;
  #last: Beginner | null = null;
  /** How many of the last requests were begun by the last one. */
  #inRow = 0;
  /** Who found the turn over: the first in the next one, before those who had their row. */
  #late: Beginner[] = [];
  #served: Beginner[] = [];
  /** Who waits until the others have been told, and since when the first of them does. */
  readonly #putOff: Beginner[] = [];
  #putOffMs = 0;

  constructor(clock: Clock, telling: Telling) {
    this.#clock = clock;
    this.#telling = telling;
  }

  /**
   * Whether somebody who was just told, and asks for more, has to wait until the others have been
   * told as well; if so, `goOn` is called then. Reading what they ask costs as much as telling
   * somebody, and they cannot hear of anything new before the others have heard of this.
   */
  putsOff(beginner: Beginner): boolean {
    if (!this.#telling.isOn) return false;
    if (this.#putOff.length === 0) {
      this.#putOffMs = this.#clock.monotonic();
      this.#clock.soon(this.#takeUp);
    }
    queue(this.#putOff, beginner);
    return true;
  }

  /** Whether a request may be begun now; if not, `goOn` is called in a later turn. */
  mayBegin(beginner: Beginner): boolean {
    if (this.#begun === 0) this.#clock.soon(() => this.#next());
    if (this.#begun >= limits.begunMax) return queue(this.#late, beginner);
    if (beginner !== this.#last) this.#inRow = 0;
    if (this.#inRow >= limits.begunInRowMax) return queue(this.#served, beginner);
    this.#last = beginner;
    this.#inRow++;
    this.#begun++;
    return true;
  }

  readonly #takeUp = (): void => {
    const isOver = this.#clock.monotonic() - this.#putOffMs > limits.putOffMsMax;
    if (this.#telling.isOn && !isOver) {
      this.#clock.soon(this.#takeUp);
      return;
    }
    // A few at a time: who says something now does not wait for all of them either.
    goOn(this.#putOff.splice(0, limits.takenUpMax));
    if (this.#putOff.length > 0) this.#clock.soon(this.#takeUp);
  };

  #next(): void {
    this.#begun = 0;
    this.#last = null;
    const queued = [...this.#late, ...this.#served];
    this.#late = [];
    this.#served = [];
    goOn(queued);
  }
}

function goOn(line: readonly Beginner[]): void {
  for (const beginner of line) {
    beginner.isQueued = false;
    beginner.goOn();
  }
}

function queue(line: Beginner[], beginner: Beginner): false {
  if (!beginner.isQueued) line.push(beginner);
  beginner.isQueued = true;
  return false;
}
