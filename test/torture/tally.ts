/** How often each fault happened, and how often it did not when it was meant to. */
export class Tally {
  /** Those that did not happen, by name and reason. */
  readonly misfired: string[] = [];
  fired = 0;
  readonly #times = new Map<string, { readonly tried: number; readonly missed: number }>();

  happened(name: string): void {
    this.fired++;
    this.#count(name, 0);
  }

  misfires(name: string, reason: string): void {
    this.misfired.push(`${name}: ${reason}`);
    this.#count(name, 1);
  }

  /** A fault that mostly does not happen has not been tried as often as it seems. */
  get doubts(): readonly string[] {
    const often = [...this.#times].filter(([, { tried, missed }]) => missed > tried / 2);
    return often.map(([name, { tried, missed }]) => {
      return `The fault "${name}" misfired ${missed} of ${tried} times`;
    });
  }

  #count(name: string, missedNow: number): void {
    const { tried, missed } = this.#times.get(name) ?? { tried: 0, missed: 0 };
    this.#times.set(name, { tried: tried + 1, missed: missed + missedNow });
  }
}
