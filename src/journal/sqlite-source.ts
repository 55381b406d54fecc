/**
 * A file with a journal in it, open for reading: the `journal.db` of a room, running or not, a copy
 * of one, or a backup. It is read from another process than the one that writes it, so it is never
 * trusted: each entry is checked to continue the hash of the one before.
 *
 * It is read in batches, each in a transaction of its own, and not in one long one: the log of a
 * running room cannot be emptied past the oldest reader. Batches are enough for one true picture,
 * because entries are only ever added; what is up to a given seq does not change any more.
 */
import { Database, constants } from 'bun:sqlite';
import { createHash } from 'node:crypto';
import { accessSync, constants as modes, existsSync, statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Epoch } from '../protocol/entries.ts';
import { firstLink, nextLink } from './hash.ts';
import type { Hashed, Link } from './hash.ts';
import { JournalRefused } from './refused.ts';
import { applicationId, backupId, backupVersion, schemaVersion } from './schema.ts';

/** A file of the data folder that goes with the journal, by its name. */
export interface Secret {
  readonly name: string;
  readonly content: Uint8Array;
}

/** An entry as it stands on disk. */
export interface Row extends Hashed {
  readonly hash: Link;
}

/** The end of a chain: how many entries there are, and the link that covers all of them. */
export interface End {
  readonly seq: number;
  readonly link: Link;
}

/** Entries read at once: a few milliseconds, in which a running room's log cannot be emptied. */
const batchMax = 1_000;

/** How long to wait for a room that holds its file: it does so only while it starts and ends. */
const busyMs = 5_000;

export class Source {
  readonly path: string;
  readonly isBackup: boolean;
  readonly epoch: Epoch;
  readonly #db: Database;

  /**
   * Opens it. Only who says that nobody writes to the file may read a journal without making files
   * beside it. Throws `JournalRefused` when there is nothing to read, or it is something else.
   */
  constructor(path: string, { mayBeInUse }: { readonly mayBeInUse: boolean }) {
    this.path = path;
    checkReadable(path);
    const db = openForReading(path, mayBeInUse);
    try {
      this.#db = db;
      this.isBackup = this.#guarded('its head', () => identify(db, path));
      this.epoch = this.#about('epoch') as Epoch;
    } catch (reason) {
      db.close();
      throw reason;
    }
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }

  /** How many entries there are now; they are numbered from 1 without a hole. */
  count(): number {
    if (this.isBackup) return Number(this.#about('entries'));
    return this.#guarded('its end', () => {
      return this.#db.query<{ last: number | null }, []>(lastSeq).get()?.last ?? 0;
    });
  }

  /**
   * The entries up to a seq, in order, each checked; returns the end. Throws `JournalRefused` that
   * names the first entry which is missing, or is not what was recorded.
   */
  *batches(until: number): Generator<readonly Row[], End> {
    using statement = this.#guarded('its table', () =>
      this.#db.prepare<Row, [number, number, number]>(rowsAfter),
    );
    let end: End = { seq: 0, link: firstLink(this.epoch) };
    while (end.seq < until) {
      const rows: Row[] = [];
      const read = statement.iterate(end.seq, until, batchMax);
      for (;;) {
        const step = this.#guarded(`entry ${end.seq + 1}`, () => read.next());
        if (step.done === true) break;
        end = this.#follow(end, step.value);
        rows.push(step.value);
      }
      if (rows.length === 0) throw this.damaged(`entry ${end.seq + 1} is missing`);
      yield rows;
    }
    return end;
  }

  /** Reads all of it, and throws `JournalRefused` when any of it is not what was recorded. */
  verify(): End {
    const batches = this.batches(this.count());
    let step = batches.next();
    while (step.done !== true) step = batches.next();
    if (this.isBackup && this.#about('seal') !== sealOf(this.epoch, step.value, this.secrets())) {
      throw this.damaged('its end or its secrets are not what was saved');
    }
    return step.value;
  }

  /** What a backup keeps beside the journal. A journal itself keeps none. */
  secrets(): readonly Secret[] {
    if (!this.isBackup) return [];
    const secrets = this.#guarded('its end', () =>
      this.#db.query<Secret, []>('SELECT name, content FROM secrets ORDER BY name').all(),
    );
    const areShaped = secrets.every(
      ({ name, content }) => typeof name === 'string' && content instanceof Uint8Array,
    );
    if (!areShaped) throw this.damaged('its secrets are not what was saved');
    return secrets;
  }

  damaged(what: string): JournalRefused {
    return new JournalRefused(
      'JOURNAL_DAMAGED',
      this.isBackup
        ? `The backup "${this.path}" is damaged, ${what}: use another one`
        : `The journal "${this.path}" is damaged, ${what}: use a backup`,
    );
  }

  #follow(end: End, row: Row): End {
    const seq = end.seq + 1;
    if (row.seq !== seq) throw this.damaged(`entry ${seq} is missing`);
    // A damaged file may have anything in a column, whatever its table says.
    const isShaped =
      typeof row.key === 'string' && typeof row.body === 'string' && row.hash instanceof Uint8Array;
    const link = isShaped ? nextLink(end.link, row) : null;
    if (link === null || Buffer.compare(link, row.hash) !== 0) {
      throw this.damaged(`entry ${seq} is not what was recorded`);
    }
    return { seq, link };
  }

  #about(name: string): string {
    const row = this.#guarded('its head', () =>
      this.#db.query<{ value: string }, [string]>(aboutNamed).get(name),
    );
    if (row === null) throw this.damaged(`it has no ${name}`);
    return row.value;
  }

  /** Reads something, and turns what SQLite says of it into a sentence that helps. */
  #guarded<T>(what: string, read: () => T): T {
    try {
      return read();
    } catch (reason) {
      if (!(reason instanceof Error) || reason.name !== 'SQLiteError') throw reason;
      const code = 'code' in reason ? String(reason.code) : '';
      if (code === 'SQLITE_NOTADB') throw notABackup(this.path, 'not even a database');
      // The tables are ours to make: one that is missing was there.
      if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_ERROR') {
        throw this.damaged(`${what} cannot be read, SQLite says "${reason.message}"`);
      }
      throw unreadable(this.path, reason.message);
    }
  }
}

