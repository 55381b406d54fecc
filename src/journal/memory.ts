/**
 * A journal in memory, for tests and simulations. It keeps every promise of the interface but
 * surviving the process, and lets a test bring about what a disk does on its own: `pause` lets
 * appends wait as behind a slow commit, `isFull` is a disk without room.
 */
import { isVisibleTo } from '../protocol/entries.ts';
import type {
  Entry,
  EntryBody,
  Epoch,
  Hash,
  MemberId,
  Message,
  Seq,
  WireEntry,
} from '../protocol/entries.ts';
import { refuse } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';
import { hasWords } from '../protocol/words.ts';
import type { Clock } from '../supervisor/clock.ts';
import { AppendQueue } from './append-queue.ts';
import type { QueueBounds, Waiting } from './append-queue.ts';
import { Followers } from './followers.ts';
import { firstLink, hashOf, newEpoch, nextLink } from './hash.ts';
import type { Link } from './hash.ts';
import type {
  Appended,
  Committed,
  Draft,
  Follower,
  Journal,
  Page,
  PageQuery,
  Position,
  SavedState,
  SearchQuery,
  Viewer,
} from './journal.ts';
import { checkPage, checkRange, checkSearch, newestOf, pageOf } from './page.ts';
import type { History } from './page.ts';
import { deleted, edited, entryOf, isAmendment, reacted, withoutDeletedText } from './present.ts';
import type { Amendment } from './present.ts';
import { JournalUnavailable } from './refused.ts';

export interface MemoryOptions {
  readonly clock: Clock;
  readonly epoch?: Epoch;
  readonly bounds?: Partial<QueueBounds>;
}

interface Kept {
  readonly entry: Entry;
  readonly hash: Hash;
  /** The message that this entry amends. */
  readonly of: Seq | null;
}

export class MemoryJournal implements Journal {
  readonly epoch: Epoch;
  /** Set by a test: there is no room for anything more. */
  isFull = false;

