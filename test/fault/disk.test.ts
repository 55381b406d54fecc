/** The journal on a disk that is full, that fills up, and that fails. */
import { afterEach, expect, test } from 'bun:test';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Appended, Journal } from '../../src/journal/journal.ts';
import { JournalRefused } from '../../src/journal/refused.ts';
import type { EntryBody, Seq } from '../../src/protocol/entries.ts';
import { ada, bob, message, seqOf } from '../contract/journal-kit.ts';
import { freshFolder, sqliteInFolder } from '../contract/sqlite-kit.ts';
import { mountSmallDisk } from './small-disk.ts';
import type { SmallDisk, SmallDiskOptions } from './small-disk.ts';

const undo: (() => unknown)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

function small(options: SmallDiskOptions): SmallDisk | null {
  const disk = mountSmallDisk(options);
  if (disk !== null) undo.push(() => disk.unmount());
  return disk;
}

async function open(folder: string): Promise<Awaited<ReturnType<typeof sqliteInFolder>>> {
  const one = await sqliteInFolder({ folder });
  undo.push(() => one.journal.close());
  return one;
}

const long = (nr: number): EntryBody => message(`${nr} ${'x'.repeat(4_000)}`);

/** Appends until the disk is full; the answer is what was acknowledged. */
async function appendUntilFull(journal: Journal, label: string): Promise<Map<string, Seq>> {
  const acknowledged = new Map<string, Seq>();
  for (let round = 0; round < 1_000; round++) {
    const keys = Array.from({ length: 20 }, (_, nr) => `${label} ${round} ${nr}`);
    const answers = await Promise.all(
      keys.map((key, nr) =>
        // Some amend what is there, so that the projection is at work as well.
        journal.append({ key, body: nr % 4 === 3 ? amendment(round + nr) : long(nr) }),
      ),
    );
    for (const [index, answer] of answers.entries()) {
      if (answer.ok) acknowledged.set(keys[index]!, answer.entry.seq);
      else expect(answer.code).toBe('DISK_FULL');
    }
    if (answers.some(({ ok }) => !ok)) return acknowledged;
  }
  throw new Error('The disk did not fill up');
}

function amendment(nr: number): EntryBody {
  const of = 1 as Seq;
  return nr % 2 === 0
    ? { type: 'reaction', of, emoji: '👍', by: nr % 4 === 0 ? ada : bob, on: nr % 8 < 4 }
    : { type: 'edit', of, text: `edit ${nr}`, by: ada };
}

/** What must hold at any time: dense seqs, the acknowledged ones among them, a true projection. */
async function verify(journal: Journal, acknowledged: Map<string, Seq>): Promise<void> {
  const entries = await journal.read({ after: 0 as Seq, limit: 10_000 });
  const seqs = entries.map(({ entry }) => entry.seq as number);
  expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  expect(journal.head().seq as number).toBe(seqs.length);
  expect(seqs.length).toBe(acknowledged.size);
  const amendments = entries.filter(({ entry }) => 'of' in entry);
  expect((await journal.message(1 as Seq))?.rev).toBe(amendments.at(-1)?.entry.seq as Seq);
  for (const by of [ada, bob]) {
    const last = amendments.findLast(({ entry }) => entry.type === 'reaction' && entry.by === by);
    const stands = last?.entry.type === 'reaction' && last.entry.on;
    if (last !== undefined) expect(await journal.hasReacted(1 as Seq, '👍', by.id)).toBe(stands);
  }
  const [key, seq] = [...acknowledged][acknowledged.size >> 1]!;
  const again = await journal.append({ key, body: long(0) });
  expect(again).toMatchObject({ ok: true, repeated: true, entry: { seq } });
}

test.each([1024, 4096] as const)(
  'a disk that fills up refuses appends, serves reads, and comes back (blocks of %i bytes)',
  async (blockBytes) => {
    const disk = small({ megabytes: 16, blockBytes });
    if (disk === null) return;
    disk.fill(8 * 1024 * 1024);
    const folder = join(disk.path, 'data');
    const { journal } = await open(folder);
    const acknowledged = await appendUntilFull(journal, 'first');
    expect(acknowledged.size).toBeGreaterThan(100);
    await verify(journal, acknowledged);

    // Somebody else takes what was left.
    disk.fill(0);
    expect(await journal.append({ key: 'no', body: long(1) })).toMatchObject({ code: 'DISK_FULL' });
    expect(await journal.beat()).toBe(false);
    await journal.saveState({ at: journal.head(), state: 'not kept' });
    expect(await journal.loadState()).toBeNull();
    await verify(journal, acknowledged);
    const page = { before: 1_000_000 as Seq, limit: 100, viewer: null };
    expect(await journal.page(page)).toMatchObject({ ok: true, more: true });

    disk.empty();
    expect(await journal.beat()).toBe(true);
    for (const [key, seq] of await appendUntilFull(journal, 'second')) acknowledged.set(key, seq);
    await verify(journal, acknowledged);
    await journal.close();
    disk.empty();
    const again = await open(folder);
    await verify(again.journal, acknowledged);
  },
  60_000,
);

