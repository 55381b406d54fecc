/**
 * Who is here: the fold of the journal's joins and leaves. Whoever was told who is here at some
 * position must have been told exactly this.
 *
 * Questions come for positions that are close to each other, so the fold is kept at the position of
 * the last question and moved from there, forwards or backwards.
 */
interface Change {
  readonly seq: number;
  readonly member: string;
  readonly isHere: boolean;
  /** What stood before, so that the fold can be taken back. */
  readonly wasHere: boolean;
}

export class Presence {
  readonly #changes: Change[];
  /** As it is after all changes: what the next one is compared with. */
  readonly #now: Map<string, { readonly seq: number; readonly isHere: boolean }>;
  readonly #names = new Map<string, string>();
  readonly #fold = new Set<string>();
  /** Whether nothing was before what was noted first; null while nothing was noted. */
  #isWhole: boolean | null;
  /** How many of the changes are in the fold. */
  #folded = 0;

  /** The same as another one up to a position, and on its own from there. */
  constructor(inherited?: { readonly from: Presence; readonly upTo: number }) {
    const before = inherited === undefined ? [] : inherited.from.#changes;
    this.#changes = before.filter(({ seq }) => seq <= (inherited?.upTo ?? 0));
    this.#now = new Map(this.#changes.map((change) => [change.member, change]));
    this.#isWhole = inherited === undefined ? null : inherited.from.#isWhole;
  }

  /**
   * Notes an entry of the journal; those that are no joins or leaves say nothing. Answers in words
   * when it cannot be: a join of somebody who is here, or a leave of somebody who is not.
   */
  note(key: string, seq: number): string | null {
    this.#isWhole ??= seq === 1;
    const isHere = key.startsWith('join:');
    if (!isHere && !key.startsWith('leave:')) return null;
    const member = key.slice(key.indexOf(':') + 1);
    const before = this.#now.get(member);
    this.#changes.push({ seq, member, isHere, wasHere: before?.isHere ?? false });
    this.#now.set(member, { seq, isHere });
    if (before?.isHere === isHere) {
      return `and already at ${before.seq}, with no ${isHere ? 'leave' : 'join'} between`;
    }
    // Where the journal was not read from its first entry, they may have come before.
    const hasCome = isHere || before !== undefined || !this.#isWhole;
    return hasCome ? null : 'with no join before';
  }

  /** The same name, kept once however many lists it stands in. */
  interned(member: string): string {
    const known = this.#names.get(member);
    if (known !== undefined) return known;
    this.#names.set(member, member);
    return member;
  }

  /** How a list of members differs from who is here at a position; null when it does not. */
  differenceAt(
    seq: number,
    members: readonly string[],
  ): { readonly missing: readonly string[]; readonly extra: readonly string[] } | null {
    this.#moveTo(seq);
    const told = new Set(members);
    const extra = [...told].filter((member) => !this.#fold.has(member));
    if (extra.length === 0 && told.size === this.#fold.size) return null;
    return { missing: [...this.#fold].filter((member) => !told.has(member)), extra };
  }

  #moveTo(seq: number): void {
    for (;;) {
      const next = this.#changes[this.#folded];
      if (next === undefined || next.seq > seq) break;
      this.#put(next.member, next.isHere);
      this.#folded++;
    }
    for (;;) {
      const last = this.#changes[this.#folded - 1];
      if (last === undefined || last.seq <= seq) break;
      this.#put(last.member, last.wasHere);
      this.#folded--;
    }
  }

  #put(member: string, isHere: boolean): void {
    if (isHere) this.#fold.add(member);
    else this.#fold.delete(member);
  }
}
