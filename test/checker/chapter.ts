/**
 * One history under one name, and what is known to stand in it. The journal's own records decide;
 * where nobody reads the journal, what was delivered does, as long as all deliveries agree.
 *
 * What stands at a position was either journalled, or somebody was given it (a claim). The journal
 * confirms a claim, contradicts it, or passes over it. As soon as the journal has been read up to a
 * position, everything about it can be judged; what asks about a later one waits.
 *
 * A history that is cut goes on as another chapter, which shares everything up to the cut.
 */
import type { Findings } from './findings.ts';
import { Presence } from './presence.ts';
import { Ranges } from './ranges.ts';
import { isMessageKey, type Delivered } from './record.ts';
import { Views } from './views.ts';

/** What stands at a position. */
export interface Standing {
  readonly seq: number;
  key: string;
  isMessage: boolean;
  text: string | undefined;
  to: string | undefined;
  isQuiet: boolean;
  isJournalled: boolean;
  /** It stood in the journal when that was read first, and not when it was read again. */
  hasVanished: boolean;
  isDelivered: boolean;
  /** Where in the history it was heard of first. */
  readonly line: number;
}

/** What came after a chapter. */
export interface Succession {
  readonly next: Chapter;
  /** The next chapter has this one's history up to here; null when nobody said that it was cut. */
  readonly seq: number | null;
  readonly line: number;
}

export class Chapter {
  readonly epoch: string;
  readonly presence: Presence;
  readonly views: Views;
  /** What came after this chapter, if anything did. */
  succession: Succession | null = null;
  /** Every position that somebody has asked for and was answered about. */
  readonly covered = new Ranges();
  readonly #findings: Findings;
  readonly #bySeq = new Map<number, Standing>();
  /** Where each journalled message stands. */
  readonly #byKey = new Map<string, Standing>();
  /** What was journalled, ascending; at the end, what counts as if it were. */
  readonly #order: Standing[] = [];
  /** Where each member's role or nick was changed last. */
  readonly #changedAt = new Map<string, number>();
  #head = 0;
  /** The same, and at the end still how far it was really read. */
  #readTo = 0;
  #isJournalled = false;
  #rereading: { next: number; readonly isWhole: boolean } | null = null;
  /** What waits for the journal to be read up to a position; soonest first. */
  readonly #waiting: { readonly seq: number; readonly run: () => void }[] = [];

  constructor(
    epoch: string,
    findings: Findings,
    inherited?: { readonly from: Chapter; readonly upTo: number },
  ) {
    this.epoch = epoch;
    this.#findings = findings;
    this.presence = new Presence(inherited && { ...inherited, from: inherited.from.presence });
    this.views = new Views(epoch, findings);
    if (inherited !== undefined) this.#inherit(inherited.from, inherited.upTo);
  }

  /** The journal is known up to here. */
  get head(): number {
    return this.#head;
  }

  /** Whether anybody has read the journal itself. */
  get isJournalled(): boolean {
    return this.#isJournalled;
  }

  /** Whether the journal was read, and all of it. Of a chapter that was left, nobody knows. */
  get isReadToItsEnd(): boolean {
    return this.#isJournalled && this.succession === null;
  }

  at(seq: number): Standing | undefined {
    return this.#bySeq.get(seq);
  }

  /** Where a message is recorded; before the end, as far as the journal is known. */
  positionOf(key: string): Standing | undefined {
    return this.#byKey.get(key);
  }

  standings(): IterableIterator<Standing> {
    return this.#bySeq.values();
  }

  /** What stands after one position up to another, ascending, as far as the journal is known. */
  *between(from: number, to: number): Generator<Standing> {
    for (let index = this.#indexAfter(from); ; index++) {
      const standing = this.#order[index];
      if (standing === undefined || standing.seq > to) return;
      yield standing;
    }
  }