test('a disk that turns out to be full in the middle of a commit records none of it', async () => {
  const disk = small({ megabytes: 12, blockBytes: 4096 });
  if (disk === null) return;
  // The folder has room; the file in it lies elsewhere. So SQLite itself meets the full disk.
  disk.fill(6 * 1024 * 1024);
  const folder = freshFolder();
  undo.push(() => rmSync(folder, { recursive: true }));
  symlinkSync(join(disk.path, 'journal.db'), join(folder, 'journal.db'));
  const { journal } = await open(folder);
  const acknowledged = await appendUntilFull(journal, 'first');
  await verify(journal, acknowledged);
  const refused = await Promise.all(
    Array.from({ length: 200 }, (_, nr) => journal.append({ key: `no ${nr}`, body: long(nr) })),
  );
  expect(new Set(refused.map(codeOf))).toEqual(new Set(['DISK_FULL']));
  expect(await journal.beat()).toBe(false);
  await verify(journal, acknowledged);

  disk.empty();
  const back = await journal.append({ key: 'yes', body: message('back') });
  acknowledged.set('yes', seqOf(back));
  await verify(journal, acknowledged);
}, 60_000);

function codeOf(answer: Appended): string {
  return answer.ok ? 'recorded' : answer.code;
}

test('a full disk, or one without inodes, is named when the journal is opened', async () => {
  const disk = small({ megabytes: 8, blockBytes: 4096, inodes: 32 });
  if (disk === null) return;
  const folder = join(disk.path, 'data');
  const first = await open(folder);
  await first.journal.append({ key: 'a', body: message('a') });
  await first.journal.close();

  disk.fill(0);
  expect(await refusalOf(folder)).toBe('DISK_FULL');
  disk.empty();

  const files = join(disk.path, 'files');
  mkdirSync(files);
  for (let nr = 0; nr < 100; nr++) {
    try {
      writeFileSync(join(files, `${nr}`), '');
    } catch {
      break;
    }
  }
  expect(disk.freeBytes()).toBeGreaterThan(2_000_000);
  expect(await refusalOf(folder)).toBe('DISK_FULL');
  rmSync(files, { recursive: true });
  const again = await open(folder);
  expect(again.journal.head().seq as number).toBe(1);
});

test('a worker that has to start again on a full disk waits for room, and then goes on', async () => {
  // With blocks this small a full disk can kill a process: see the reserve in `disk.ts`.
  const disk = small({ megabytes: 16, blockBytes: 1024 });
  if (disk === null) return;
  disk.fill(8 * 1024 * 1024);
  const crashed = Promise.withResolvers<Error>();
  const folder = join(disk.path, 'data');
  const { journal, worker, openWorker } = await sqliteInFolder({
    folder,
    crashed: (reason) => crashed.resolve(reason),
  });
  undo.push(() => journal.close());
  const acknowledged = await appendUntilFull(journal, 'first');
  disk.fill(0);
  worker.kill();
  await crashed.promise;
  const appended = journal.append({ key: 'waits', body: message('waits') });
  for (let attempt = 0; attempt < 3; attempt++) {
    const reason: unknown = await openWorker().catch((thrown: unknown) => thrown);
    expect(reason).toMatchObject({ name: 'JournalRefused', code: 'DISK_FULL' });
  }
  disk.empty();
  await openWorker();
  acknowledged.set('waits', seqOf(await appended));
  await verify(journal, acknowledged);
}, 60_000);

async function refusalOf(folder: string): Promise<string> {
  const reason: unknown = await sqliteInFolder({ folder }).catch((thrown: unknown) => thrown);
  return reason instanceof JournalRefused ? reason.code : String(reason);
}

test('a disk that fails is not taken for a full one: the journal stops', async () => {
  // It says that it has sixteen megabytes; beyond the sixth it answers with an error.
  const disk = small({ megabytes: 16, blockBytes: 4096, backedMegabytes: 6 });
  if (disk === null) return;
  const failures: Error[] = [];
  const { journal } = await sqliteInFolder({
    folder: join(disk.path, 'data'),
    failed: (reason) => failures.push(reason),
  });
  undo.push(() => journal.close());
  const rejected = await (async () => {
    for (let nr = 0; nr < 4_000; nr++) await journal.append({ key: `${nr}`, body: long(nr) });
  })().catch((reason: unknown) => reason);
  expect(failures).toEqual([rejected as Error]);
  expect(failures[0]?.message).toContain('disk I/O error');
}, 60_000);
