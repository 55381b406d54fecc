/**
 * The journal on one machine: SQLite in a worker, so that the event loop never waits for a disk.
 *
 * This side outlives the worker. It holds the queues, the job under way, the followers and the
 * head; a supervisor's child holds the worker itself (`openWorker`) and starts another when it
 * dies. The new one first tells what the old one recorded without saying so, then gets the job that
 * was under way once again. An author notices a crash as a slow append, and nothing else.
 *
 *     append ─► queue ─► one batch ─► worker: one transaction, one fsync
 *                                        │
 *     author ◄─ followers, in order ◄────┘
 */
import type { Entry, Epoch, Hash, MemberId, Message, Seq } from '../protocol/entries.ts';
import { refuse } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';
import type { Clock } from '../supervisor/clock.ts';
import type { Log } from '../supervisor/log.ts';
import type { QueueBounds } from './append-queue.ts';
import { lockFolder } from './folder-lock.ts';
import type { FolderLock } from './folder-lock.ts';
import { Followers } from './followers.ts';
import { newEpoch } from './hash.ts';
import type {
  Appended,
  Committed,
  Draft,
  Follower,
  Journal,
  Page,
  PageQuery,
  Patience,
  Position,
  SavedState,
  SearchQuery,
} from './journal.ts';
import { Newest } from './newest.ts';
import { checkPage, checkRange, checkSearch } from './page.ts';
import { ReadQueue } from './read-queue.ts';
import { JournalUnavailable, orRefused } from './refused.ts';
import { Searching } from './searching.ts';
import { WorkerLink } from './sqlite-link.ts';
import type { End, Reply } from './sqlite-link.ts';
import type { OpenOrder, Opened, ReadKind, Reads } from './sqlite-messages.ts';
import { startWorker } from './sqlite-thread.ts';
import type { StartThread } from './sqlite-thread.ts';
import { Writer } from './sqlite-writer.ts';

export interface SqliteOptions {
  /** The data folder. It is made when it does not exist. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  /**
   * Called once, when the disk fails in any way but being full. Nothing is acknowledged any more,
   * what waits is rejected, and the process must stop.
   */
  readonly failed: (reason: Error) => void;
  /** The identity to give to a journal that does not exist yet. */
  readonly epoch?: Epoch;
  readonly bounds?: Partial<QueueBounds>;
  /** Newest entries kept in memory; `limits.newestMax` by default. */
  readonly newestMax?: number;
  /** Takes the folder, and starts the thread that owns the file; the machine's by default. */
  readonly lockFolder?: (folder: string) => FolderLock;
  readonly startThread?: StartThread;
}

/** A worker that is up, for the supervisor's child that owns it. */
export interface RunningWorker {
  /** Lets it finish what it was told. What waits stays for the next worker. */
  stop(): Promise<void>;
  /** Ends it at once, as a crash would; `crashed` is called when it is gone. */
  kill(): void;
}

/** What is known once the first worker has opened the journal. */
interface Started {
  readonly epoch: Epoch;
  readonly newest: Newest;
  head: Position;
}

const draining = refuse('DRAINING', 'The journal is closing');

/** Takes the folder. Rejects with `JournalRefused` when that cannot be. */
export async function openSqliteJournal(options: SqliteOptions): Promise<SqliteJournal> {
  const { folder, lockFolder: lock = lockFolder } = options;
  return new SqliteJournal(options, lock(folder));
}

export class SqliteJournal implements Journal {
  readonly #options: SqliteOptions;
  readonly #lock: FolderLock;
  readonly #writer: Writer;
  readonly #reads: ReadQueue;
  readonly #followers: Followers;
  readonly #searching: Searching;
  #start: Started | null = null;
  /** The worker, from its start until its end was reported. */
  #link: WorkerLink | null = null;
  /** Whether the worker has caught up and may be given work. */
  #isReady = false;
  #isFull = false;
  #failure: Error | null = null;
  #closing: Promise<void> | null = null;
  #isClosed = false;
  #idle = Promise.withResolvers<void>();

