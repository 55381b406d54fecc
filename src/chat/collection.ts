/**
 * Gives memory back in a quiet moment. The engine looks for what nobody needs any more while it
 * makes new things; after ten thousand have come, or left, it makes none, and what they left behind
 * would stay for as long as nothing happens.
 *
 * A collection stops everything for 30 ms with ten thousand members, which nobody feels while
 * nobody writes. In a room that is written to there is no such moment and no need for one.
 */
import { limits } from '../protocol/limits.ts';
import type { Memory } from '../supervisor/memory.ts';

export class Collection {
  readonly #memory: Memory;
  #lookedMs = Number.NEGATIVE_INFINITY;
  #collectedMs = Number.NEGATIVE_INFINITY;
  /** What was left after the last collection; null until it is known. */
  #leftBytes: number | null = null;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  /** To be called again and again. `restedMs`: for how long nothing has happened. */
  look(nowMs: number, restedMs: number): void {
    if (nowMs - this.#lookedMs < limits.collectLookMs) return;
    this.#lookedMs = nowMs;
    // Read a moment after a collection, because that is when the system takes pages back.
    this.#leftBytes ??= this.#memory.residentBytes();
    if (restedMs < limits.collectRestMs) return;
    const residentBytes = this.#memory.residentBytes();
    this.#leftBytes = Math.min(this.#leftBytes, residentBytes);
    if (residentBytes - this.#leftBytes < limits.collectBytesMin) return;
    if (nowMs - this.#collectedMs < limits.collectEveryMs) return;
    this.#collectedMs = nowMs;
    this.#leftBytes = null;
    this.#memory.collect();
  }
}
