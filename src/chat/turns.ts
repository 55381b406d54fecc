/**
 * Things that must happen one after the other. Whoever looks at the state, decides, and records
 * does so in the turn of what they decide about; two at once would both look first.
 */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Runs at once, or when everything that was begun about the same before has ended. */
  take<T>(about: string, run: () => Promise<T>): Promise<T> {
    const before = this.#last.get(about);
    // Nearly always nothing is under way: every message takes a turn of its own.
    const done = before === undefined ? run() : before.then(run);
    const ended = (): void => {
      if (this.#last.get(about) === settled) this.#last.delete(about);
    };
    const settled = done.then(ended, ended);
    this.#last.set(about, settled);
    return done;
  }
}