  /** Whether a member's role may have changed after a position. */
  hasChanged(member: string, after: number): boolean {
    return (this.#changedAt.get(member) ?? 0) > after;
  }

  /** Whether another chapter came of this one. */
  precedes(other: Chapter): boolean {
    for (let { succession } = this as Chapter; succession !== null;) {
      if (succession.next === other) return true;
      ({ succession } = succession.next);
    }
    return false;
  }

  /** Where a position lies, seen from what is left: how something missing there is named. */
  sideOf(seq: number): 'prefix' | 'middle' | 'suffix' {
    const isLeft = (standing: Standing): boolean => !standing.hasVanished;
    if (seq > (this.#order.findLast(isLeft)?.seq ?? 0)) return 'suffix';
    return seq < (this.#order.find(isLeft)?.seq ?? 0) ? 'prefix' : 'middle';
  }

  /** Calls `run` when the journal is known up to a position, at the latest at the end. */
  when(seq: number, run: () => void): void {
    if (seq <= this.#head) {
      run();
      return;
    }
    let index = this.#waiting.length;
    while (index > 0 && (this.#waiting[index - 1]?.seq ?? 0) > seq) index--;
    this.#waiting.splice(index, 0, { seq, run });
  }

  /** Calls `run` at the end. */
  atEnd(run: () => void): void {
    this.when(Infinity, run);
  }

  /** Somebody was told who is here. Where nobody reads the journal, nobody knows. */
  compareMembers(seq: number, members: readonly string[], told: string): void {
    const { line } = this.#findings;
    const kept = members.map((member) => this.presence.interned(member));
    // Before the first entry nobody is here; but only the first entry tells that one is read.
    this.when(Math.max(seq, 1), () => {
      const wrong = this.#isRead(seq) ? this.presence.differenceAt(seq, kept) : null;
      if (wrong === null) return;
      const [missing, extra] = [wrong.missing.join(', '), wrong.extra.join(', ')];
      const detail = `${told} at ${seq} of ${this.epoch} lacks [${missing}] and has [${extra}]`;
      this.#findings.add('false-presence', `${detail} besides who is here`, line);
    });
  }

  /** Somebody was given an entry. `given` says who and how, for words. */
  claim(entry: Delivered, given: string): void {
    const standing = this.#bySeq.get(entry.seq);
    if (standing === undefined) {
      const claimed = standingOf(entry, this.#findings.line);
      claimed.isDelivered = true;
      this.#bySeq.set(entry.seq, claimed);
      return;
    }
    if (this.#agrees(standing, entry, given)) standing.isDelivered = true;
  }

  /** The journal is read further, or again. */
  record(entries: readonly Delivered[]): void {
    this.#isJournalled = true;
    for (const entry of entries) {
      if (entry.seq > this.#head) this.#append(entry);
      else this.#compare(entry);
    }
    if (this.#rereading?.isWhole === false) this.#rereading = null;
    this.#wake();
  }

  /** Nothing more comes: what waits is judged by what is known. Once. */
  finish(): void {
    if (this.#rereading !== null) this.#passOver(this.#order.length);
    // Of a chapter that was left, the journal could not be read to its end.
    const isOpen = !this.#isJournalled || this.succession !== null;
    const ahead = [...this.#bySeq.values()].filter(({ seq }) => isOpen && seq > this.#head);
    for (const claim of ahead.sort((a, b) => a.seq - b.seq)) this.#place(claim);
    for (const standing of this.#bySeq.values()) this.#judge(standing);
    this.#head = Infinity;
    this.#wake();
  }

  // --- The journal ------------------------------------------------------------------------------

  #append(entry: Delivered): void {
    this.#passOver(this.#order.length);
    this.#rereading = null;
    this.#head = entry.seq;
    this.#readTo = entry.seq;
    const claimed = this.#bySeq.get(entry.seq);
    const standing = claimed ?? standingOf(entry, this.#findings.line);
    if (claimed === undefined) this.#bySeq.set(entry.seq, standing);
    else if (!this.#agrees(claimed, entry, 'the journal')) Object.assign(claimed, valueOf(entry));
    standing.isJournalled = true;
    standing.isQuiet = entry.quiet === true;
    standing.to = entry.to;
    this.#place(standing);
    const wrong = this.presence.note(standing.key, standing.seq);
    if (wrong === null) return;
    const detail = `The journal of ${this.epoch} has "${standing.key}" at ${standing.seq}`;
    this.#findings.add('false-presence', `${detail}, ${wrong}`);
  }

  /** Puts what is recorded in its place. A message has one. */
  #place(standing: Standing): void {
    const { key, seq } = standing;
    const first = standing.isMessage ? this.#byKey.get(key) : undefined;
    this.#enter(standing);
    if (first === undefined) return;
    const detail = `"${key}" stands at ${first.seq} and at ${seq} of ${this.epoch}`;
    this.#findings.add('repeated', detail);
  }

  #enter(standing: Standing): void {
    const { key, seq, isMessage } = standing;
    this.#order.push(standing);
    if (isMessage && !this.#byKey.has(key)) this.#byKey.set(key, standing);
    if (key.startsWith('member:')) this.#changedAt.set(key.slice('member:'.length), seq);
  }

  /** The journal is read again: it has what it had. */
  #compare(entry: Delivered): void {
    const index = this.#indexAfter(entry.seq - 1);
    const isFurther = this.#rereading !== null && index >= this.#rereading.next;
    if (index === 0 || !isFurther) this.#rereading = { next: index, isWhole: index === 0 };
    this.#passOver(index);
    const standing = this.#order[index];
    if (standing?.seq !== entry.seq) {
      const detail = `The journal of ${this.epoch} has "${entry.key}" at ${entry.seq}`;
      this.#findings.add('conflict', `${detail}, where it had nothing`);
      return;
    }
    this.#agrees(standing, entry, 'the journal, read again,');
    if (this.#rereading !== null) this.#rereading.next = index + 1;
  }

  /** What the journal had and does not have any more is gone. */
  #passOver(index: number): void {
    if (this.#rereading === null) return;
    for (; this.#rereading.next < index; this.#rereading.next++) {
      const standing = this.#order[this.#rereading.next];
      if (standing !== undefined) standing.hasVanished = true;
    }
  }

  // --- Handling ---------------------------------------------------------------------------------

  /** Whether an entry is what stands at its position, and says so. */
  #agrees(standing: Standing, entry: Delivered, given: string): boolean {
    // Whom an entry is for is the journal's word, and until it has spoken that of the deliveries.
    if (!standing.isJournalled && standing.key === entry.key) standing.to ??= entry.to;
    if (standing.key === entry.key && standing.text === entry.text) return true;
    const detail = `${given} has "${entry.key}" at ${entry.seq} of ${this.epoch}`;
    if (standing.key !== entry.key) {
      const other = `where "${standing.key}" stands (line ${standing.line})`;
      this.#findings.add('conflict', `${detail}, ${other}`);
      return false;
    }
    if (entry.text === undefined) return true;
    if (standing.text === undefined) {
      standing.text = entry.text;
      return true;
    }
    const other = `with another text than elsewhere (line ${standing.line})`;
    this.#findings.add('conflict', `${detail} ${other}`);
    return false;
  }

  /** At the end: what was delivered must be recorded, and stand where it was delivered. */
  #judge(standing: Standing): void {
    const { seq, key, isJournalled, hasVanished, isDelivered, line } = standing;
    if (!this.#isJournalled || !isDelivered || (isJournalled && !hasVanished)) return;
    if (this.succession !== null && seq > this.#head) return;
    const recorded = standing.isMessage ? this.#byKey.get(key) : undefined;
    const detail = `"${key}" was delivered at ${seq} of ${this.epoch}`;
    if (recorded === undefined || recorded === standing) {
      this.#findings.add('unrecorded', `${detail} and is not in the journal`, line);
    } else {
      this.#findings.add('repeated', `${detail} and is recorded at ${recorded.seq}`, line);
    }
  }

  /** Whether the journal was read up to a position, or ends before it. */
  #isRead(seq: number): boolean {
    return this.isReadToItsEnd || (seq > 0 && seq <= this.#readTo);
  }

  #inherit(from: Chapter, upTo: number): void {
    for (const standing of from.#bySeq.values()) {
      if (standing.seq <= upTo) this.#bySeq.set(standing.seq, standing);
    }
    for (const standing of from.#order) {
      if (standing.seq <= upTo) this.#enter(standing);
    }
    for (const { from: start, to } of from.covered) this.covered.add(start, Math.min(to, upTo));
    this.#head = Math.min(from.#head, upTo);
    this.#readTo = this.#head;
  }

  #indexAfter(seq: number): number {
    let low = 0;
    let high = this.#order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#order[middle]?.seq ?? 0) <= seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #wake(): void {
    const later = this.#waiting.findIndex(({ seq }) => seq > this.#head);
    const count = later < 0 ? this.#waiting.length : later;
    for (const { run } of this.#waiting.splice(0, count)) run();
  }
}

function standingOf(entry: Delivered, line: number): Standing {
  return {
    seq: entry.seq,
    ...valueOf(entry),
    to: entry.to,
    isQuiet: entry.quiet === true,
    isJournalled: false,
    hasVanished: false,
    isDelivered: false,
    line,
  };
}

function valueOf({ key, text }: Delivered): Pick<Standing, 'key' | 'text' | 'isMessage'> {
  return { key, text, isMessage: isMessageKey(key) };
}
