/**
 * Reads the journal's file from outside while it is written, and writes down what stands in it. The
 * hash of an entry is one over all entries before it: while the last one that was read still has
 * its hash, nothing that was read has changed or gone.
 */
import { Database } from 'bun:sqlite';
import { join } from 'node:path';
import type { Entry, EntryBody, Seq } from '../../src/protocol/entries.ts';
import { journalled } from '../checker/from-wire.ts';
import type { History } from './history.ts';

/** The end of what was read. */
export interface End {
  readonly epoch: string;
  readonly seq: number;
  /** In hexadecimal; empty before the first entry. */
  readonly hash: string;
}

interface Row {
  readonly seq: number;
  readonly at: number;
  readonly body: string;
  readonly hash: Uint8Array;
}

const rowsAtOnce = 1_000;

export class Tail {
  /** What must not be: entries that were read and then changed, or went. */
  readonly troubles: string[] = [];
  /**
   * The last entry that wakes anybody. What is quiet (who comes and goes in a crowd) is heard of
   * with what follows, or at the end of a hold.
   */
  heard = 0;
  readonly #folder: string;
  readonly #history: History;
  #end: End | null = null;
  /** Why it is not to be read now, by whoever says so. */
  readonly #closed = new Set<string>();

  constructor(folder: string, history: History) {
    this.#folder = folder;
    this.#history = history;
  }

  get end(): End | null {
    return this.#end;
  }

  /** Nobody reads the file meanwhile. */
  async closedFor<T>(why: string, work: () => Promise<T>): Promise<T> {
    this.#closed.add(why);
    try {
      return await work();
    } finally {
      this.#closed.delete(why);
    }
  }

  /** Reads what is new. False when the file cannot be read just now. */
  read(): boolean {
    return this.#closed.size === 0 && this.readAnyway();
  }

  /** The same, also while it is closed, for whoever closed it. */
  readAnyway(): boolean {
    try {
      this.#readAll();
      return true;
    } catch (reason) {
      // It is being recovered, or replaced, or there is none yet.
      if (reason instanceof Error && reason.name === 'SQLiteError') return false;
      throw reason;
    }
  }

  /**
   * The history was cut on purpose: finds out where, and goes on from there. The file must be in
   * the state in which it is going to be served; or it was served since, and had so much then.
   */
  cut(left = Infinity): void {
    const before = this.#end;
    if (before === null) return;
    const now = withJournal(this.#folder, (db) => ({ epoch: epochIn(db), head: headIn(db) }));
    const isSame = now.epoch === before.epoch;
    const seq = Math.min(before.seq, now.head.seq, left);
    const kept = withJournal(this.#folder, (db) => hashAt(db, seq));
    const cut = { epoch: before.epoch, seq, next: now.epoch };
    this.#history.note('journal', { do: 'cut', is: 'ok', ...cut });
    if (!isSame) this.#history.serves(now.epoch);
    this.#end = { epoch: now.epoch, seq, hash: kept ?? '' };
    this.heard = Math.min(this.heard, seq);
  }

  #readAll(): void {
    withJournal(this.#folder, (db) => {
      const epoch = epochIn(db);
      this.#end ??= this.#begun(epoch);
      const { seq, hash } = this.#end;
      if (epoch !== this.#end.epoch) {
        this.#trouble(`the epoch was "${this.#end.epoch}" and is "${epoch}"`);
        this.#end = this.#begun(epoch);
      } else if (seq > 0 && hashAt(db, seq) !== hash) {
        const head = headIn(db);
        this.#trouble(`entry ${seq} was read, and is not what it was; the head is ${head.seq}`);
        const left = Math.min(seq, head.seq);
        this.#end = { epoch, seq: left, hash: hashAt(db, left) ?? '' };
      }
      for (;;) {
        const rows = rowsAfter(db, this.#end.seq);
        const last = rows.at(-1);
        if (last === undefined) return;
        const entries = rows.map((row) => journalled(entryIn(row)));
        const loud = entries.findLast((entry) => entry.quiet !== true);
        this.heard = loud?.seq ?? this.heard;
        this.#history.note('journal', { do: 'journal', is: 'ok', epoch, entries });
        this.#end = { epoch, seq: last.seq, hash: hexOf(last.hash) };
      }
    });
  }

  #begun(epoch: string): End {
    this.#history.serves(epoch);
    return { epoch, seq: 0, hash: '' };
  }

  #trouble(text: string): void {
    this.troubles.push(`The journal: ${text}`);
  }
}

/** The last entry in a journal's file. */
export function readHead(folder: string): { readonly seq: number; readonly body: string } {
  return withJournal(folder, headIn);
}

function withJournal<T>(folder: string, work: (db: Database) => T): T {
  const db = new Database(join(folder, 'journal.db'), { readonly: true });
  try {
    db.run('PRAGMA busy_timeout = 1000');
    return work(db);
  } finally {
    db.close();
  }
}

function epochIn(db: Database): string {
  const row = db.query<{ value: string }, []>("SELECT value FROM about WHERE name = 'epoch'").get();
  return row?.value ?? '';
}

function headIn(db: Database): { readonly seq: number; readonly body: string } {
  const last = 'SELECT seq, body FROM entries ORDER BY seq DESC LIMIT 1';
  return db.query<{ seq: number; body: string }, []>(last).get() ?? { seq: 0, body: '' };
}

function hashAt(db: Database, seq: number): string | null {
  const found = db
    .query<{ hash: Uint8Array }, [number]>('SELECT hash FROM entries WHERE seq = ?')
    .get(seq);
  return found === null ? null : hexOf(found.hash);
}

function rowsAfter(db: Database, seq: number): readonly Row[] {
  return db
    .query<Row, [number, number]>(
      'SELECT seq, at, body, hash FROM entries WHERE seq > ? ORDER BY seq LIMIT ?',
    )
    .all(seq, rowsAtOnce);
}

function entryIn({ seq, at, body }: Row): Entry {
  return { seq: seq as Seq, at, ...(JSON.parse(body) as EntryBody) };
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
