/**
 * What there is to say, and how it is said: the newest entries, encoded once, and the replies made
 * of them. The reply for a cursor is the same for everybody who stands there, so it is made once
 * and kept until something changes.
 */
import type { Committed, Journal, Position } from '../journal/journal.ts';
import { formatCursor, type Cursor } from '../protocol/cursor.ts';
import type { Hash, Seq } from '../protocol/entries.ts';
import { refuse, type Refusal } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';
import type { Live } from '../protocol/replies.ts';
import type { Mailbox, PollAnswer } from './mailbox.ts';
import { readReply, writeReply } from './poll-reply.ts';
import { Ring, type Encoded } from './ring.ts';

export interface RepliesParts {
  readonly journal: Journal;
  readonly live: () => Live;
  /** How long those who are answered now should stay away, in milliseconds. */
  readonly awayMs: () => number;
}

const encoder = new TextEncoder();

/** Bodies kept for the present head: at 256 kB each, no more than 8 MB. */
const bodiesMax = 32;

export class Replies {
  readonly #parts: RepliesParts;
  readonly #ring: Ring;
  readonly #forKeepers: Encoded[] = [];
  /** Everything for keepers after this seq is in the list. */
  #keepersFloor: Seq;
  /** The last entry that only keepers may see. */
  #newestForKeepers = 0 as Seq;
  #liveVersion = 0;
  /** What everybody is answered who stands at a cursor and is told nothing of their own. */
  readonly #shared = new Map<Seq, PollAnswer>();
  /** The one that was asked for last: a cohort asks for it in a row. */
  #lastFrom = -1;
  #lastShared: PollAnswer | null = null;

  /** Continues from a position in the journal. */
  constructor(parts: RepliesParts, at: Position) {
    this.#parts = parts;
    this.#ring = new Ring(at);
    this.#keepersFloor = at.seq;
  }

  /** Takes the next entry. */
  push(committed: Committed): void {
    this.#ring.push(committed);
    this.#forget();
  }