  constructor(options: SqliteOptions, lock: FolderLock) {
    const bounds = { ...limits, ...options.bounds };
    this.#options = options;
    this.#lock = lock;
    this.#reads = new ReadQueue(bounds);
    this.#writer = new Writer(options.clock, bounds, {
      headSeq: () => this.head().seq,
      announce: (committed) => this.#announce(committed),
      gathered: () => this.#pump(),
    });
    this.#followers = new Followers({
      head: () => this.head(),
      read: (range) => this.#ask('entries', range, 'wait'),
    });
    const { clock } = options;
    this.#searching = new Searching({
      clock,
      headSeq: () => this.head().seq,
      isIdle: () => this.#isIdle,
      ask: (kind, ask, patience) => this.#ask(kind, ask, patience),
    });
  }

  /**
   * Starts a worker and lets it catch up; then everything that waited goes on. Rejects when it does
   * not come up, with `JournalRefused` when no other would either. `crashed` is called when it dies
   * after that, once it is gone and another one may be started.
   */
  async openWorker(owner: { crashed(reason: Error): void }): Promise<RunningWorker> {
    if (this.#failure !== null) throw this.#failure;
    if (this.#isClosed) throw new JournalUnavailable(draining);
    if (this.#link !== null) throw new Error('The journal has a worker already');
    const { clock, startThread = startWorker } = this.#options;
    const link = new WorkerLink(clock, startThread);
    this.#link = link;
    let isUp = false;
    void link.ended.then((end) => {
      this.#ended(end);
      if (isUp && end.kind === 'crashed') owner.crashed(end.reason);
    });
    try {
      const opened = await link.open(this.#openOrder(), (reply) => this.#hear(reply));
      this.#catchUp(opened);
    } catch (reason) {
      link.kill(new Error("The journal's worker did not come up", { cause: reason }));
      // Only then may another one be started.
      await link.ended;
      throw reason;
    }
    isUp = true;
    this.#isReady = true;
    const underWay = this.#writer.again();
    if (underWay !== null) link.send(underWay);
    this.#searching.wake();
    this.#pump();
    return {
      stop: () => link.stop(),
      kill: () => link.kill(new Error("The journal's worker was killed")),
    };
  }

  get epoch(): Epoch {
    return this.#started().epoch;
  }

  head(): Position {
    return this.#started().head;
  }

  append(draft: Draft): Promise<Appended> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    if (this.#closing !== null) return Promise.resolve(draining);
    const appended = this.#writer.append(draft);
    this.#pump();
    return appended;
  }

  settled(): Promise<void> {
    return this.#writer.settled();
  }

  async read(range: Reads['entries']['ask']): Promise<readonly Committed[]> {
    checkRange(range);
    return this.#ask('entries', range, 'wait');
  }

  follow(after: Seq, follower: Follower, failed: (reason: unknown) => void): Promise<() => void> {
    return this.#followers.follow(after, follower, failed);
  }

  async page(query: PageQuery, patience: Patience = 'refuse'): Promise<Page> {
    checkPage(query);
    return await orRefused(async () => {
      this.#refuseWhenEnded();
      const page = this.#started().newest.page(query);
      return { ok: true, ...(page ?? (await this.#ask('page', query, patience))) };
    });
  }

  async search(query: SearchQuery): Promise<Page> {
    checkSearch(query);
    return await orRefused(() => {
      this.#refuseWhenEnded();
      return this.#searching.search(query);
    });
  }

  async message(seq: Seq): Promise<Message | null> {
    return (await this.messages([seq]))[0] ?? null;
  }

  async messages(seqs: readonly Seq[]): Promise<readonly Message[]> {
    this.#refuseWhenEnded();
    return this.#started().newest.messages(seqs) ?? (await this.#ask('messages', seqs));
  }

  recorded(key: string): Promise<Entry | null> {
    return this.#ask('key', key);
  }

  hasReacted(of: Seq, emoji: string, by: MemberId): Promise<boolean> {
    return this.#ask('reacted', { of, emoji, by });
  }

  hashAt(seq: Seq, patience: Patience = 'refuse'): Promise<Hash | null> {
    return this.#ask('hash', seq, patience);
  }

  loadState(): Promise<SavedState | null> {
    return this.#ask('state', null, 'wait');
  }

  async saveState(saved: SavedState): Promise<void> {
    this.#refuseWhenEnded();
    const done = this.#writer.save(saved);
    this.#pump();
    return done;
  }

  async beat(): Promise<boolean> {
    this.#refuseWhenEnded();
    const done = this.#writer.beat();
    this.#pump();
    return done;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #openOrder(): OpenOrder {
    const { folder, epoch = newEpoch() } = this.#options;
    return { folder, freshEpoch: epoch, after: this.#start?.head.seq ?? null };
  }

  /** What must hold between two workers: the new one continues where followers left off. */
  #catchUp({ epoch, head, at, hashAfter, missed }: Opened): void {
    this.#writer.recordedUntil(at);
    if (this.#start === null) {
      this.#start = { epoch, head, newest: new Newest(head.seq, this.#options.newestMax) };
      return;
    }
    if (epoch !== this.#start.epoch || hashAfter !== this.#start.head.hash) {
      const { folder } = this.#options;
      const why = `The journal in "${folder}" was changed while it was in use: restart Encke`;
      const reason = new Error(why);
      this.#fail(reason);
      throw reason;
    }
    for (const committed of missed) this.#announce(committed);
  }

  #announce(committed: Committed): void {
    const start = this.#started();
    this.#followers.announce(committed);
    start.newest.push(committed);
    start.head = { seq: committed.entry.seq, hash: committed.hash };
    this.#searching.wake();
  }

  #hear(reply: Reply): void {
    switch (reply.kind) {
      case 'committed':
        this.#noteRoom(reply.result.isFull);
        this.#writer.committed(reply.result);
        break;
      case 'saved':
        this.#noteRoom(reply.isFull);
        this.#writer.saved();
        break;
      case 'answered':
        this.#reads.answered(reply.id, reply.answer);
        break;
      case 'unanswered':
        this.#reads.unanswered(reply.id, reply.message);
        break;
      default:
        throw new Error(`The journal's worker said "${String(reply satisfies never)}"`);
    }
    this.#pump();
  }

  /** Gives the worker what it should have now. */
  #pump(): void {
    if (this.#link !== null && this.#isReady && this.#link.isListening) {
      const link = this.#link;
      const job = this.#writer.next();
      if (job !== null) link.send(job);
      this.#reads.send((id, question) => link.send({ kind: 'read', id, question }));
    }
    if (this.#isIdle) this.#idle.resolve();
  }

  get #isIdle(): boolean {
    return this.#writer.isIdle && this.#reads.isEmpty;
  }

  #ended(end: End): void {
    this.#link = null;
    this.#isReady = false;
    this.#reads.recall();
    if (end.kind === 'broken') this.#fail(end.reason);
  }

  #fail(reason: Error): void {
    if (this.#failure !== null) return;
    this.#failure = reason;
    this.#writer.end(reason);
    this.#reads.rejectAll(reason);
    this.#idle.resolve();
    this.#options.failed(reason);
  }

  async #close(): Promise<void> {
    this.#searching.stop();
    // A worker that dies in between is replaced, but not for ever: what was not acknowledged may be
    // refused.
    for (let workers = 0; !this.#isIdle && this.#failure === null && workers < 3; workers++) {
      this.#idle = Promise.withResolvers<void>();
      if (this.#link === null) await this.#openForClosing();
      this.#pump();
      await Promise.race([this.#idle.promise, this.#link?.ended]);
    }
    await this.#link?.stop();
    this.#writer.end(draining);
    this.#reads.rejectAll(new JournalUnavailable(draining));
    this.#followers.clear();
    this.#lock.release();
    this.#isClosed = true;
  }

  async #openForClosing(): Promise<void> {
    try {
      await this.openWorker({ crashed: () => {} });
    } catch (reason) {
      this.#options.log.error('The journal could not be opened to record what waits', {
        reason: String(reason),
      });
    }
  }

  async #ask<Kind extends ReadKind>(
    kind: Kind,
    ask: Reads[Kind]['ask'],
    patience: Patience = 'refuse',
  ): Promise<Reads[Kind]['answer']> {
    this.#refuseWhenEnded();
    const answer = this.#reads.ask(kind, ask, patience);
    this.#pump();
    return answer;
  }

  #refuseWhenEnded(): void {
    if (this.#failure !== null) throw this.#failure;
    if (this.#closing !== null) throw new JournalUnavailable(draining);
  }

  #noteRoom(isFull: boolean): void {
    if (isFull === this.#isFull) return;
    this.#isFull = isFull;
    const { folder, log } = this.#options;
    if (isFull)
      log.warn('The disk is full: nothing can be recorded until there is room', { folder });
    else log.info('The disk has room again', { folder });
  }

  #started(): Started {
    if (this.#start === null) throw new Error('The journal was not opened yet');
    return this.#start;
  }
}
