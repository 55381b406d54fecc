/**
 * A backup: one file with everything that a room needs to come back, taken beside the process that
 * serves it. It holds the entries, which are all that is not derived, and the secrets. It is as
 * secret as the data folder.
 *
 * The file grows under another name and gets its own when it is whole, on the disk, and was read
 * back. So a file with the name that was asked for is a backup, whatever happened meanwhile.
 */
import { Database } from 'bun:sqlite';
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Epoch } from '../protocol/entries.ts';
import { hasRoomFor, isSpaceCode, sync, troubleOf } from './disk.ts';
import { damagedFrame } from './log-damage.ts';
import { JournalRefused } from './refused.ts';
import { backupId, backupVersion } from './schema.ts';
import { Source, sealOf, unreadable } from './sqlite-source.ts';
import type { End, Row, Secret } from './sqlite-source.ts';

export interface BackupOrder {
  /** The data folder. Its room may be running. */
  readonly folder: string;
  /** The file to make. It must not be there. */
  readonly file: string;
  /** The files of the data folder that go with the journal, as far as they are there. */
  readonly secretNames: readonly string[];
}

export interface BackedUp {
  readonly entries: number;
  readonly bytes: number;
}

/** What stands in a backup. `entries` is the journal's table, less what is derived from it. */
const tables = `
  CREATE TABLE about (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE entries (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    key TEXT NOT NULL,
    body TEXT NOT NULL,     -- JSON
    hash BLOB NOT NULL
  ) STRICT;

  CREATE TABLE secrets (
    name TEXT PRIMARY KEY,
    content BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

/**
 * What a running room may want to write meanwhile. With the copies that `disk.ts` counts, some 9 MB
 * stay free: members must not hear that the disk is full because of a backup that will not fit.
 */
const roomBytes = 2 * 1024 * 1024;

/** Takes a backup. Throws `JournalRefused`, and then there is no file. */
export function backUp({ folder, file, secretNames }: BackupOrder): BackedUp {
  const path = join(folder, 'journal.db');
  if (!existsSync(path)) throw noJournal(folder);
  refuseExisting(file);
  refuseDamagedLog(path);
  using source = new Source(path, { mayBeInUse: true });
  if (source.isBackup) throw noJournal(folder);
  // What is acknowledged before this moment is in the backup; what comes later is not waited for.
  const count = source.count();
  const part = makeFile(file);
  try {
    const secrets = secretsIn(folder, secretNames);
    const end = writeBackup(part, source, count, secrets);
    const bytes = readBack(part, end);
    giveName(part, file);
    return { entries: end.seq, bytes };
  } catch (reason) {
    rmSync(part, { force: true });
    throw refusalOf(reason, file);
  }
}

/**
 * SQLite would read a damaged log up to the damage, and the backup would lack what came after it.
 * A running room begins its log anew now and then; what is read across that moment looks damaged as
 * well, but not each time.
 */
function refuseDamagedLog(path: string): void {
  let frame: number | null = null;
  for (let look = 0; look < 3; look++) {
    frame = damagedFrame(`${path}-wal`);
    if (frame === null) return;
    Bun.sleepSync(20);
  }
  throw new JournalRefused(
    'JOURNAL_DAMAGED',
    `The journal "${path}" is damaged, frame ${frame} of its log is not what was written: ` +
      'bring what is left of it into a new folder with encke restore',
  );
}

function writeBackup(part: string, source: Source, count: number, secrets: readonly Secret[]): End {
  using db = new Database(part, { readwrite: true });
  // Half a file is thrown away, so nothing has to be rolled back after a crash. ("OFF" would say so
  // better, but where SQLite is built to be defensive it is passed over.)
  db.run('PRAGMA journal_mode = MEMORY');
  // Each batch is written through before the next: one big write at the end would hold up the
  // running room's own.
  db.run('PRAGMA synchronous = FULL');
  db.run('PRAGMA locking_mode = EXCLUSIVE');
  db.run(tables);
  db.run(`PRAGMA application_id = ${backupId}`);
  db.run(`PRAGMA user_version = ${backupVersion}`);
  const end = copyEntries(db, source, count, dirname(part));
  db.transaction(() => {
    for (const { name, content } of secrets) {
      db.run('INSERT INTO secrets (name, content) VALUES (?, ?)', [name, content]);
    }
    for (const [name, value] of aboutOf(source.epoch, end, secrets)) {
      db.run('INSERT INTO about (name, value) VALUES (?, ?)', [name, value]);
    }
  }).immediate();
  return end;
}

function copyEntries(db: Database, source: Source, count: number, folder: string): End {
  using insert = db.prepare(
    'INSERT INTO entries (seq, at, key, body, hash) VALUES (?, ?, ?, ?, ?)',
  );
  const write = db.transaction((rows: readonly Row[]) => {
    for (const { seq, at, key, body, hash } of rows) insert.run(seq, at, key, body, hash);
  });
  const batches = source.batches(count);
  for (;;) {
    const step = batches.next();
    if (step.done === true) return step.value;
    if (!hasRoomFor(roomBytes, folder)) throw withoutRoom(folder);
    write.immediate(step.value);
  }
}

function aboutOf(epoch: Epoch, end: End, secrets: readonly Secret[]): [string, string][] {
  return [
    ['epoch', epoch],
    ['entries', `${end.seq}`],
    ['seal', sealOf(epoch, end, secrets)],
  ];
}

/** Whether the file that was written is the backup that was meant; the answer is its size. */
function readBack(part: string, end: End): number {
  sync(part);
  using copy = new Source(part, { mayBeInUse: false });
  const { seq, link } = copy.verify();
  if (seq !== end.seq || Buffer.compare(link, end.link) !== 0) {
    throw copy.damaged('it is not what was written');
  }
  return statSync(part).size;
}

function giveName(part: string, file: string): void {
  refuseExisting(file);
  renameSync(part, file);
  sync(dirname(part));
}

/**
 * Makes an empty file for its owner alone, to be renamed. Its name has our pid in it, so that two
 * backups of the same name cannot get into each other's way, and those of the dead can be told.
 */
function makeFile(file: string): string {
  const path = resolve(file);
  const [folder, name] = [dirname(path), basename(path)];
  try {
    for (const other of readdirSync(folder)) {
      const isPart = other.startsWith(`${name}.`) && other.endsWith('.part');
      const pid = isPart ? other.slice(name.length + 1, -'.part'.length) : '';
      if (/^\d+$/.test(pid) && isOver(Number(pid))) rmSync(join(folder, other));
    }
    const part = `${path}.${process.pid}.part`;
    closeSync(openSync(part, 'wx', 0o600));
    return part;
  } catch (reason) {
    throw refusalOf(reason, file);
  }
}

/** Whether a process has ended. One that had our pid has. */
function isOver(pid: number): boolean {
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (reason) {
    return (reason as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function secretsIn(folder: string, names: readonly string[]): Secret[] {
  return names
    .map((name) => ({ name, path: join(folder, name) }))
    .filter(({ path }) => existsSync(path))
    .map(({ name, path }) => {
      try {
        return { name, content: readFileSync(path) };
      } catch (reason) {
        throw unreadable(path, reason instanceof Error ? reason.message : String(reason));
      }
    });
}

function refuseExisting(file: string): void {
  if (!existsSync(file)) return;
  throw new JournalRefused(
    'IN_THE_WAY',
    `"${file}" is there already: choose another name, or move it away`,
  );
}

function noJournal(folder: string): JournalRefused {
  return new JournalRefused(
    'UNREADABLE',
    `There is no journal in "${folder}": name the data folder of a room with --data`,
  );
}

function withoutRoom(folder: string): JournalRefused {
  return new JournalRefused(
    'DISK_FULL',
    `The disk of "${folder}" has no room for the backup: make some, or choose another disk`,
  );
}

function refusalOf(reason: unknown, file: string): unknown {
  if (!(reason instanceof Error) || reason instanceof JournalRefused) return reason;
  const folder = dirname(resolve(file));
  const isSqlite = reason.name === 'SQLiteError';
  if (isSpaceCode(reason) || (isSqlite && troubleOf(reason, folder) === 'full')) {
    return withoutRoom(folder);
  }
  if (!isSqlite && !('code' in reason)) return reason;
  return new JournalRefused(
    'CANNOT_CREATE',
    `"${file}" cannot be written, "${reason.message}": choose another place`,
  );
}
