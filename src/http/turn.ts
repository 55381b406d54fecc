/**
 * One turn of the event loop, and how many requests are begun in it. A few connections with
 * thousands of pipelined requests would otherwise keep everybody else waiting, and the heartbeat
 * too. The polls that come back from a wake-up stay below it: the kernel reports no more sockets at
 * once.
 */
import { limits } from '../protocol/limits.ts';
import type { Clock } from '../supervisor/clock.ts';

/** Whoever begins requests: a connection. */
export interface Beginner {
  isQueued: boolean;
  goOn(): void;
}

export class Turn {
  readonly #clock: Clock;
  #begun = 0;
  #last: Beginner | null = null;
  /** How many of the last requests were begun by the last one. */
  #inRow = 0;
  /** Who found the turn over: the first in the next one, before those who had their row. */
  #late: Beginner[] = [];
  #served: Beginner[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
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

  #next(): void {
    this.#begun = 0;
    this.#last = null;
    const queued = [...this.#late, ...this.#served];
    this.#late = [];
    this.#served = [];
    for (const beginner of queued) {
      beginner.isQueued = false;
      beginner.goOn();
    }
  }
}

function queue(line: Beginner[], beginner: Beginner): false {
  if (!beginner.isQueued) line.push(beginner);
  beginner.isQueued = true;
  return false;
}
