import { afterEach, expect, test } from 'bun:test';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { damagedFrame } from './log-damage.ts';
import { newEpoch } from './hash.ts';
import { JournalRefused } from './refused.ts';
import { SqliteStore } from './sqlite-store.ts';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'encke-log-'));
  folders.push(folder);
  return folder;
}

const walOf = (folder: string): string => join(folder, 'journal.db-wal');

/** A copy of a journal as the next process would find it after a crash. */
function crashed(folder: string): string {
  const copy = freshFolder();
  for (const name of ['journal.db', 'journal.db-wal']) {
    copyFileSync(join(folder, name), join(copy, name));
  }
  return copy;
}

function commit(store: SqliteStore, nr: number, messages = 1): void {
  const by = { id: 'ada', nick: 'ada', role: 'member' };
  const drafts = Array.from({ length: messages }, (_, index) => ({
    key: `${nr} ${index}`,
    at: nr,
    json: JSON.stringify({ type: 'message', id: `${nr} ${index}`, by, text: 'x'.repeat(3_000) }),
  }));
  store.commit({ drafts, beatAt: null });
}

/** A crashed journal after so many commits, and how long its log was after each of them. */
function journal(commits: number): { folder: string; lengths: number[] } {
  const live = freshFolder();
  const store = new SqliteStore(live, newEpoch());
  const lengths: number[] = [];
  for (let nr = 1; nr <= commits; nr++) {
    commit(store, nr, 1 + (nr % 3));
    lengths.push(readFileSync(walOf(live)).length);
  }
  const folder = crashed(live);
  store.close();
  return { folder, lengths };
}

function alter(folder: string, change: (log: Buffer) => Buffer): void {
  writeFileSync(walOf(folder), change(readFileSync(walOf(folder))));
}

function flip(folder: string, at: number): void {
  alter(folder, (log) => {
    log[at] = (log[at] ?? 0) ^ 0x10;
    return log;
  });
}

function headOf(folder: string): number {
  const store = new SqliteStore(folder, newEpoch());
  const { seq } = store.head();
  store.close();
  return seq;
}

test('a whole log is not damaged, nor one that is not there', () => {
  const { folder } = journal(5);
  expect(damagedFrame(walOf(folder))).toBeNull();
  expect(damagedFrame(walOf(freshFolder()))).toBeNull();
  alter(folder, () => Buffer.alloc(0));
  expect(damagedFrame(walOf(folder))).toBeNull();
});

test('a log that ends anywhere in its last transaction is torn, and what was told is there', () => {
  const { folder, lengths } = journal(4);
  const [before, whole] = lengths.slice(-2) as [number, number];
  const seqBefore = 2 + 3 + 1;
  for (let length = before; length < whole; length += 777) {
    const copy = crashed(folder);
    alter(copy, (log) => log.subarray(0, length));
    expect(damagedFrame(walOf(copy))).toBeNull();
    expect(headOf(copy)).toBe(seqBefore);
  }
});

test('a bad byte in the last transaction is a torn write', () => {
  const { folder, lengths } = journal(4);
  const [before, whole] = lengths.slice(-2) as [number, number];
  for (let at = before; at < whole; at += 1_234) {
    const copy = crashed(folder);
    flip(copy, at);
    expect(damagedFrame(walOf(copy))).toBeNull();
  }
});

test('a torn header that seems to end a transaction within the last one is no damage', () => {
  const { folder, lengths } = journal(4);
  const [before, whole] = lengths.slice(-2) as [number, number];
  const frameBytes = 24 + 4_096;
  for (let frame = before; frame < whole - frameBytes; frame += frameBytes) {
    for (const pages of [1, 0x10000000, 0x7fffffff, 0xffffffff]) {
      const copy = crashed(folder);
      alter(copy, (log) => {
        log.writeUInt32BE(pages, frame + 4);
        return log;
      });
      expect(damagedFrame(walOf(copy))).toBeNull();
    }
  }
});

