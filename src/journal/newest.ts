/**
 * The newest entries, in memory: nearly every page that is asked for is one of these, by somebody
 * who has just come in and scrolls up, or who was away for a moment and fills the gap. Read from
 * the file they would stand in the way of the next commit, and be copied from thread to thread.
 *
 * Whatever cannot be answered from here as the file would answer it is the file's to answer.
 */
import { isVisibleTo } from '../protocol/entries.ts';
import type { Entry, Message, Seq, WireEntry } from '../protocol/entries.ts';
import { limits } from '../protocol/limits.ts';
import type { Committed, PageQuery, Viewer } from './journal.ts';
import { pageOf } from './page.ts';
import type { History, PageEntries } from './page.ts';
import { withoutDeletedText } from './present.ts';

/** What an entry takes of memory beside its text, roughly, in bytes. */
const overheadBytes = 400;

export class Newest implements History {
  readonly #countMax: number;
  /** Every entry after this one is here. */
  #floor: Seq;
  /** Ascending, without a hole; messages in their present form. Those before `#first` are gone. */
  #entries: WireEntry[] = [];
  #first = 0;
  #bytes = 0;

  constructor(head: Seq, countMax: number = limits.newestMax) {
    this.#floor = head;
    this.#countMax = countMax;
  }

  /** Takes the next entry. */
  push({ entry, present }: Committed): void {
    if (present !== undefined) this.#amend(entry, present);
    const shown = withoutDeletedText(entry, present ?? null);
    this.#entries.push(shown);
    this.#bytes += bytesOf(shown);
    while (this.#count > this.#countMax || this.#bytes > limits.newestBytesMax) this.#dropOldest();
    // What is gone leaves in one move now and then, not one by one.
    if (this.#first > 1_024 && this.#first * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#first);
      this.#first = 0;
    }
  }

  /** The page that was asked for; null when it is not known from here. */
  page(query: PageQuery): PageEntries | null {
    if ('after' in query) return query.after >= this.#floor ? pageOf(this, query) : null;
    if (!('before' in query) || query.before <= this.#floor) return null;
    const page = pageOf(this, query);
    // A page that ends before the floor does is the same whatever stands beyond.
    return page.more || this.#floor === 0 ? page : null;
  }

  /** Those of these messages that there are; null when one of them is not known from here. */
  messages(seqs: readonly Seq[]): readonly Message[] | null {
    if (seqs.some((seq) => seq <= this.#floor)) return null;
    const entries = seqs.map((seq) => this.#entries[this.#indexOf(seq)]);
    return entries.filter((entry) => entry?.type === 'message');
  }

  *messagesBelow(seq: Seq): Generator<Message> {
    const last = Math.min(this.#entries.length, this.#indexOf(seq)) - 1;
    for (let index = last; index >= this.#first; index--) {
      const entry = this.#entries[index] as WireEntry;
      if (entry.type === 'message') yield entry;
    }
  }

  *messagesFrom(seq: Seq): Generator<Message> {
    for (const entry of this.#from(seq)) if (entry.type === 'message') yield entry;
  }

  *visibleAfter(seq: Seq, viewer: Viewer): Generator<WireEntry> {
    for (const entry of this.#from((seq + 1) as Seq)) if (isVisibleTo(entry, viewer)) yield entry;
  }

  *#from(seq: Seq): Generator<WireEntry> {
    const { length } = this.#entries;
    for (let index = this.#indexOf(seq); index < length; index++) {
      yield this.#entries[index] as WireEntry;
    }
  }

  get #count(): number {
    return this.#entries.length - this.#first;
  }

  /** Where an entry stands, or would. */
  #indexOf(seq: Seq): number {
    return this.#first + Math.max(0, seq - this.#floor - 1);
  }

  #amend(amendment: Entry, present: Message): void {
    if (present.seq > this.#floor) this.#replace(this.#indexOf(present.seq), present);
    if (amendment.type !== 'delete') return;
    // Its edits lose their text as well, also those of a message that is too old to be here.
    for (let index = this.#first; index < this.#entries.length; index++) {
      const entry = this.#entries[index] as WireEntry;
      if (entry.type !== 'edit' || entry.of !== present.seq) continue;
      this.#replace(index, { ...entry, text: '' });
    }
  }

  #replace(index: number, entry: WireEntry): void {
    this.#bytes += bytesOf(entry) - bytesOf(this.#entries[index] as WireEntry);
    this.#entries[index] = entry;
  }

  #dropOldest(): void {
    this.#bytes -= bytesOf(this.#entries[this.#first] as WireEntry);
    this.#first++;
    this.#floor = (this.#floor + 1) as Seq;
  }
}

function bytesOf(entry: WireEntry): number {
  return overheadBytes + ('text' in entry ? 2 * entry.text.length : 0);
}
