import { Database } from 'bun:sqlite';
import { afterEach, expect, test } from 'bun:test';
import {
  closeSync,
  copyFileSync,
  fstatSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { message, seqOf, texts } from '../../test/contract/journal-kit.ts';
import { freshFolder, sqliteInFolder } from '../../test/contract/sqlite-kit.ts';
import type { SqliteInFolder, SqliteSetup } from '../../test/contract/sqlite-kit.ts';
import { quietLog } from '../../test/kit/quiet-log.ts';
import type { Seq } from '../protocol/entries.ts';
import { limits } from '../protocol/limits.ts';
import { systemClock } from '../supervisor/clock.ts';
import type { Clock } from '../supervisor/clock.ts';
import { JournalRefused, JournalUnavailable } from './refused.ts';
import { openSqliteJournal } from './sqlite.ts';

const opened: SqliteInFolder[] = [];

afterEach(async () => {
  for (const one of opened.splice(0)) await one.dispose();
});

async function start(setup?: SqliteSetup): Promise<SqliteInFolder> {
  const one = await sqliteInFolder(setup);
  opened.push(one);
  return one;
}

async function refusalOf(opening: Promise<unknown>): Promise<string> {
  const reason: unknown = await opening.catch((thrown: unknown) => thrown);
  if (reason instanceof JournalRefused) return reason.code;
  throw new Error(`It was not refused: ${String(reason)}`);
}

function systemTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test('appends that arrive while a commit is under way share the next one', async () => {
  let commits = 0;
  // The clock is read once for each commit.
  const clock = { ...systemClock, now: () => ++commits };
  const { journal } = await start({ clock, bounds: { batchMax: 100 } });
  const drafts = Array.from({ length: 250 }, (_, nr) => ({ key: `${nr}`, body: message('hi') }));
  await Promise.all(drafts.map((draft) => journal.append(draft)));
  // One alone, then 100, 100 and 49 together.
  expect(commits).toBe(4);
});

test('who comes alone is recorded at once; those behind a crowd are gathered', async () => {
  let commits = 0;
  const gatherings: (() => void)[] = [];
  const clock: Clock = {
    ...systemClock,
    now: () => ++commits,
    after: (delayMs, run) => {
      if (delayMs !== limits.gatherMs) return systemClock.after(delayMs, run);
      gatherings.push(run);
      return () => {};
    },
  };
  const { journal } = await start({ clock, bounds: { batchMax: 100 } });
  let nr = 0;
  const append = (count: number): Promise<unknown>[] =>
    texts(count).map((body) => journal.append({ key: `${nr++}`, body }));
  await Promise.all(append(1));
  await Promise.all(append(1));
  expect({ commits, gathering: gatherings.length }).toEqual({ commits: 2, gathering: 0 });
  // The first of them goes alone, and the two that come meanwhile together.
  await Promise.all(append(3));
  expect({ commits, gathering: gatherings.length }).toEqual({ commits: 4, gathering: 1 });
  const later = [append(1), append(1), append(1)].flat();
  // A state is kept without delay, and does not bring the drafts along.
  await journal.saveState({ at: journal.head(), state: 'state' });
  expect(commits).toBe(4);
  gatherings.pop()?.();
  await Promise.all(later);
  expect({ commits, gathering: gatherings.length }).toEqual({ commits: 5, gathering: 1 });
  // As many as fit a commit need not wait for more.
  await Promise.all(append(100));
  expect(commits).toBe(6);
});

test('reads beyond the bound are refused, but somebody who follows is not', async () => {
  const { journal } = await start({ bounds: { readQueueMax: 10 }, newestMax: 0 });
  await Promise.all(texts(20).map((body, nr) => journal.append({ key: `${nr}`, body })));
  const ask = { before: 100 as Seq, limit: 5, viewer: null };
  const pages = Array.from({ length: 40 }, () => journal.page(ask));
  const read: unknown = await journal.message(1 as Seq).catch((reason: unknown) => reason);
  expect(read).toBeInstanceOf(JournalUnavailable);
  expect(read).toMatchObject({ refusal: { ok: false, code: 'BUSY' } });
  const heard: number[] = [];
  await journal.follow(0 as Seq, ({ entry }) => heard.push(entry.seq), rethrow);
  expect(heard).toHaveLength(20);
  const answers = await Promise.all(pages);
  // Those that waited, and those that were with the worker.
  expect(answers.filter(({ ok }) => ok)).toHaveLength(14);
  expect(answers.filter((one) => !one.ok && one.code === 'BUSY')).toHaveLength(26);
  expect(await journal.message(1 as Seq)).not.toBeNull();
});

test('what is new is read from memory, and does not wait for the worker', async () => {
  const { journal, worker } = await start({ crashed: () => {}, newestMax: 200 });
  const seqs = await Promise.all(
    texts(250).map((body, nr) => journal.append({ key: `${nr}`, body }).then(seqOf)),
  );
  const newest = { before: Number.MAX_SAFE_INTEGER as Seq, limit: 50, viewer: null };
  worker.kill();
  const page = await journal.page(newest);
  expect(page.ok && page.entries.map(({ seq }) => seq)).toEqual(seqs.slice(-50));
  const gap = await journal.page({ after: 50 as Seq, limit: 200, viewer: null });
  expect(gap).toMatchObject({ ok: true, more: false });
  expect(gap.ok && gap.entries.map(({ seq }) => seq)).toEqual(seqs.slice(50));
  expect(await journal.message(51 as Seq)).toMatchObject({ text: 'text 50' });
  let answered = 0;
  const older = [
    journal.page({ after: 49 as Seq, limit: 1, viewer: null }),
    journal.page({ before: 60 as Seq, limit: 50, viewer: null }),
    journal.message(50 as Seq),
  ];
  for (const one of older)
    one.then(
      () => answered++,
      () => {},
    );
  await systemTurn();
  expect(answered).toBe(0);
});

test('a heartbeat and an append do not stand behind a queue of reads', async () => {
  const { journal } = await start({ newestMax: 0 });
  await Promise.all(texts(300).map((body, nr) => journal.append({ key: `${nr}`, body })));
  let answered = 0;
  const ask = { after: 0 as Seq, limit: 200, viewer: null };
  const pages = Array.from({ length: 400 }, () => journal.page(ask).then(() => answered++));
  await Promise.all([journal.beat(), journal.append({ key: 'new', body: message('new') })]);
  expect(answered).toBeLessThan(100);
  await Promise.all(pages);
});

test('a newer state takes the place of one that waits', async () => {
  const { journal, folder } = await start();
  for (const [nr, body] of texts(4).entries()) await journal.append({ key: `${nr}`, body });
  const positions = await Promise.all(
    [1, 2, 3, 4].map(async (seq) => ({
      seq: seq as Seq,
      hash: (await journal.hashAt(seq as Seq)) ?? journal.head().hash,
    })),
  );
  await Promise.all(positions.map((at) => journal.saveState({ at, state: `at ${at.seq}` })));
  expect((await journal.loadState())?.state).toBe('at 4');
  const db = new Database(join(folder, 'journal.db'), { readonly: true });
  // The first was on its way already, the second and third were overtaken.
  expect(db.query('SELECT seq FROM states ORDER BY seq').values()).toEqual([[1], [4]]);
  db.close();
});

test('what cannot be opened is refused with a code, and the folder is free again', async () => {
  const folder = freshFolder();
  writeFileSync(join(folder, 'journal.db'), 'a shopping list');
  const setup = { folder, clock: systemClock, log: quietLog, failed: rethrow };
  const journal = await openSqliteJournal(setup);
  expect(await refusalOf(openSqliteJournal(setup))).toBe('FOLDER_HELD');
  expect(await refusalOf(journal.openWorker({ crashed: rethrow }))).toBe('NOT_A_JOURNAL');
  await journal.close();
  const again = await openSqliteJournal(setup);
  writeFileSync(join(folder, 'journal.db'), '');
  await again.openWorker({ crashed: rethrow });
  await again.close();
  rmSync(folder, { recursive: true });
});

test('another program that writes for a moment delays an append, and that is all', async () => {
  const { journal, folder } = await start();
  const other = new Database(join(folder, 'journal.db'));
  other.run('BEGIN IMMEDIATE');
  let isDone = false;
  const appended = journal.append({ key: 'a', body: message('a') }).then(seqOf);
  void appended.then(() => (isDone = true));
  await otherThreads();
  expect(isDone).toBe(false);
  other.run('ROLLBACK');
  other.close();
  expect((await appended) as number).toBe(1);
});

test('a disk that gives back something else than was written stops everything', async () => {
  const failures: Error[] = [];
  const { folder, journal, worker, openWorker } = await start({
    failed: (reason) => failures.push(reason),
  });
  const large = message('x'.repeat(4_000));
  await Promise.all(
    Array.from({ length: 500 }, (_, nr) => journal.append({ key: `${nr}`, body: large })),
  );
  await worker.stop();
  const file = openSync(join(folder, 'journal.db'), 'r+');
  const half = Math.floor(fstatSync(file).size / 2);
  writeSync(file, Buffer.alloc(half / 2, 0xff), 0, half / 2, half / 2);
  closeSync(file);
  await openWorker();
  const range = { after: 0 as Seq, limit: 500 };
  const answers = await Promise.allSettled([
    journal.read(range),
    journal.append({ key: 'waits', body: message('waits') }),
    journal.beat(),
    journal.read(range),
  ]);
  expect(answers[0].status).toBe('rejected');
  expect(answers[3].status).toBe('rejected');
  expect(failures).toHaveLength(1);
  expect(failures[0]?.message).toContain('malformed');
  const later = await Promise.allSettled([
    journal.append({ key: 'later', body: message('later') }),
    journal.page({ before: 9 as Seq, limit: 1, viewer: null }),
    journal.beat(),
    openWorker(),
  ]);
  expect(later.map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
  expect(failures).toHaveLength(1);
});

test.each(['of another room', 'of its own past'])(
  'a journal is not continued when a copy %s took its place between two workers',
  async (kind) => {
    const failures: Error[] = [];
    const { folder, journal, ...own } = await start({ failed: (reason) => failures.push(reason) });
    const path = join(folder, 'journal.db');
    const copy = `${path}.copy`;
    await journal.append({ key: 'a', body: message('a') });
    await own.worker.stop();
    copyFileSync(path, copy);
    const worker = await own.openWorker();
    await journal.append({ key: 'b', body: message('b') });
    await worker.stop();
    if (kind === 'of another room') {
      const foreign = await start();
      await foreign.journal.append({ key: 'a', body: message('a') });
      await foreign.journal.append({ key: 'b', body: message('b') });
      await foreign.worker.stop();
      copyFileSync(join(foreign.folder, 'journal.db'), copy);
    }
    copyFileSync(copy, path);
    const reason: unknown = await own.openWorker().catch((thrown: unknown) => thrown);
    expect(String(reason)).toContain('was changed while it was in use');
    expect(failures).toHaveLength(1);
  },
);

test('a worker whose end is not reported, because its disk does not answer, stops everything', async () => {
  const timers: { delayMs: number; run: () => void }[] = [];
  const clock: Clock = {
    ...systemClock,
    after(delayMs, run) {
      timers.push({ delayMs, run });
      return () => {};
    },
  };
  const failures: Error[] = [];
  const { journal, worker } = await start({ clock, failed: (reason) => failures.push(reason) });
  const appended = journal.append({ key: 'a', body: message('a') }).catch(String);
  worker.kill();
  // The time is up at once, before the end can be reported.
  expect(timers.map(({ delayMs }) => delayMs)).toEqual([10_000]);
  timers[0]?.run();
  expect(await appended).toBe("Error: The journal's worker hangs in a call to its disk");
  expect(failures).toHaveLength(1);
});

/** Time that passes for the worker, which is real and takes no clock: ten times what it needs. */
function otherThreads(): Promise<void> {
  return Bun.sleep(60);
}

function rethrow(reason: unknown): void {
  throw reason;
}