test('a bad byte before the last transaction is damage, wherever it is, and is refused', () => {
  const { folder, lengths } = journal(6);
  const end = lengths.at(-2) as number;
  const frameBytes = 24 + 4_096;
  for (let at = 32; at < end; at += 997) {
    const copy = crashed(folder);
    flip(copy, at);
    const frame = damagedFrame(walOf(copy));
    // A frame whose own checksum is hit still stands where it was; the next one does not follow.
    const hit = Math.floor((at - 32) / frameBytes) + 1;
    expect(frame).toBe(hit);
    const why = refusalOf(() => headOf(copy));
    expect(why.code).toBe('JOURNAL_DAMAGED');
    expect(why.message).toContain(`frame ${hit} of its log`);
  }
});

test('a bad byte in the header of the log is damage', () => {
  const { folder } = journal(3);
  for (let at = 0; at < 32; at++) {
    const copy = crashed(folder);
    flip(copy, at);
    expect(damagedFrame(walOf(copy))).toBe(1);
    expect(refusalOf(() => headOf(copy)).code).toBe('JOURNAL_DAMAGED');
  }
});

test('a bad checksum of the transaction before the last is damage', () => {
  const { folder, lengths } = journal(6);
  const end = lengths.at(-2) as number;
  const frameBytes = 24 + 4_096;
  for (let at = end - frameBytes + 16; at < end - frameBytes + 24; at++) {
    const copy = crashed(folder);
    flip(copy, at);
    expect(damagedFrame(walOf(copy))).not.toBeNull();
  }
});

/** A frame of a heartbeat, which is a transaction of its own. */
function beat(store: SqliteStore, at: number): void {
  store.commit({ drafts: [], beatAt: at });
  store.checkpoint();
}

// The header of a frame lies across two sectors in the 42nd frame, or in the 170th.
test.each([
  { sectorBytes: 512, beats: 37 },
  { sectorBytes: 4_096, beats: 165 },
])(
  'a sector of $sectorBytes bytes that kept what stood there before is no damage',
  ({ sectorBytes, beats }) => {
    const live = freshFolder();
    const store = new SqliteStore(live, newEpoch());
    commit(store, 1, 3);
    // A quiet room, until the log is written from its beginning over the heartbeats of before.
    for (let nr = 1; nr <= 1_005 + beats; nr++) beat(store, nr);
    const before = readFileSync(walOf(live));
    commit(store, 2, 4);
    const after = readFileSync(walOf(live));
    const copy = crashed(live);
    store.close();
    let torn = 0;
    for (let at = 0; at < after.length; at += sectorBytes) {
      const kept = before.subarray(at, at + sectorBytes);
      if (kept.equals(after.subarray(at, at + sectorBytes))) continue;
      const mixed = Buffer.from(after);
      kept.copy(mixed, at);
      alter(copy, () => mixed);
      expect({ at, frame: damagedFrame(walOf(copy)) }).toEqual({ at, frame: null });
      torn++;
    }
    expect(torn).toBeGreaterThan(8);
  },
  30_000,
);

test('what torn transactions left behind, again and again, is not taken for damage', () => {
  let { folder } = journal(3);
  for (let round = 0; round < 12; round++) {
    const store = new SqliteStore(folder, newEpoch());
    const head = store.head().seq;
    commit(store, 100 + round, 1);
    const length = readFileSync(walOf(folder)).length;
    // The last transaction of each life is torn, and each is shorter than the one before: frames
    // of the older ones stand behind those of the newer.
    commit(store, 200 + round, 14 - round);
    const next = crashed(folder);
    store.close();
    alter(next, (log) => {
      log.fill(0xee, length + 24, length + 24 + 4_096);
      return log;
    });
    expect(damagedFrame(walOf(next))).toBeNull();
    expect(headOf(crashed(next))).toBe(head + 1);
    folder = next;
  }
});

test('a log that was begun anew is whole, whatever stands behind it', () => {
  const live = freshFolder();
  const store = new SqliteStore(live, newEpoch());
  // Long enough for a checkpoint, after which the log is written from its beginning.
  for (let nr = 1; nr <= 300; nr++) {
    commit(store, nr, 6);
    store.checkpoint();
  }
  const copy = crashed(live);
  store.close();
  expect(damagedFrame(walOf(copy))).toBeNull();
  expect(headOf(copy)).toBe(1_800);
});

function refusalOf(run: () => unknown): JournalRefused {
  try {
    run();
  } catch (reason) {
    if (reason instanceof JournalRefused) return reason;
    throw reason;
  }
  throw new Error('It was not refused');
}
