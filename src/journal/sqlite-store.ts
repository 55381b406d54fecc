/**
 * The journal on disk: everything that is done to `journal.db`, one call at a time. It runs in the
 * worker and knows nothing of threads, queues or followers.
 */
import { Database } from 'bun:sqlite';
import type { Statement } from 'bun:sqlite';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { audienceOf, isQuiet } from '../protocol/entries.ts';
import type { EntryBody, Epoch, Hash, Message, Seq } from '../protocol/entries.ts';
import { hasRoomFor, sync, troubleOf } from './disk.ts';
import { firstLink, hashOf, nextLink } from './hash.ts';
import type { Link } from './hash.ts';
import type { Committed, Position, SavedState } from './journal.ts';
import { damagedFrame } from './log-damage.ts';
import { pageOf } from './page.ts';
import { entryOf } from './present.ts';
import { JournalRefused } from './refused.ts';
import { checkVersion, damaged, notAJournal, prepare } from './schema.ts';
import type {
  Batch,
  BatchResult,
  Question,
  ReadKind,
  Reads,
  Recording,
  TimedDraft,
} from './sqlite-messages.ts';
import { Projection, entryIn, parsed } from './sqlite-projection.ts';
import { SqliteSearch } from './sqlite-search.ts';

interface Row {
  readonly seq: number;
  readonly at: number;
  readonly body: string;
  readonly hash: Uint8Array;
}

/** The end of the journal. */
interface Tail {
  readonly seq: number;
  readonly at: number;
  readonly link: Link;
}

/** Entries at the end whose hashes are checked when a journal is opened. */
const tailChecked = 64;

/** Frames in the log that set off a checkpoint: 4 MB, which is copied in about 10 ms. */
const checkpointFrames = 1_000;
/** SQLite's page, which is a frame of the log. */
const pageBytes = 4_096;

/** How long to wait for another program that holds the file, such as a backup that just begins. */
const busyMs = 5_000;

/** Overhead of an entry on disk beside its body: its key twice, its hash, and the pages around. */
const overheadBytes = 512;

/** What an amendment writes anew: the message, of unknown length, in its present form. */
const amendedBytes = 4_096;

/** Heartbeats, one a second, after which nobody is taken to be about to write. */
const restBeats = 5;

export class SqliteStore {
  readonly epoch: Epoch;
  /** The file and every statement: SQLite lets go of a file only after its last statement. */
  readonly #held = new DisposableStack();
  readonly #db: Database;
  readonly #folder: string;
  readonly #projection: Projection;
  readonly #byKey: Statement<Row, [string]>;
  readonly #insert: Statement<unknown, (string | number | null | Uint8Array)[]>;
  readonly #after: Statement<Row & { present: string | null }, [number, number]>;
  readonly #hash: Statement<{ hash: Uint8Array }, [number]>;
  readonly #beat: Statement<unknown, [number]>;
  readonly #search: SqliteSearch;
  #tail: Tail;
  /** What stands in the log and not yet in the database, which grows by it at a checkpoint. */
  #uncopiedBytes = 0;
  /** Heartbeats since the last entry. */
  #beats = 0;