  /** Takes an entry that only keepers may see. */
  pushForKeepers(entry: Encoded): void {
    this.#newestForKeepers = entry.seq;
    this.#forKeepers.push(entry);
    if (this.#forKeepers.length <= limits.addressedMax) return;
    this.#keepersFloor = this.#forKeepers.shift()?.seq ?? this.#keepersFloor;
  }

  /** What is live has changed. With `isNews`, cursors from before are answered at once. */
  liveChanged(isNews: boolean): void {
    this.#forget();
    if (isNews) this.#liveVersion++;
  }

  // --- Where a cursor stands --------------------------------------------------------------------

  head(): Position {
    return this.#ring.head();
  }

  /** The newest entry for everyone. */
  newest(): Seq {
    return this.#ring.lastPublic();
  }

  ringBytes(): number {
    return this.#ring.bytes();
  }

  /** The cursor of somebody who knows everything up to now. */
  cursor(): string {
    const { seq, hash } = this.#ring.head();
    return this.#cursorAt(seq, hash);
  }

  /**
   * Whether a cursor is in this history, as far as memory reaches. `unknown`: it stands further
   * back, and the journal must be asked.
   */
  judge({ epoch, seq, hash }: Cursor): 'known' | 'unknown' | 'gone' {
    if (epoch !== this.#parts.journal.epoch || seq > this.#ring.head().seq) return 'gone';
    const ours = this.#ring.hashAt(seq);
    if (ours === null) return 'unknown';
    return ours === hash ? 'known' : 'gone';
  }

  /** Whether something for this member after a cursor may be missing from what is kept here. */
  reachesBack(mailbox: Mailbox, seq: Seq): boolean {
    return (
      seq < mailbox.addressedFloor() || (seq < this.#keepersFloor && mailbox.role === 'keeper')
    );
  }

  /** Whether there is something to say to this member that is not an entry for everyone. */
  hasOwnNews(mailbox: Mailbox, { seq, live }: Pick<Cursor, 'seq' | 'live'>): boolean {
    return (
      // A version beyond ours is an earlier process's: it says nothing about this one's.
      live < this.#liveVersion || this.#hasOwn(mailbox, seq)
    );
  }

  // --- Replies ----------------------------------------------------------------------------------

  /**
   * Everything after a cursor that memory reaches back to. `extra`: further members of the JSON for
   * this reply alone, each after a comma. Without them, and without anything that concerns the
   * member alone, the answer is the same object for everybody who stands there.
   */
  reply(from: Seq, mailbox: Mailbox, extra: string): PollAnswer {
    if (extra === '' && !this.#hasOwn(mailbox, from)) {
      if (from === this.#lastFrom && this.#lastShared !== null) return this.#lastShared;
      return this.#sharedAt(from);
    }
    const own = extra + this.#you(mailbox, from);
    return { ok: true, body: this.#write(from, this.#addressedTo(mailbox, from), own) };
  }

  /** A reply that says nothing: the cursor stays where it is. */
  unchanged(at: Seq, waitMs: number, extra: string): PollAnswer {
    const hash = this.#ring.hashAt(at);
    // Only polls that memory reaches are answered so; one that it has left behind since is sent
    // to ask again, which costs a round trip and loses nothing.
    if (hash === null) return refuse('BUSY', 'The server is busy, poll again', 100);
    const cursor = this.#cursorAt(at, hash);
    const live = this.#parts.live();
    const wait = Math.round(waitMs);
    const reply = { cursor, from: at, to: at, entries: [], live, waitMs: wait, extra };
    return { ok: true, body: writeReply(reply) };
  }

  /** A reply for a cursor that stands before what is kept in memory. */
  async replyFromJournal(
    { seq: from, hash }: Pick<Cursor, 'seq' | 'hash'>,
    mailbox: Mailbox,
    extra: string,
  ): Promise<PollAnswer> {
    const { journal } = this.#parts;
    if ((await journal.hashAt(from)) !== hash) return gone(from);
    // A page that is not cut short reaches at least as far as the head was before it was read.
    const head = this.#ring.head();
    const viewer = { id: mailbox.id, role: mailbox.role };
    const page = await journal.page({ after: from, limit: limits.pollEntriesMax, viewer });
    if (!page.ok) return page;
    const you = this.#you(mailbox, from);
    const isFarBehind = page.more && page.entries.length >= limits.pollEntriesMax;
    // Where memory does not reach back far enough for a screenful, the oldest come first, and the
    // rest with the polls that follow: longer, but without a hole.
    const known = this.#knownFor(mailbox);
    if (isFarBehind && this.#ring.after(known).length >= limits.gapEntries) {
      const addressed = this.#addressedTo(mailbox, known);
      return { ok: true, body: this.#write(from, addressed, extra + you, known) };
    }
    const last = page.entries.at(-1)?.seq ?? from;
    const to = page.more ? last : (Math.max(last, head.seq) as Seq);
    const toHash = this.#ring.hashAt(to) ?? (await journal.hashAt(to));
    if (toHash === null) return gone(from);
    const entries = page.entries.map((entry) => JSON.stringify(entry));
    const cursor = this.#cursorAt(to, toHash);
    const live = this.#parts.live();
    const waitMs = this.#parts.awayMs();
    const reply = { cursor, from, to, entries, live, waitMs, extra: extra + you };
    return { ok: true, body: writeReply(reply) };
  }

  // --- Handling ---------------------------------------------------------------------------------

  #sharedAt(from: Seq): PollAnswer {
    let answer = this.#shared.get(from);
    if (answer === undefined) {
      answer = { ok: true, body: encoder.encode(this.#write(from, [], '')) };
      // Almost everybody stands at one of a few cursors. Whoever asks with many keeps nothing here.
      if (this.#shared.size >= bodiesMax) this.#shared.clear();
      this.#shared.set(from, answer);
    }
    this.#lastFrom = from;
    this.#lastShared = answer;
    return answer;
  }

  /** Something changed: what was written before says too little. */
  #forget(): void {
    this.#lastShared = null;
    this.#shared.clear();
  }

  /** Whether anything after a cursor is for this member and not for everybody. */
  #hasOwn(mailbox: Mailbox, from: Seq): boolean {
    return (
      mailbox.hasOwnSince(from) || (from < this.#newestForKeepers && mailbox.role === 'keeper')
    );
  }

  /** With `known`: too far behind for one reply. The newest, and a gap that history fills. */
  #write(
    from: Seq,
    addressed: readonly Encoded[],
    extra: string,
    known: Seq | null = null,
  ): string {
    const head = this.#ring.head();
    const start = known ?? (Math.max(from, this.#ring.floor()) as Seq);
    const part = readReply(from, head.seq, this.#ring.after(start), addressed, known !== null);
    const cursor = this.#cursorAt(part.to, this.#ring.hashAt(part.to) ?? head.hash);
    return writeReply({
      ...part,
      cursor,
      live: this.#parts.live(),
      waitMs: this.#parts.awayMs(),
      extra,
    });
  }

  /** What a reply says of the member themselves, when they have another nick or role. */
  #you(mailbox: Mailbox, from: Seq): string {
    return mailbox.hasChangedSince(from) ? `,"you":${JSON.stringify(mailbox.who)}` : '';
  }

  /**
   * Everything for this member after this seq is in memory. What was addressed to them before their
   * mailbox was opened stands in the journal alone.
   */
  #knownFor(mailbox: Mailbox): Seq {
    const forKeepers = mailbox.role === 'keeper' ? this.#keepersFloor : 0;
    return Math.max(this.#ring.floor(), mailbox.addressedFloor(), forKeepers) as Seq;
  }

  #addressedTo(mailbox: Mailbox, seq: Seq): readonly Encoded[] {
    const own = mailbox.addressedAfter(seq);
    if (mailbox.role !== 'keeper') return own;
    return [...own, ...this.#forKeepers.filter((entry) => entry.seq > seq)];
  }

  #cursorAt(seq: Seq, hash: Hash): string {
    return formatCursor({ epoch: this.#parts.journal.epoch, seq, hash, live: this.#liveVersion });
  }
}

/** The refusal of a cursor that is not in this history. */
export function gone(seq: Seq): Refusal {
  return refuse('GONE', `The cursor at ${seq} is not in this room’s history, take a new snapshot`);
}
