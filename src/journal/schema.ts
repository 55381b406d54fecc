/**
 * The file `journal.db`: what it holds, how a new one is made, and which ones are not opened.
 *
 * `entries` is the journal itself and only ever grows. `messages` and `reactions` are its
 * projection, kept in the same transactions. `present` is null for a message that still stands as
 * it was written, which most do, so that a text is stored once.
 */
import type { Database } from 'bun:sqlite';
import type { Epoch } from '../protocol/entries.ts';
import { JournalRefused } from './refused.ts';

/**
 * The oldest SQLite that may write a journal: earlier ones could corrupt a log while resetting it.
 */
export const sqliteVersionMin = '3.51.3';

/** "Enck" in ASCII: tells a journal from any other SQLite file. */
export const applicationId = 0x456e636b;

/** "EncB": a backup, which is no journal, so that nobody serves one by its name alone. */
export const backupId = 0x456e6342;

/** The version of what a backup holds. */
export const backupVersion = 1;

/** The version of what is below. A change here needs a way to bring older journals along. */
export const schemaVersion = 1;

const tables = `
  CREATE TABLE about (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE entries (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    key TEXT NOT NULL UNIQUE,
    audience TEXT,          -- 'everyone', 'keepers', a member's id; null for quiet entries
    of INTEGER,             -- the message that this entry amends
    body TEXT NOT NULL,     -- JSON
    hash BLOB NOT NULL
  ) STRICT;
  CREATE INDEX entries_by_audience ON entries (audience) WHERE audience IS NOT NULL;

  CREATE TABLE messages (
    seq INTEGER PRIMARY KEY,
    present TEXT            -- JSON; null: as it was written
  ) STRICT;

  CREATE TABLE reactions (
    of INTEGER NOT NULL,
    emoji TEXT NOT NULL,
    member TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (of, emoji, member)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX reactions_in_order ON reactions (of, emoji, seq);

  CREATE TABLE states (
    seq INTEGER PRIMARY KEY,
    hash TEXT NOT NULL,
    state TEXT NOT NULL
  ) STRICT;

  CREATE TABLE heartbeat (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    at INTEGER NOT NULL
  ) STRICT;
`;

/** Refuses an SQLite that may not write a journal. */
export function checkVersion(version: string): void {
  const [found, least] = [version, sqliteVersionMin].map((text) => text.split('.').map(Number));
  for (const [index, part] of (least ?? []).entries()) {
    const other = found?.[index] ?? 0;
    if (other > part) return;
    if (other === part) continue;
    throw new JournalRefused(
      'SQLITE_TOO_OLD',
      `SQLite "${version}" could damage the journal, Encke needs ${sqliteVersionMin}: update Bun`,
    );
  }
}

/** Makes sure that the file is a journal, making one of an empty file. The answer is its epoch. */
export function prepare(db: Database, path: string, freshEpoch: Epoch): Epoch {
  // Looked at before anything is written: a file that is not ours is left as it is.
  const isNew = identify(db, path);
  configure(db, path);
  if (isNew) create(db, freshEpoch);
  const row = db.query<{ value: string }, []>("SELECT value FROM about WHERE name = 'epoch'").get();
  if (row === null) throw damaged(path, 'it has no epoch');
  return row.value as Epoch;
}

/** The sentence for a journal that contradicts itself. */
export function damaged(path: string, what: string): JournalRefused {
  return new JournalRefused(
    'JOURNAL_DAMAGED',
    `The journal "${path}" is damaged, ${what}: ` +
      'restore a backup, or move the file away to start anew',
  );
}

/** The sentence for a file that is something else. */
export function notAJournal(path: string, what: string): JournalRefused {
  return new JournalRefused(
    'NOT_A_JOURNAL',
    `"${path}" is not a journal, ${what}: choose another data folder`,
  );
}

/** Whether the file is empty. Throws when it holds something that is not a journal of ours. */
function identify(db: Database, path: string): boolean {
  const found = {
    id: numberOf(db, 'PRAGMA application_id'),
    version: numberOf(db, 'PRAGMA user_version'),
    objects: numberOf(db, 'SELECT count(*) FROM sqlite_schema'),
  };
  if (found.id === 0 && found.version === 0 && found.objects === 0) return true;
  if (found.id === backupId) {
    throw new JournalRefused(
      'NOT_A_JOURNAL',
      `"${path}" is a backup: move it out of the folder, and put it back with encke restore`,
    );
  }
  if (found.id !== applicationId) {
    throw notAJournal(path, 'but a database of another program');
  }
  if (found.version > schemaVersion) {
    throw new JournalRefused(
      'JOURNAL_TOO_NEW',
      `The journal "${path}" was written by a newer Encke: start that version or a later one`,
    );
  }
  if (found.version !== schemaVersion) throw damaged(path, 'its version is unknown');
  return false;
}

function configure(db: Database, path: string): void {
  const mode = db.query<{ journal_mode: string }, []>('PRAGMA journal_mode = WAL').get();
  if (mode?.journal_mode !== 'wal') {
    throw new JournalRefused(
      'FOLDER_UNFIT',
      `The file system of "${path}" cannot share memory, which the journal needs: use a local disk`,
    );
  }
  // FULL syncs the log at every commit. NORMAL would lose the last ones with the power.
  db.run('PRAGMA synchronous = FULL');
  // Where a sync alone leaves it in the drive's own memory, which is macOS.
  db.run('PRAGMA fullfsync = ON');
  db.run('PRAGMA checkpoint_fullfsync = ON');
  // The store checkpoints by itself, after it has answered, and hears when that fails.
  db.run('PRAGMA wal_autocheckpoint = 0');
  // After a burst, or a long backup, the log gives its space back.
  db.run(`PRAGMA journal_size_limit = ${16 * 1024 * 1024}`);
  // 32 MB: the index of keys is hit at random, and its inner pages should stay in memory.
  db.run('PRAGMA cache_size = -32768');
  db.run('PRAGMA trusted_schema = OFF');
}

function create(db: Database, epoch: Epoch): void {
  db.transaction(() => {
    db.run(tables);
    db.run("INSERT INTO about (name, value) VALUES ('epoch', ?)", [epoch]);
    db.run(`PRAGMA application_id = ${applicationId}`);
    db.run(`PRAGMA user_version = ${schemaVersion}`);
  }).immediate();
}

function numberOf(db: Database, sql: string): number {
  const row = db.query<Record<string, number>, []>(sql).get();
  return Object.values(row ?? {})[0] ?? 0;
}
