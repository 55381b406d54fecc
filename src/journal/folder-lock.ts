/**
 * One process to a data folder. The lock is the system's own, on a small SQLite file, so it ends
 * with the process, however that ends: after `kill -9` nothing is left to clean up. (Bun offers no
 * other lock of that kind on every system.)
 *
 * It is apart from the journal's file because it must outlive the workers that open and close that
 * one, and because a backup may read the journal while it is held.
 */
import { Database } from 'bun:sqlite';
import { closeSync, mkdirSync, openSync, readSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { isSpaceCode } from './disk.ts';
import { JournalRefused } from './refused.ts';

export interface FolderLock {
  release(): void;
}

/** Where SQLite keeps `user_version` in a file: four bytes, the highest first. */
const userVersionOffset = 60;

// A system's lock does not keep a process from itself, and reading the file in the process that
// holds it would release it. Kept here, a file is also not closed by the garbage collector.
const heldHere = new Map<string, Database>();

/** Takes the folder, making it when it does not exist. Throws `JournalRefused`. */
export function lockFolder(folder: string): FolderLock {
  const real = madeFolder(folder);
  if (heldHere.has(real)) throw heldBy(folder, process.pid);
  const path = join(real, 'journal.lock');
  const db = lockedFile(path, folder);
  heldHere.set(real, db);
  return {
    release() {
      db.close();
      heldHere.delete(real);
    },
  };
}

function madeFolder(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return realpathSync(folder);
  } catch (reason) {
    throw notWritable(folder, reason);
  }
}

function lockedFile(path: string, folder: string): Database {
  let db: Database | null = null;
  try {
    db = new Database(path, { create: true, readwrite: true });
    // Exclusive: the lock that the transaction takes is kept until the file is closed.
    db.run('PRAGMA locking_mode = EXCLUSIVE');
    db.run('PRAGMA journal_mode = MEMORY');
    db.run('BEGIN EXCLUSIVE');
    // The holder's pid, where somebody who is kept out can read it without asking SQLite.
    db.run(`PRAGMA user_version = ${process.pid}`);
    db.run('COMMIT');
    return db;
  } catch (reason) {
    db?.close();
    const code = reason instanceof Error && 'code' in reason ? String(reason.code) : '';
    if (code.startsWith('SQLITE_BUSY')) throw heldBy(folder, pidIn(path));
    if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) {
      throw new JournalRefused(
        'NOT_A_JOURNAL',
        `"${path}" is not Encke's: delete it if no Encke is running, or choose another folder`,
      );
    }
    throw notWritable(folder, reason);
  }
}

function pidIn(path: string): number {
  const bytes = Buffer.alloc(4);
  const file = openSync(path, 'r');
  try {
    readSync(file, bytes, 0, bytes.length, userVersionOffset);
  } finally {
    closeSync(file);
  }
  return bytes.readUInt32BE();
}

function heldBy(folder: string, pid: number): JournalRefused {
  return new JournalRefused(
    'FOLDER_HELD',
    `The folder "${folder}" is in use by process ${pid}: stop that one, or choose another folder`,
  );
}

function notWritable(folder: string, reason: unknown): JournalRefused {
  const what = reason instanceof Error ? reason.message : String(reason);
  const isFull =
    isSpaceCode(reason) ||
    (reason instanceof Error && 'code' in reason && reason.code === 'SQLITE_FULL');
  return isFull
    ? new JournalRefused('DISK_FULL', `The disk of "${folder}" is full: make room and start again`)
    : new JournalRefused(
        'FOLDER_NOT_WRITABLE',
        `The folder "${folder}" cannot be written, "${what}": check who owns it, and its disk`,
      );
}
