/**
 * Searches, from the thread that asks, and who brings the index along. A commit never waits for the
 * index: it follows in slices while nothing else is to be done. A search that comes before that
 * brings it up to the head as of its asking, slice by slice, with commits in between; so what was
 * acknowledged before the question is in the answer.
 */
import type { Message, Seq } from '../protocol/entries.ts';
import { refuse, type Refusal } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';
import type { Clock } from '../supervisor/clock.ts';
import type { Page, Patience, SearchQuery } from './journal.ts';
import { newestOf } from './page.ts';
import type { ReadKind, Reads, SearchPart } from './sqlite-messages.ts';

/** What it needs of the journal around it. */
export interface SearchedJournal {
  readonly clock: Clock;
  headSeq(): Seq;
  /** Whether nothing waits for the worker. */
  isIdle(): boolean;
  ask<Kind extends ReadKind>(
    kind: Kind,
    ask: Reads[Kind]['ask'],
    patience: Patience,
  ): Promise<Reads[Kind]['answer']>;
}

/**
 * Messages that are looked at in one trip to the worker at least, some 2 ms. A search for what many
 * messages nearly are, and few are, would make a trip for each of them.
 */
const lookedMin = 64;

const tooMany = refuse('BUSY', 'Too many search at the moment, search again', 1_000);
const tooCommon = refuse(
  'BAD_REQUEST',
  'Too many messages are nearly this, search for other words',
);

const unheard = refuse('BUSY', 'Nobody waits for this search any more', 1_000);

/** How long what is new waits to be indexed: together it costs less than one by one. */
const quietMs = 1_000;
/** Between two slices: half of the time is left to others. */
const pauseMs = 5;
/** Further behind than this, slices are taken in a busy room as well, at up to 10,000 a second. */
const behindMax = limits.searchBehindMax / 2;
const busyPauseMs = 25;
/** About how many entries are indexed in a millisecond, for telling when to come back. */
const indexedPerMs = 25;

export class Searching {
  readonly #journal: SearchedJournal;
  /** How far the index reaches, as far as is known. */
  #at = 0 as Seq;
  #slice: Promise<Seq> | null = null;
  #cancel: (() => void) | null = null;
  #running = 0;
  #isStopped = false;

  constructor(journal: SearchedJournal) {
    this.#journal = journal;
  }

  /** See `Journal.search`. */
  async search(query: SearchQuery): Promise<Page> {
    if (this.#running >= limits.searchesMax) return tooMany;
    this.#running++;
    try {
      return await this.#search(query);
    } finally {
      this.#running--;
    }
  }

  async #search({ words, before, limit, signal }: SearchQuery): Promise<Page> {
    const head = this.#journal.headSeq();
    const found: Message[] = [];
    let looked = 0;
    for (let below: Seq | null = before; below !== null && found.length <= limit;) {
      if (signal?.aborted === true) return unheard;
      if (looked >= limits.searchLookedMax) return tooCommon;
      const refusal = await this.#reach(head, signal);
      if (refusal !== null) return refusal;
      // One beyond the page tells whether there is more.
      const wanted = limit + 1 - found.length;
      const count = Math.max(lookedMin, wanted);
      const part: SearchPart = await this.#journal.ask(
        'search',
        { words, before: below, count, wanted },
        'refuse',
      );
      // An index that was made anew meanwhile has been asked too early.
      this.#at = part.at;
      if (part.at < head) continue;
      looked += count;
      found.push(...part.found);
      below = part.reached;
    }
    return { ok: true, ...newestOf(found, limit) };
  }

  /** There may be something to index. */
  wake(): void {
    if (this.#cancel !== null || this.#isStopped) return;
    if (this.#journal.headSeq() > this.#at) this.#later(quietMs);
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel?.();
  }

  /**
   * Brings the index up to an entry. Refuses with BUSY when that would take too long, and ends
   * early when nobody waits for it any more.
   */
  async #reach(seq: Seq, signal: AbortSignal | undefined): Promise<Refusal | null> {
    while (this.#at < seq) {
      if (signal?.aborted === true) return unheard;
      const before = this.#at;
      await this.#advance();
      const behind = seq - this.#at;
      if (behind <= 0) break;
      const isStuck = this.#at === before;
      if (isStuck || behind > limits.searchBehindMax) {
        this.wake();
        const wait = isStuck ? 5_000 : Math.min(behind / indexedPerMs, 30_000);
        return refuse('BUSY', 'The messages are still being indexed, search again soon', wait);
      }
    }
    return null;
  }

  /** One slice more. Who asks while one is under way shares it. */
  async #advance(): Promise<void> {
    this.#slice ??= this.#journal.ask('index', null, 'wait').finally(() => (this.#slice = null));
    this.#at = await this.#slice;
  }

  /** The newest delay counts: a second timer beside it would set a third, and so on. */
  #later(delayMs: number): void {
    this.#cancel?.();
    this.#cancel = this.#journal.clock.after(delayMs, () => {
      this.#cancel = null;
      void this.#follow();
    });
  }

  async #follow(): Promise<void> {
    const behind = this.#journal.headSeq() - this.#at;
    if (behind <= 0 || this.#isStopped) return;
    const isIdle = this.#journal.isIdle();
    if (!isIdle && behind < behindMax) return this.#later(quietMs);
    const before = this.#at;
    try {
      await this.#advance();
    } catch {
      // A search will hear of it; what is new is reason enough to try again.
      return;
    }
    if (this.#isStopped) return;
    if (this.#at === before) this.#later(quietMs);
    else if (this.#at < this.#journal.headSeq()) this.#later(isIdle ? pauseMs : busyPauseMs);
  }
}