const lastSeq = 'SELECT max(seq) AS last FROM entries';
const aboutNamed = 'SELECT value FROM about WHERE name = ?';
const rowsAfter = `
  SELECT seq, at, key, body, hash FROM entries WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?`;

/** What proves that a backup is whole: its end, and what the chain of entries does not cover. */
export function sealOf(epoch: Epoch, { seq, link }: End, secrets: readonly Secret[]): string {
  const parts = [...secrets]
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, content }) => [name, Buffer.from(content).toString('base64url')]);
  const end = Buffer.from(link).toString('base64url');
  return createHash('sha256')
    .update(JSON.stringify([backupVersion, epoch, seq, end, parts]))
    .digest('base64url');
}

/** The sentence for a file that is something else. */
function notABackup(path: string, what: string): JournalRefused {
  return new JournalRefused(
    'NOT_A_JOURNAL',
    `"${path}" is no backup, ${what}: name a file that encke backup made, or a journal.db`,
  );
}

/** The sentence for a file that is not there, or not for us. */
export function unreadable(path: string, why: string): JournalRefused {
  return new JournalRefused('UNREADABLE', `"${path}" cannot be read, "${why}": check the path`);
}

/** SQLite would say of all of these that it is "unable to open database file". */
function checkReadable(path: string): void {
  try {
    const { size } = statSync(path);
    if (statSync(path).isDirectory()) throw notABackup(path, 'but a folder');
    accessSync(path, modes.R_OK);
    if (size === 0) throw notABackup(path, 'but an empty file');
  } catch (reason) {
    if (reason instanceof JournalRefused) throw reason;
    throw unreadable(path, reason instanceof Error ? reason.message : String(reason));
  }
}

function openForReading(path: string, mayBeInUse: boolean): Database {
  // "Immutable" keeps SQLite from putting a log of its own beside a copy, which it could not do on
  // a read-only disk. A copy that came with a log is read with it.
  const isAlone = !mayBeInUse && !existsSync(`${path}-wal`);
  const url = `${pathToFileURL(path).href}?immutable=${isAlone ? 1 : 0}`;
  const db = new Database(url, constants.SQLITE_OPEN_READONLY | constants.SQLITE_OPEN_URI);
  db.run(`PRAGMA busy_timeout = ${busyMs}`);
  db.run('PRAGMA trusted_schema = OFF');
  return db;
}

/** Whether it is a backup; otherwise it is a journal. Throws when it is neither. */
function identify(db: Database, path: string): boolean {
  const id = numberOf(db, 'PRAGMA application_id');
  const version = numberOf(db, 'PRAGMA user_version');
  if (id !== backupId && id !== applicationId) {
    throw notABackup(path, 'but a database of another program');
  }
  if (version > (id === backupId ? backupVersion : schemaVersion)) {
    throw new JournalRefused(
      'JOURNAL_TOO_NEW',
      `"${path}" was written by a newer Encke: restore it with that version or a later one`,
    );
  }
  return id === backupId;
}

function numberOf(db: Database, sql: string): number {
  const row = db.query<Record<string, number>, []>(sql).get();
  return Object.values(row ?? {})[0] ?? 0;
}