  /** Opens the journal in a folder, or makes one. Throws `JournalRefused` when it must not. */
  constructor(folder: string, freshEpoch: Epoch) {
    this.#folder = folder;
    this.#search = new SqliteSearch(folder, this);
    const path = join(folder, 'journal.db');
    const held = this.#held;
    try {
      const db = held.use(openDatabase(path, folder));
      this.#db = db;
      this.epoch = prepare(db, path, freshEpoch);
      this.#tail = checkedTail(db, path, this.epoch);
      this.#projection = held.use(new Projection(db));
      this.#byKey = held.use(db.prepare('SELECT seq, at, body, hash FROM entries WHERE key = ?'));
      this.#insert = held.use(
        db.prepare(
          `INSERT INTO entries (seq, at, key, audience, of, body, hash)
           VALUES (?, ?, ?, ?, ?, ?, ?)`,
        ),
      );
      this.#after = held.use(db.prepare(entriesAfter));
      this.#hash = held.use(db.prepare('SELECT hash FROM entries WHERE seq = ?'));
      this.#beat = held.use(
        db.prepare(
          // With the same time, when the clock was set back, SQLite would find nothing to write.
          `INSERT INTO heartbeat (id, at) VALUES (1, ?)
           ON CONFLICT DO UPDATE SET at = max(excluded.at, at + 1)`,
        ),
      );
    } catch (reason) {
      held.dispose();
      throw refusalOf(reason, path, folder);
    }
  }

  head(): Position {
    return { seq: this.#tail.seq as Seq, hash: hashOf(this.#tail.link) };
  }

  /** When the last entry was recorded. */
  get lastAt(): number {
    return this.#tail.at;
  }

  /** Records all drafts in one commit, or none of them when the disk is full. */
  commit({ drafts, beatAt }: Batch): BatchResult {
    if (!this.#hasRoomFor(sizeOf(drafts))) return this.#withoutRoom(drafts);
    const before = this.#tail;
    this.#rest(drafts.length);
    try {
      const recordings = this.#db
        .transaction(() => {
          if (beatAt !== null) this.#beat.run(beatAt);
          return drafts.map((draft) => this.#record(draft));
        })
        .immediate();
      return { recordings, isFull: false };
    } catch (reason) {
      this.#tail = before;
      if (troubleOf(reason, this.#folder) !== 'full') throw reason;
      return this.#withoutRoom(drafts);
    }
  }

  /** Keeps a state of the room, beside the one before it. False when the disk is full. */
  save({ at, state }: SavedState): boolean {
    if (!this.#hasRoomFor(Buffer.byteLength(state))) return false;
    try {
      this.#db
        .transaction(() => {
          this.#db.run('INSERT OR REPLACE INTO states (seq, hash, state) VALUES (?, ?, ?)', [
            at.seq,
            at.hash,
            state,
          ]);
          this.#db.run(
            `DELETE FROM states
             WHERE seq NOT IN (SELECT seq FROM states ORDER BY seq DESC LIMIT 2)`,
          );
        })
        .immediate();
      return true;
    } catch (reason) {
      if (troubleOf(reason, this.#folder) !== 'full') throw reason;
      return false;
    }
  }

  /** Answers one read. */
  answer({ kind, ask }: Question): Reads[ReadKind]['answer'] {
    switch (kind) {
      case 'entries':
        return this.entriesAfter(ask.after, ask.limit);
      case 'page':
        return pageOf(this.#projection, ask);
      case 'messages':
        return ask.flatMap((seq) => this.message(seq) ?? []);
      case 'key': {
        const known = this.#byKey.get(ask);
        return known === null ? null : entryIn(known);
      }
      case 'reacted':
        return this.#projection.hasReacted(ask.of, ask.emoji, ask.by);
      case 'hash':
        return this.hashAt(ask);
      case 'state':
        return this.#newestState();
      case 'index':
        return this.#search.advance();
      case 'search':
        return this.#search.search(ask);
      default:
        throw new Error(`There is no read of the kind "${String(kind satisfies never)}"`);
    }
  }

  entriesAfter(after: Seq, limit: number): Committed[] {
    return this.#after.all(after, limit).map((row) => {
      const committed = { entry: entryIn(row), hash: hashOf(row.hash) };
      return row.present === null ? committed : { ...committed, present: parsed(row.present) };
    });
  }

  message(seq: Seq): Message | null {
    return this.#projection.message(seq);
  }

  hashAt(seq: Seq): Hash | null {
    if (seq === 0) return hashOf(firstLink(this.epoch));
    const row = this.#hash.get(seq);
    return row === null ? null : hashOf(row.hash);
  }

  /**
   * Copies the log into the database when it has grown. To be called between answering a commit and
   * the next one, so that nobody's append waits for it but the one that arrives meanwhile.
   */
  checkpoint(): void {
    const { log, checkpointed } = this.#db
      .query<{ log: number; checkpointed: number }, []>('PRAGMA wal_checkpoint(NOOP)')
      .get() ?? { log: 0, checkpointed: 0 };
    this.#uncopiedBytes = (log - checkpointed) * pageBytes;
    if (log - checkpointed < checkpointFrames) return;
    try {
      this.#db.query('PRAGMA wal_checkpoint(PASSIVE)').all();
    } catch (reason) {
      // Without room the log stays as long as it is, and everything in it stays readable.
      if (troubleOf(reason, this.#folder) !== 'full') throw reason;
    }
  }

  close(): void {
    this.#search.close();
    this.#held.dispose();
  }

  /** Gives back the pages that are kept for speed, once there were only heartbeats for long. */
  #rest(drafts: number): void {
    this.#beats = drafts > 0 ? 0 : this.#beats + 1;
    if (this.#beats !== restBeats) return;
    this.#db.run('PRAGMA shrink_memory');
    this.#search.rest();
  }

  /**
   * Whether the disk can take so much more, and what is still to be copied as well. A log that
   * could not be copied would be in the way of the next start.
   */
  #hasRoomFor(bytes: number): boolean {
    return hasRoomFor(bytes, this.#folder, this.#uncopiedBytes);
  }

  #record({ key, at, json }: TimedDraft): Recording {
    const known = this.#byKey.get(key);
    if (known !== null) return { kind: 'known', entry: entryIn(known) };
    const seq = this.#tail.seq + 1;
    const body = JSON.parse(json) as EntryBody;
    const entry = entryOf(seq, at, body);
    const link = nextLink(this.#tail.link, { seq, at, key, body: json });
    const present = this.#projection.apply(entry);
    const audience = isQuiet(body) ? null : audienceOf(body);
    this.#insert.run(seq, at, key, audience, present?.seq ?? null, json, link);
    this.#tail = { seq, at, link };
    const recording = { kind: 'new', seq: entry.seq, hash: hashOf(link) } as const;
    return present === null ? recording : { ...recording, present };
  }

  // What was recorded before is still known: a retry hears so, also from a full disk.
  #withoutRoom(drafts: readonly TimedDraft[]): BatchResult {
    const recordings = drafts.map((draft): Recording => {
      const known = this.#byKey.get(draft.key);
      return known === null ? { kind: 'full' } : { kind: 'known', entry: entryIn(known) };
    });
    return { recordings, isFull: true };
  }

  #newestState(): SavedState | null {
    const rows = this.#db
      .query<{ seq: Seq; hash: Hash; state: string }, []>('SELECT * FROM states ORDER BY seq DESC')
      .all();
    const ours = rows.find(({ seq, hash }) => this.hashAt(seq) === hash);
    return ours === undefined
      ? null
      : { at: { seq: ours.seq, hash: ours.hash }, state: ours.state };
  }
}

/**
 * The raw entries after a seq. An amendment comes with the message that it amends, as it is now.
 */
export const entriesAfter = `
  SELECT e.seq, e.at, e.body, e.hash, m.present
  FROM entries e LEFT JOIN messages m ON m.seq = e.of
  WHERE e.seq > ?1 ORDER BY e.seq LIMIT ?2`;

/** About how much a batch will add to the journal. */
function sizeOf(drafts: readonly TimedDraft[]): number {
  return drafts.reduce((sum, { json }) => {
    const bytes = Buffer.byteLength(json) + overheadBytes;
    return sum + bytes + (json.includes('"of":') ? amendedBytes : 0);
  }, 0);
}

function openDatabase(path: string, folder: string): Database {
  if (!hasRoomFor(0, folder)) throw withoutRoom(folder);
  const log = `${path}-wal`;
  const frame = damagedFrame(log);
  if (frame !== null) throw damaged(path, `frame ${frame} of its log is not what was written`);
  // Whoever wrote the last of it may have been killed before it was synced. It will be read, and
  // answered for: from here on it must survive a loss of power.
  if (existsSync(log)) sync(log);
  const db = new Database(path, { create: true, readwrite: true });
  try {
    const row = db.query<{ version: string }, []>('SELECT sqlite_version() AS version').get();
    checkVersion(row?.version ?? '');
    db.run(`PRAGMA busy_timeout = ${busyMs}`);
    return db;
  } catch (reason) {
    db.close();
    throw reason;
  }
}

/** Whether the end of the journal is whole: numbers without a hole, hashes that follow. */
function checkedTail(db: Database, path: string, epoch: Epoch): Tail {
  const rows = db
    .query<Row & { key: string }, [number]>(
      'SELECT seq, at, key, body, hash FROM entries ORDER BY seq DESC LIMIT ?',
    )
    .all(tailChecked + 1)
    .reverse();
  // In a longer journal the check begins after the first of these, which is taken at its word.
  const trusted = rows.length > tailChecked ? rows.shift() : undefined;
  let tail: Tail =
    trusted === undefined
      ? { seq: 0, at: 0, link: firstLink(epoch) }
      : { seq: trusted.seq, at: trusted.at, link: trusted.hash };
  for (const row of rows) {
    if (row.seq !== tail.seq + 1) throw damaged(path, `entry ${tail.seq + 1} is missing`);
    if (Buffer.compare(nextLink(tail.link, row), row.hash) !== 0) {
      throw damaged(path, `entry ${row.seq} is not what was recorded`);
    }
    tail = { seq: row.seq, at: row.at, link: row.hash };
  }
  return tail;
}

/** Turns what SQLite says while opening into a sentence that helps. */
function refusalOf(reason: unknown, path: string, folder: string): unknown {
  if (!(reason instanceof Error) || !('code' in reason)) return reason;
  const trouble = troubleOf(reason, folder);
  if (trouble === 'full') return withoutRoom(folder);
  const code = String(reason.code);
  if (code === 'SQLITE_NOTADB') return notAJournal(path, 'not even a database');
  // The tables are ours to make: one that is missing was there.
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_ERROR') {
    return damaged(path, `SQLite says "${reason.message}"`);
  }
  if (trouble === 'other') return reason;
  return new JournalRefused(
    'FOLDER_NOT_WRITABLE',
    `The journal "${path}" cannot be written, "${reason.message}": check who owns it, and its disk`,
  );
}

function withoutRoom(folder: string): JournalRefused {
  return new JournalRefused(
    'DISK_FULL',
    `The disk of "${folder}" has less than a megabyte left: make room and start again`,
  );
}
