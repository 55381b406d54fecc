/**
 * The disk: a real folder, with the real clerk of the journal working on it, and what a disk may do
 * to it. What was synced stays. What was being written when the power went may be there in part; a
 * killed process leaves what it had written; a full disk takes nothing; a bad one takes its time.
 */
import { Database } from 'bun:sqlite';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RoomState } from '../../src/chat/room-state.ts';
import { keeperCodeFile, keyFile } from '../../src/chat/secrets.ts';
import { backUp } from '../../src/journal/sqlite-backup.ts';
import { restore } from '../../src/journal/sqlite-restore.ts';
import type { StartThread } from '../../src/journal/sqlite-thread.ts';
import type { Entry, EntryBody, Epoch } from '../../src/protocol/entries.ts';
import type { Chance } from './chance.ts';
import { DiskThread } from './disk-thread.ts';
import type { Life } from './sim-clock.ts';
import { lastTransaction, torn, type Tear } from './wal.ts';

/** What happens to the next commit, at the worst moment for it. */
export type Trap =
  | 'worker dies before the commit'
  | 'worker dies after the commit'
  | 'process dies after the commit'
  | 'power fails after the commit'
  | 'commit hangs';

/** The files of a journal at one moment. */
export interface Copy {
  readonly db: Buffer;
  readonly log: Buffer | null;
}

const tears: Readonly<Record<Tear, number>> = {
  whole: 2,
  lost: 2,
  cut: 3,
  zeroed: 2,
  garbled: 2,
  shuffled: 2,
};

const secretNames = [keyFile, keeperCodeFile];

export class Disk {
  readonly folder: string;
  readonly chance: Chance;
  isFull = false;
  /** How long the sync of a commit takes. */
  syncMs: readonly [number, number] = [0.3, 4];
  trap: Trap | null = null;
  /** Called when the trap shuts. */
  trapped: (trap: Trap) => void = () => undefined;
  /** Called when a commit was answered: what is on the disk is synced. */
  synced: () => void = () => undefined;
  #thread: DiskThread | null = null;
  #reader: Database | null = null;
  #backups = 0;

  constructor(folder: string, chance: Chance) {
    this.folder = folder;
    this.chance = chance;
    mkdirSync(folder, { recursive: true });
  }

  /** Starts the thread of a process. */
  startThread(life: Life): StartThread {
    return (listener) => {
      this.#thread = new DiskThread({ disk: this, life, listener });
      return this.#thread;
    };
  }

  /** Whether there is no journal yet. */
  get isEmpty(): boolean {
    return !existsSync(this.#path(''));
  }

  /** Whether nothing is on its way to the disk, so that what can be read there will stay. */
  get isSynced(): boolean {
    return this.#thread === null || !this.#thread.isUnsynced;
  }

  /** The entries after a seq, from the file itself; null while nobody has it open. */
  entriesAfter(seq: number): Entry[] | null {
    return this.#open()?.query<Row, [number]>(afterSeq).all(seq).map(entryIn) ?? null;
  }

  entryOf(key: string): Entry | null {
    const row = this.#open()
      ?.query<Row, [string]>('SELECT seq, at, body FROM entries WHERE key = ?')
      .get(key);
    return row === null || row === undefined ? null : entryIn(row);
  }

  epoch(): Epoch | null {
    const row = this.#open()
      ?.query<{ value: Epoch }, []>("SELECT value FROM about WHERE name = 'epoch'")
      .get();
    return row?.value ?? null;
  }

  /** Our own look into the file ends before its owner's does, who then tidies it up. */
  closeReader(): void {
    this.#reader?.close();
    this.#reader = null;
  }

  /**
   * The process is gone, and with it its thread; with the power, what was not synced as well. The
   * answer says what became of a transaction that was being written.
   */
  left(isPowerCut: boolean): Tear | null {
    const thread = this.#thread;
    if (thread === null || !thread.isOpen) {
      thread?.abandon();
      this.#thread = null;
      return null;
    }
    const db = readFileSync(this.#path(''));
    const log = bytesOf(this.#path('-wal'));
    const span =
      isPowerCut && thread.isUnsynced && log !== null
        ? lastTransaction(log, bytesOf(this.#path('-shm')))
        : null;
    // Closing it tidies up what no dead process tidies up, so what was there is put back.
    thread.abandon();
    this.#thread = null;
    const tear = span === null ? null : this.chance.weighed(tears);
    const kept =
      log === null || span === null || tear === null ? log : torn(log, span, tear, this.chance);
    this.putBack({ db, log: kept });
    return tear;
  }

  /** A copy of the journal's file, and what it holds after a seq. Only while nobody has it open. */
  copy(after: number): Copy & { readonly entries: readonly Entry[]; readonly head: number } {
    const db = new Database(this.#path(''));
    const entries = db.query<Row, [number]>(afterSeq).all(after).map(entryIn);
    const head = db.query<{ seq: number | null }, []>('SELECT max(seq) AS seq FROM entries').get();
    // What a killed process has left in the log is in the file after this.
    db.close();
    return { db: readFileSync(this.#path('')), log: null, entries, head: head?.seq ?? 0 };
  }

  putBack({ db, log }: Copy): void {
    writeFileSync(this.#path(''), db);
    rmSync(this.#path('-shm'), { force: true });
    if (log === null) rmSync(this.#path('-wal'), { force: true });
    else writeFileSync(this.#path('-wal'), log);
  }

  /** Takes a backup, of a room that may be open. Answers with its file. */
  backUp(): string {
    const file = `${this.folder}-backup-${++this.#backups}`;
    backUp({ folder: this.folder, file, secretNames });
    return file;
  }

  /** Puts a backup in the place of what is there. Only while nobody has it open. */
  restore(file: string): { readonly seq: number; readonly epoch: Epoch } {
    for (const suffix of ['', '-wal', '-shm']) rmSync(this.#path(suffix), { force: true });
    const { entries } = restore({ file, folder: this.folder, secretNames, fold: new RoomState() });
    const db = new Database(this.#path(''));
    const about = db.query<{ value: Epoch }, []>("SELECT value FROM about WHERE name = 'epoch'");
    const epoch = about.get()?.value;
    db.close();
    if (epoch === undefined) throw new Error('What was restored has no epoch');
    return { seq: entries, epoch };
  }

  dispose(): void {
    this.#thread?.abandon();
    this.closeReader();
  }

  #open(): Database | null {
    if (this.#thread?.isOpen !== true) return null;
    this.#reader ??= new Database(this.#path(''), { readonly: true });
    return this.#reader;
  }

  #path(suffix: string): string {
    return join(this.folder, `journal.db${suffix}`);
  }
}

interface Row {
  readonly seq: number;
  readonly at: number;
  readonly body: string;
}

const afterSeq = 'SELECT seq, at, body FROM entries WHERE seq > ? ORDER BY seq';

function entryIn({ seq, at, body }: Row): Entry {
  return { ...(JSON.parse(body) as EntryBody), seq, at } as Entry;
}

function bytesOf(path: string): Buffer | null {
  return existsSync(path) ? readFileSync(path) : null;
}
