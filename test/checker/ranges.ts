/**
 * A set of positions, kept as ranges: each stands for everything after `from`, up to and including
 * `to`. They ascend and never touch. Whoever reads a journal reads it mostly without a hole, so
 * that a million positions are one range, and adding the next one to it costs nothing.
 */
export class Ranges {
  #all: { from: number; to: number }[] = [];

  /** How many ranges there are; not how many positions. */
  get size(): number {
    return this.#all.length;
  }

  has(seq: number): boolean {
    const range = this.#all[this.#firstThatEndsAt(seq)];
    return range !== undefined && range.from < seq;
  }

  add(from: number, to: number): void {
    if (to <= from) return;
    const last = this.#all.at(-1);
    if (last === undefined || last.to < from) {
      this.#all.push({ from, to });
      return;
    }
    if (last.from <= from) {
      last.to = Math.max(last.to, to);
      return;
    }
    const first = this.#firstThatEndsAt(from);
    let end = first;
    let [least, most] = [from, to];
    for (; end < this.#all.length; end++) {
      const range = this.#all[end];
      if (range === undefined || range.from > to) break;
      least = Math.min(least, range.from);
      most = Math.max(most, range.to);
    }
    this.#all.splice(first, end - first, { from: least, to: most });
  }

  remove(from: number, to: number): void {
    if (to <= from) return;
    this.#all = this.#all.flatMap((range) => [
      ...(range.from < from ? [{ from: range.from, to: Math.min(range.to, from) }] : []),
      ...(range.to > to ? [{ from: Math.max(range.from, to), to: range.to }] : []),
    ]);
  }

  /** Forgets everything up to and including a position. */
  forget(to: number): void {
    let count = 0;
    for (const range of this.#all) {
      if (range.to > to) break;
      count++;
    }
    if (count > 0) this.#all.splice(0, count);
    const first = this.#all[0];
    if (first !== undefined && first.from < to) first.from = to;
  }

  *[Symbol.iterator](): Generator<{ readonly from: number; readonly to: number }> {
    yield* this.#all;
  }

  #firstThatEndsAt(seq: number): number {
    let low = 0;
    let high = this.#all.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const range = this.#all[middle];
      if (range !== undefined && range.to < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
