/**
 * Bytes in the files of the journal that nobody wrote: a torn write after the power went, and a
 * disk that gives back something else than it was given.
 */
import { Database } from 'bun:sqlite';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { ServingProcess } from '../../kit/serving-process.ts';
import { lastTransaction } from '../../sim/wal.ts';
import type { Stage } from '../stage.ts';
import { readHead } from '../tail.ts';
import { sync } from './command.ts';
import { nothing, type Fault } from './fault.ts';

const files = ['journal.db', 'journal.db-wal'];
const walHeaderBytes = 32;
const tornBytesMax = 10_000;
/** Whoever refuses to serve a damaged journal ends with this code. */
const badDataCode = 65;

export const tornLog: Fault = {
  name: 'torn-log',
  endsProcess: true,
  weight: 2,
  needs: nothing,
  async inject(stage) {
    const pid = stage.mustPid();
    const done = await stage.whileDead(() => {
      const wal = join(stage.data, 'journal.db-wal');
      const before = existsSync(wal) ? readFileSync(wal) : Buffer.alloc(0);
      // The beginning of what a commit would have written next: a copy of an earlier frame's bytes,
      // or anything.
      const length = 1 + Math.floor(stage.random() * tornBytesMax);
      const isCopy = stage.random() < 0.5 && before.length > walHeaderBytes;
      const torn = isCopy
        ? before.subarray(walHeaderBytes, walHeaderBytes + length)
        : Buffer.from(Array.from({ length }, () => Math.floor(stage.random() * 256)));
      appendFileSync(wal, torn);
      return `${torn.length} bytes of ${isCopy ? 'an old frame' : 'nothing'} after ${before.length}`;
    });
    await stage.serves(pid);
    return done;
  },
};

export const flippedLog: Fault = {
  name: 'flipped-log',
  endsProcess: true,
  weight: 1,
  needs: nothing,
  async inject(stage) {
    const pid = stage.mustPid();
    const done = await stage.whileDead(async () => {
      if (!stage.tail.readAnyway()) throw new Error('The journal cannot be read');
      const before = stage.tail.end?.seq ?? 0;
      const kept = keep(stage);
      const wal = join(stage.data, 'journal.db-wal');
      const log = existsSync(wal) ? readFileSync(wal) : Buffer.alloc(0);
      if (log.length <= walHeaderBytes) throw new Error('There is no log to damage');
      const isHeader = stage.random() < 0.5;
      const at = Math.floor(stage.random() * (isHeader ? walHeaderBytes : log.length));
      flip(wal, at);
      const left = leftIn(stage);
      const refusal = await refusalOf(stage);
      const what = `byte ${at} of ${log.length} in the log was flipped`;
      const how = `${what}, and ${left} of ${before} entries are left`;
      if (refusal !== null) {
        putBack(stage, kept);
        return `${what}, and the server refused: ${refusal}`;
      }
      if (left === before) return how;
      const last = lastTransaction(log, null);
      if (left !== null && last !== null && last.from <= at && at < last.to) {
        // Nobody can tell it from a commit that the power cut short, which nobody was told of.
        stage.tail.cut(left);
      } else {
        stage.troubles.push(`A damaged journal was served: ${how}`);
        putBack(stage, kept);
      }
      return how;
    });
    await stage.serves(pid);
    return done;
  },
};

export const flippedEntry: Fault = {
  name: 'flipped-entry',
  endsProcess: true,
  weight: 1,
  needs: nothing,
  async inject(stage) {
    const pid = stage.mustPid();
    const done = await stage.whileDead(async () => {
      const kept = keep(stage);
      const path = join(stage.data, 'journal.db');
      checkpoint(path);
      const { seq, body } = readHead(stage.data);
      const at = readFileSync(path).lastIndexOf(body);
      if (seq === 0 || at === -1) throw new Error('There is no entry to damage');
      flip(path, at + Math.floor(body.length / 2));
      const refusal = await refusalOf(stage);
      putBack(stage, kept);
      if (refusal === null) stage.troubles.push(`A damaged journal was served: entry ${seq}`);
      return `entry ${seq} was damaged, and the server refused: ${refusal}`;
    });
    await stage.serves(pid);
    return done;
  },
};

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 0x01;
  writeFileSync(path, bytes);
}

/** Keeps the files as they are. Answers with where. */
function keep(stage: Stage): string {
  const folder = join(stage.base, 'kept');
  copyAll(stage.data, folder);
  return folder;
}

function putBack(stage: Stage, from: string): void {
  for (const name of [...files, 'journal.db-shm']) rmSync(join(stage.data, name), { force: true });
  copyAll(from, stage.data);
  sync(stage.data);
}

function copyAll(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of files) {
    rmSync(join(to, name), { force: true });
    if (existsSync(join(from, name))) copyFileSync(join(from, name), join(to, name));
  }
}

/** How many entries are left, by a copy of the files; null when SQLite finds them damaged. */
function leftIn(stage: Stage): number | null {
  const folder = join(stage.base, 'examined');
  copyAll(stage.data, folder);
  try {
    using db = new Database(join(folder, 'journal.db'));
    const [found] = db.query<{ integrity_check: string }, []>('PRAGMA integrity_check').all();
    if (found?.integrity_check !== 'ok') return null;
    const count = 'SELECT count(*) AS count, max(seq) AS head FROM entries';
    const { count: entries, head } = db.query<{ count: number; head: number }, []>(count).get() ?? {
      count: 0,
      head: 0,
    };
    return entries === head ? head : null;
  } catch (reason) {
    if (reason instanceof Error && reason.name === 'SQLiteError') return null;
    throw reason;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function checkpoint(path: string): void {
  using db = new Database(path);
  db.query('PRAGMA wal_checkpoint(TRUNCATE)').all();
}

/** Starts a server on the damaged files. Its last word when it refuses, null when it serves. */
async function refusalOf(stage: Stage): Promise<string | null> {
  const server = ServingProcess.encke('run', { data: stage.data });
  const url = await server.open().catch(() => null);
  if (url !== null) {
    await server.destroy();
    return null;
  }
  const { code } = await server.silent;
  const line = server.log().at(-1)?.message ?? '';
  if (code !== badDataCode) stage.troubles.push(`A damaged journal ended in ${code}: ${line}`);
  return `${code}, ${line}`;
}
