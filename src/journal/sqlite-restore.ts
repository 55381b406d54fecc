/**
 * Brings a room back from a backup, or from a copy of a `journal.db`, into a folder without one.
 *
 * The entries are recorded once more, by the same code that recorded them the first time, under a
 * new epoch. So every hash is another, which is how old cursors are told from this history; and
 * everything that is derived from the entries (messages as they stand, reactions, who may see what)
 * is made anew from what the chain of hashes proves, instead of being believed.
 *
 * It all happens in a folder of its own, which no room looks into. The journal gets its place last,
 * in one step: a restore that was cut short leaves nothing that looks like a journal.
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Entry, EntryBody } from '../protocol/entries.ts';
import { isSpaceCode, sync } from './disk.ts';
import { lockFolder } from './folder-lock.ts';
import { newEpoch } from './hash.ts';
import { damagedFrame } from './log-damage.ts';
import { entryOf } from './present.ts';
import { JournalRefused } from './refused.ts';
import { Source } from './sqlite-source.ts';
import type { Row, Secret } from './sqlite-source.ts';
import { SqliteStore } from './sqlite-store.ts';

/** The state of the room, made from the entries. It is saved, so that the first start is short. */
export interface Fold {
  apply(entry: Entry): void;
  save(): string;
}

export interface RestoreOrder {
  readonly file: string;
  /** The data folder. It is made when it does not exist; a journal must not be in it. */
  readonly folder: string;
  /** Which files of a backup are put into the folder; others are none of ours. */
  readonly secretNames: readonly string[];
  readonly fold: Fold;
}

export interface Restored {
  readonly entries: number;
  /** Whether the file was a backup; a copy of a journal has no secrets in it. */
  readonly isBackup: boolean;
  /** Where the log beside a copy of a journal is damaged: what came after is lost. */
  readonly damagedFrame: number | null;
  /** Secrets that were in the folder already, and are others than those of the backup. */
  readonly kept: readonly string[];
}

/** Files of a journal. A log that was left behind would be read into the journal put beside it. */
const journalNames = ['journal.db', 'journal.db-wal', 'journal.db-shm'];

/** Restores a room. Throws `JournalRefused`, and then the folder has no journal, as before. */
export function restore({ file, folder, secretNames, fold }: RestoreOrder): Restored {
  const isThere = existsSync(folder);
  // Looked at early, because reading a long journal takes a while; and once more when it counts.
  if (isThere) withLock(folder, () => refuseOccupied(folder));
  using source = new Source(file, { mayBeInUse: false });
  const { seq } = source.verify();
  return withLock(folder, () => {
    refuseOccupied(folder);
    const part = join(folder, 'restore.part');
    try {
      rmSync(part, { recursive: true, force: true });
      mkdirSync(part, { mode: 0o700 });
      recordAgain(source, seq, part, fold);
      const secrets = source.secrets().filter(({ name }) => secretNames.includes(name));
      const kept = putSecrets(secrets, part, folder);
      putJournal(part, folder);
      if (!isThere) sync(dirname(resolve(folder)));
      return {
        entries: seq,
        isBackup: source.isBackup,
        damagedFrame: damagedFrame(`${file}-wal`),
        kept,
      };
    } catch (reason) {
      throw refusalOf(reason, folder);
    } finally {
      rmSync(part, { recursive: true, force: true });
    }
  });
}

function withLock<T>(folder: string, run: () => T): T {
  const lock = lockFolder(folder);
  try {
    return run();
  } finally {
    lock.release();
  }
}

function recordAgain(source: Source, count: number, part: string, fold: Fold): void {
  const store = new SqliteStore(part, newEpoch());
  try {
    for (const rows of source.batches(count)) {
      record(store, rows, part);
      for (const { seq, at, body } of rows) {
        fold.apply(entryOf(seq, at, JSON.parse(body) as EntryBody));
      }
      store.checkpoint();
    }
    if (!store.save({ at: store.head(), state: fold.save() })) throw withoutRoom(dirname(part));
    if (store.head().seq !== count) throw source.damaged('its entries repeat one another');
  } finally {
    store.close();
  }
}

function record(store: SqliteStore, rows: readonly Row[], part: string): void {
  const drafts = rows.map(({ key, at, body }) => ({ key, at, json: body }));
  const { isFull } = store.commit({ drafts, beatAt: null });
  if (isFull) throw withoutRoom(dirname(part));
}

/**
 * Puts the secrets into the folder. One that is there stays: it may have been made new because the
 * old one had become known. The answer is which of them differ.
 */
function putSecrets(secrets: readonly Secret[], part: string, folder: string): string[] {
  const kept: string[] = [];
  for (const { name, content } of secrets) {
    const place = join(folder, name);
    if (existsSync(place)) {
      if (Buffer.compare(readFileSync(place), content) !== 0) kept.push(name);
      continue;
    }
    const made = join(part, name);
    writeFileSync(made, content, { mode: 0o600, flush: true });
    renameSync(made, place);
  }
  return kept;
}

function putJournal(part: string, folder: string): void {
  const made = join(part, 'journal.db');
  if (existsSync(`${made}-wal`)) throw new Error('The log of the new journal was not emptied');
  chmodSync(made, 0o600);
  sync(made);
  // The secrets are in their places for good before there is a journal to be served with them.
  sync(folder);
  renameSync(made, join(folder, 'journal.db'));
  sync(folder);
}

function refuseOccupied(folder: string): void {
  const found = journalNames.find((name) => existsSync(join(folder, name)));
  if (found === undefined) return;
  throw new JournalRefused(
    'IN_THE_WAY',
    `There is a journal in "${folder}" already: move ${found} away, or choose another folder`,
  );
}

function withoutRoom(folder: string): JournalRefused {
  return new JournalRefused(
    'DISK_FULL',
    `The disk of "${folder}" has no room for the journal: make some, or choose another disk`,
  );
}

function refusalOf(reason: unknown, folder: string): unknown {
  if (isSpaceCode(reason)) return withoutRoom(folder);
  if (reason instanceof JournalRefused || !(reason instanceof Error)) return reason;
  if (!('code' in reason) || reason.name === 'SQLiteError') return reason;
  return new JournalRefused(
    'FOLDER_NOT_WRITABLE',
    `The folder "${folder}" cannot be written, "${reason.message}": check who owns it, and its disk`,
  );
}
