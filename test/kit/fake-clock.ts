import type { Clock } from '../../src/supervisor/clock.ts';

/** A clock that moves only when told to. Timers fire in order of time, then of setting. */
export class FakeClock implements Clock {
  #nowMs: number;
  #timers: { at: number; order: number; run: () => void }[] = [];
  #soon: (() => void)[] = [];
  #order = 0;
  readonly #startMs: number;

  constructor(startMs = 1_700_000_000_000) {
    this.#nowMs = startMs;
    this.#startMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  monotonic(): number {
    return this.#nowMs - this.#startMs;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { at: this.#nowMs + Math.max(0, delayMs), order: this.#order++, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  soon(run: () => void): void {
    this.#soon.push(run);
  }

  /** What runs now takes so long. */
  spend(ms: number): void {
    this.#nowMs += ms;
  }

  /** How many timers are set. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Runs what was put off with `soon` up to now, and nothing that it puts off in turn. */
  turn(): void {
    const due = this.#soon;
    this.#soon = [];
    for (const run of due) run();
  }

  /** Runs what was put off with `soon`, and lets promises settle, until nothing is left. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 3;) {
      const due = this.#soon;
      this.#soon = [];
      for (const run of due) run();
      await new Promise<void>((resolve) => setImmediate(resolve));
      quiet = due.length === 0 && this.#soon.length === 0 ? quiet + 1 : 0;
    }
  }

  /** Moves time forward while the process stands still: what fell due fires later. */
  leap(ms: number): void {
    this.#nowMs += ms;
  }

  /** Moves time forward, firing what falls due on the way, each at its own time. */
  async advance(ms: number): Promise<void> {
    const end = this.#nowMs + ms;
    await this.settle();
    for (;;) {
      this.#timers.sort((a, b) => a.at - b.at || a.order - b.order);
      const next = this.#timers[0];
      if (next === undefined || next.at > end) break;
      this.#timers.shift();
      this.#nowMs = Math.max(this.#nowMs, next.at);
      next.run();
      await this.settle();
    }
    this.#nowMs = Math.max(this.#nowMs, end);
    await this.settle();
  }
}
