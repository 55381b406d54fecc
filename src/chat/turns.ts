/**
 * Things that must happen one after the other. Whoever looks at the state, decides, and records
 * does so in the turn of what they decide about; two at once would both look first.
 */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Runs when everything that was begun about the same before has ended. */
  async take<T>(about: string, run: () => Promise<T>): Promise<T> {
    const before = this.#last.get(about) ?? Promise.resolve();
    const done = before.then(run);
    const settled = done.then(
      () => undefined,
      () => undefined,
    );
    this.#last.set(about, settled);
    try {
      return await done;
    } finally {
      if (this.#last.get(about) === settled) this.#last.delete(about);
    }
  }
}
