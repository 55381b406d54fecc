/**
 * What was broken on purpose, and whether it is known to have happened. A fault of which nobody
 * knows that it happened proves nothing, however well everything went.
 */
export class Faults {
  /** How often each is known to have happened; 0 for one that was only tried. */
  readonly counts: Record<string, number> = {};
  readonly #slackMs: number;
  #open = 0;
  #lastEndedMs = -Infinity;

  /** What a fault has delayed may come so long after it. */
  constructor(slackMs: number) {
    this.#slackMs = slackMs;
  }

  begins(name: string): void {
    this.counts[name] ??= 0;
    this.#open++;
  }

  ends(name: string, atMs: number, hasHappened: boolean): void {
    this.#open--;
    this.#lastEndedMs = Math.max(this.#lastEndedMs, atMs);
    if (hasHappened) this.counts[name] = (this.counts[name] ?? 0) + 1;
  }

  /** Whether something was broken at some time between an instant and now. */
  hasBeenOneSince(atMs: number): boolean {
    return this.#open > 0 || this.#lastEndedMs + this.#slackMs >= atMs;
  }

  /** Those that were tried, and are not known to have happened even once. */
  get missed(): string[] {
    return Object.keys(this.counts).filter((name) => this.counts[name] === 0);
  }
}