  readonly #clock: Clock;
  readonly #queue: AppendQueue;
  readonly #followers = new Followers(this);
  readonly #kept: Kept[] = [];
  readonly #byKey = new Map<string, Entry>();
  readonly #messages = new Map<Seq, Message>();
  /** The seqs of the messages, ascending. */
  readonly #messageSeqs: Seq[] = [];
  /** Who reacts: by message and emoji, in the order in which they did. */
  readonly #reactors = new Map<string, Set<MemberId>>();
  readonly #history: History = {
    messagesBelow: (seq) => this.#messagesBelow(seq),
    messagesFrom: (seq) => this.#messagesFrom(seq),
    visibleAfter: (seq, viewer) => this.#visibleAfter(seq, viewer),
  };
  #saved: SavedState[] = [];
  #link: Link;
  #lastAt = 0;
  #heard = 0;
  #isCommitting = false;
  #isPaused = false;
  #isClosed = false;

  constructor({ clock, epoch = newEpoch(), bounds }: MemoryOptions) {
    this.#clock = clock;
    this.epoch = epoch;
    this.#queue = new AppendQueue({ ...limits, ...bounds });
    this.#link = firstLink(epoch);
  }

  /** Appends wait from now on. */
  pause(): void {
    this.#isPaused = true;
  }

  /** What waits is committed. */
  resume(): void {
    this.#isPaused = false;
    this.#commitSoon();
  }

  head(): Position {
    return { seq: this.#heard as Seq, hash: this.#hashAt(this.#heard) };
  }

  async append(draft: Draft): Promise<Appended> {
    if (this.#isClosed) return refuse('DRAINING', 'The journal is closing');
    const appended = this.#queue.add(draft);
    this.#commitSoon();
    return appended;
  }

  settled(): Promise<void> {
    return this.#queue.settled();
  }

  async read(range: {
    readonly after: Seq;
    readonly limit: number;
  }): Promise<readonly Committed[]> {
    this.#refuseWhenClosed();
    checkRange(range);
    return this.#kept
      .slice(range.after, range.after + range.limit)
      .map((kept) => this.#committed(kept));
  }

  follow(after: Seq, follower: Follower, failed: (reason: unknown) => void): Promise<() => void> {
    return this.#followers.follow(after, follower, failed);
  }

  async page(query: PageQuery): Promise<Page> {
    if (this.#isClosed) return refuse('DRAINING', 'The journal is closing');
    checkPage(query);
    return { ok: true, ...pageOf(this.#history, query) };
  }

  async search({ words, before, limit }: SearchQuery): Promise<Page> {
    if (this.#isClosed) return refuse('DRAINING', 'The journal is closing');
    checkSearch({ words, before, limit });
    const found = this.#messagesBelow(before).filter(({ text }) => hasWords(text, words));
    return { ok: true, ...newestOf(found, limit) };
  }

  async message(seq: Seq): Promise<Message | null> {
    this.#refuseWhenClosed();
    return this.#messages.get(seq) ?? null;
  }

  async messages(seqs: readonly Seq[]): Promise<readonly Message[]> {
    this.#refuseWhenClosed();
    return seqs.flatMap((seq) => this.#messages.get(seq) ?? []);
  }

  async recorded(key: string): Promise<Entry | null> {
    this.#refuseWhenClosed();
    return this.#byKey.get(key) ?? null;
  }

  async hasReacted(of: Seq, emoji: string, by: MemberId): Promise<boolean> {
    this.#refuseWhenClosed();
    if (this.#messages.get(of)?.deleted === true) return false;
    return this.#reactors.get(kindOf(of, emoji))?.has(by) ?? false;
  }

  async hashAt(seq: Seq): Promise<Hash | null> {
    this.#refuseWhenClosed();
    return seq >= 0 && seq <= this.#kept.length ? this.#hashAt(seq) : null;
  }

  async saveState(saved: SavedState): Promise<void> {
    this.#refuseWhenClosed();
    const others = this.#saved.filter(({ at }) => at.seq !== saved.at.seq);
    this.#saved = [...others, saved].sort((a, b) => b.at.seq - a.at.seq).slice(0, 2);
  }

  async loadState(): Promise<SavedState | null> {
    this.#refuseWhenClosed();
    const isOurs = ({ at }: SavedState): boolean =>
      at.seq <= this.#kept.length && this.#hashAt(at.seq) === at.hash;
    return this.#saved.find(isOurs) ?? null;
  }

  async beat(): Promise<boolean> {
    this.#refuseWhenClosed();
    return !this.isFull;
  }

  async close(): Promise<void> {
    this.resume();
    this.#isClosed = true;
    this.#commit();
    this.#followers.clear();
  }

  // Nobody hears of an entry inside the call of `append`: with a disk that cannot be, and a test
  // that relied on it would prove nothing.
  #commitSoon(): void {
    if (this.#isCommitting || this.#isPaused) return;
    this.#isCommitting = true;
    queueMicrotask(() => {
      this.#isCommitting = false;
      if (!this.#isPaused) this.#commit();
    });
  }

  #commit(): void {
    for (const waiting of this.#queue.takeAll()) waiting.resolve(this.#record(waiting));
  }

  #record({ key, json }: Waiting): Appended {
    const known = this.#byKey.get(key);
    if (known !== undefined) return { ok: true, entry: known, repeated: true };
    if (this.isFull) return refuse('DISK_FULL', 'The disk has no room left', 5_000);
    const seq = (this.#kept.length + 1) as Seq;
    const at = Math.max(this.#lastAt, this.#clock.now());
    this.#lastAt = at;
    this.#link = nextLink(this.#link, { seq, at, key, body: json });
    // From the JSON, as a disk would give it back: what the author still holds stays theirs.
    const entry = entryOf(seq, at, JSON.parse(json) as EntryBody);
    const kept = { entry, hash: hashOf(this.#link), of: this.#project(entry) };
    this.#kept.push(kept);
    this.#byKey.set(key, entry);
    this.#followers.announce(this.#committed(kept));
    this.#heard = seq;
    return { ok: true, entry, repeated: false };
  }

  /** Applies an entry to the messages; the answer is the message that it amends. */
  #project(entry: Entry): Seq | null {
    if (entry.type === 'message') {
      this.#messages.set(entry.seq, entry);
      this.#messageSeqs.push(entry.seq);
      return null;
    }
    if (!isAmendment(entry)) return null;
    const message = this.#messages.get(entry.of);
    if (message === undefined) return null;
    this.#messages.set(entry.of, this.#amended(message, entry));
    return entry.of;
  }

  #amended(message: Message, amendment: Amendment): Message {
    if (amendment.type === 'edit') return edited(message, amendment);
    if (amendment.type === 'delete') return deleted(message, amendment);
    const { of, emoji, by, on, seq } = amendment;
    const reactors = this.#reactors.get(kindOf(of, emoji)) ?? new Set<MemberId>();
    this.#reactors.set(kindOf(of, emoji), reactors);
    if (on) reactors.add(by.id);
    else reactors.delete(by.id);
    const named = [...reactors].slice(0, limits.reactorsNamed);
    return reacted(message, { emoji, count: reactors.size, by: named }, seq);
  }

  #committed({ entry, hash, of }: Kept): Committed {
    const present = of === null ? undefined : this.#messages.get(of);
    return present === undefined ? { entry, hash } : { entry, hash, present };
  }

  #hashAt(seq: number): Hash {
    return this.#kept[seq - 1]?.hash ?? hashOf(firstLink(this.epoch));
  }

  #refuseWhenClosed(): void {
    if (!this.#isClosed) return;
    throw new JournalUnavailable(refuse('DRAINING', 'The journal is closing'));
  }

  *#messagesBelow(seq: Seq): Generator<Message> {
    for (let index = this.#indexOf(seq) - 1; index >= 0; index--) yield this.#messageNr(index);
  }

  *#messagesFrom(seq: Seq): Generator<Message> {
    const { length } = this.#messageSeqs;
    for (let index = this.#indexOf(seq); index < length; index++) yield this.#messageNr(index);
  }

  *#visibleAfter(seq: Seq, viewer: Viewer): Generator<WireEntry> {
    for (let index = Math.max(0, seq); index < this.#kept.length; index++) {
      const { entry, of } = this.#kept[index] as Kept;
      if (!isVisibleTo(entry, viewer)) continue;
      const message = this.#messages.get(of ?? entry.seq) ?? null;
      yield of === null && message !== null ? message : withoutDeletedText(entry, message);
    }
  }

  #messageNr(index: number): Message {
    return this.#messages.get(this.#messageSeqs[index] as Seq) as Message;
  }

  /** The index of the first message with this seq or a higher one. */
  #indexOf(seq: Seq): number {
    let low = 0;
    let high = this.#messageSeqs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#messageSeqs[middle] as Seq) < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function kindOf(of: Seq, emoji: string): string {
  return `${of} ${emoji}`;
}
