/**
 * What a failing disk means. A full one is a state that passes: appends are refused until there is
 * room. Any other failure means that what the disk says cannot be trusted any more.
 */
import { closeSync, fsyncSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Free space that is never used. SQLite reads the index of its write-ahead log through a memory
 * map, and on some file systems (btrfs; ext4 with small blocks) a write to a mapped page that finds
 * no room kills the process with SIGBUS. Stopping early also leaves an operator room to work in.
 */
const reserveBytes = 1024 * 1024;

/** A body is written to the log, to its table and to the indexes: four times covers them all. */
const copies = 4;

const primary = { perm: 3, readOnly: 8, ioError: 10, corrupt: 11, full: 13, cannotOpen: 14 };
const notADatabase = 26;

/** Full: wait for room. Broken: stop. Other: not the disk's fault. */
export type Trouble = 'full' | 'broken' | 'other';

/**
 * Whether the disk that holds a folder can take this much more. `owedBytes`: what it will have to
 * take besides, as it stands.
 */
export function hasRoomFor(bytes: number, folder: string, owedBytes = 0): boolean {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize >= reserveBytes + owedBytes + copies * bytes;
}

/** What an error of SQLite says about the disk that holds a folder. */
export function troubleOf(error: unknown, folder: string): Trouble {
  // The low byte of an extended result code is the primary one.
  const code = errnoOf(error) & 0xff;
  if (code === primary.full) return 'full';
  if (code === primary.corrupt || code === notADatabase) return 'broken';
  if (code === primary.readOnly || code === primary.perm) return 'broken';
  if (code !== primary.ioError && code !== primary.cannotOpen) return 'other';
  // SQLite calls only a failed write of data "full". A log that cannot be created, an index that
  // cannot grow, a sync that found the room gone and a used-up quota come as input/output errors,
  // without the system's reason; writing a file of our own tells that reason.
  return isOutOfSpace(folder) ? 'full' : 'broken';
}

/** Writes a file through to its disk; of a folder, what was made, renamed or removed in it. */
export function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function errnoOf(error: unknown): number {
  const isSqlite = error instanceof Error && error.name === 'SQLiteError' && 'errno' in error;
  return isSqlite && typeof error.errno === 'number' ? error.errno : 0;
}

function isOutOfSpace(folder: string): boolean {
  const path = join(folder, 'journal.probe');
  try {
    const file = openSync(path, 'w');
    try {
      const block = Buffer.alloc(64 * 1024);
      for (let written = 0; written < reserveBytes; written += block.length) writeSync(file, block);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    return false;
  } catch (reason) {
    return isSpaceCode(reason);
  } finally {
    rmSync(path, { force: true });
  }
}

/** Whether a call to the file system failed for want of space, inodes or quota. */
export function isSpaceCode(reason: unknown): boolean {
  if (!(reason instanceof Error) || !('code' in reason)) return false;
  return reason.code === 'ENOSPC' || reason.code === 'EDQUOT';
}
