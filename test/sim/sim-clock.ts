/**
 * Virtual time: one line of events for everything that lives in a simulation, and lives upon it.
 * A life is a process, or a page in a browser: it has timers of its own, which end with it, and it
 * may be frozen, as SIGSTOP and a closed laptop do.
 *
 * Between two events everything that was promised is kept: `drainMicrotasks` runs all that native
 * promises have waiting, and nothing in the product waits for anything else than promises and the
 * clock that it is handed. So one event is one step, and a run is the same each time.
 */
import { drainMicrotasks } from 'bun:jsc';
import type { Clock } from '../../src/supervisor/clock.ts';
import type { Chance } from './chance.ts';

interface Event {
  readonly atMs: number;
  readonly order: number;
  readonly life: Life | null;
  run: (() => void) | null;
}

/** Events in one turn of the real event loop: in between, what nobody caught is reported. */
const turnMax = 256;
/** More events than this at one instant are a loop that time never ends. */
const instantMax = 200_000;

export class Timeline {
  /** Milliseconds since the beginning. Never goes back. */
  nowMs = 0;
  /** How far the wall clock is away from that. Jumps. */
  wallMs = 1_700_000_000_000;
  readonly #events: Event[] = [];
  #order = 0;
  #instant = { atMs: -1, count: 0 };

  /** Runs something later, in a life that may end before. The answer cancels it. */
  after(delayMs: number, run: () => void, life: Life | null = null): () => void {
    const atMs = this.nowMs + Math.max(0, delayMs);
    const event: Event = { atMs, order: this.#order++, life, run };
    this.#push(event);
    return () => {
      event.run = null;
    };
  }

  /** Lets time pass, with everything that falls due on the way. */
  async pass(ms: number): Promise<void> {
    const endMs = this.nowMs + ms;
    await new Promise<void>((resolve, reject) => {
      const turn = (): void => {
        try {
          if (this.#turn(endMs)) resolve();
          else setImmediate(turn);
        } catch (reason) {
          reject(reason instanceof Error ? reason : new Error(String(reason)));
        }
      };
      setImmediate(turn);
    });
  }

  /** Runs a few events; true when none is left before the end. */
  #turn(endMs: number): boolean {
    drainMicrotasks();
    for (let left = turnMax; left > 0; left--) {
      const next = this.#events[0];
      if (next === undefined || next.atMs > endMs) {
        this.nowMs = Math.max(this.nowMs, endMs);
        return true;
      }
      this.#pop();
      this.#happen(next);
    }
    return false;
  }

  #happen({ atMs, life, run }: Event): void {
    if (run === null || life?.isOver === true) return;
    if (life !== null && life.frozenUntilMs > this.nowMs && life.frozenUntilMs > atMs) {
      this.#push({ atMs: life.frozenUntilMs, order: this.#order++, life, run });
      return;
    }
    this.nowMs = Math.max(this.nowMs, atMs);
    this.#instant = {
      atMs: this.nowMs,
      count: this.#instant.atMs === this.nowMs ? this.#instant.count + 1 : 0,
    };
    if (this.#instant.count > instantMax) throw new Error('Time stands still: a loop without end');
    run();
    drainMicrotasks();
  }

  #push(event: Event): void {
    const heap = this.#events;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above] as Event;
      if (isBefore(parent, event)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = event;
  }

  #pop(): void {
    const heap = this.#events;
    const last = heap.pop() as Event;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let below = at * 2 + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && isBefore(heap[below + 1] as Event, heap[below] as Event)) {
        below++;
      }
      const child = heap[below] as Event;
      if (isBefore(last, child)) break;
      heap[at] = child;
      at = below;
    }
    heap[at] = last;
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

/** Something that lives for a while, and its clock. */
export class Life implements Clock {
  readonly #timeline: Timeline;
  readonly #chance: Chance;
  isOver = false;
  frozenUntilMs = 0;
  /** What looking at the clock costs at most: on a machine that has more to do than it can. */
  busyMs = 0;
  #soonMs = 0;

  constructor(timeline: Timeline, chance: Chance) {
    this.#timeline = timeline;
    this.#chance = chance;
  }

  now(): number {
    return Math.trunc(this.#timeline.wallMs + this.#timeline.nowMs);
  }

  monotonic(): number {
    if (this.busyMs > 0) this.#timeline.nowMs += this.#chance.next() * this.busyMs;
    return this.#timeline.nowMs;
  }

  after(delayMs: number, run: () => void): () => void {
    return this.#timeline.after(delayMs, run, this);
  }

  soon(run: () => void): void {
    // What the loop has waiting takes a moment, in which requests arrive; the order stays.
    const { nowMs } = this.#timeline;
    const delayMs = this.#chance.happens(0.2) ? this.#chance.between(0.1, 3) : 0.02;
    this.#soonMs = Math.max(this.#soonMs, nowMs + delayMs);
    this.#timeline.after(this.#soonMs - nowMs, run, this);
  }

  /** Nothing of it runs for a while; what falls due then comes all at once. */
  freeze(ms: number): void {
    this.frozenUntilMs = Math.max(this.frozenUntilMs, this.#timeline.nowMs + ms);
  }

  end(): void {
    this.isOver = true;
  }
}
