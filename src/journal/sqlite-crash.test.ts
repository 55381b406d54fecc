import { afterEach, expect, test } from 'bun:test';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { ada, message, randomOf, seedOf, seqOf } from '../../test/contract/journal-kit.ts';
import { descriptorsIn, sqliteInFolder } from '../../test/contract/sqlite-kit.ts';
import type { SqliteInFolder } from '../../test/contract/sqlite-kit.ts';
import type { EntryBody, Seq } from '../protocol/entries.ts';
import type { SqliteJournal } from './sqlite.ts';

const opened: SqliteInFolder[] = [];

afterEach(async () => {
  for (const one of opened.splice(0)) await one.dispose();
});

/** A journal, and the end of its worker as something to wait for. */
async function start(): Promise<SqliteInFolder & { nextCrash: () => Promise<Error> }> {
  let crash = Promise.withResolvers<Error>();
  // Nothing in memory: every read is the worker's.
  const crashed = (reason: Error): void => crash.resolve(reason);
  const one = await sqliteInFolder({ crashed, newestMax: 0 });
  opened.push(one);
  const nextCrash = async (): Promise<Error> => {
    const reason = await crash.promise;
    crash = Promise.withResolvers<Error>();
    return reason;
  };
  return { ...one, nextCrash };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Holds this thread until the worker has committed, so that its answer cannot be taken. */
function stallUntilCommitted(folder: string, sizeBefore: number): void {
  const log = join(folder, 'journal.db-wal');
  for (let tries = 0; tries < 500 && statSync(log).size === sizeBefore; tries++) Bun.sleepSync(10);
  Bun.sleepSync(50);
}

test('what a worker committed without saying so is announced once, and is no repetition', async () => {
  const { folder, journal, worker, nextCrash, openWorker } = await start();
  const heard: number[] = [];
  await journal.follow(0 as Seq, ({ entry }) => heard.push(entry.seq), rethrow);
  const { size } = statSync(join(folder, 'journal.db-wal'));
  const appended = [
    journal.append({ key: 'a', body: message('first') }),
    journal.append({ key: 'b', body: message('waits') }),
    journal.append({ key: 'a', body: message('again') }),
  ];
  stallUntilCommitted(folder, size);
  worker.kill();
  await nextCrash();
  expect(heard).toEqual([]);
  await openWorker();
  const answers = await Promise.all(appended);
  expect(answers.map(seqOf) as number[]).toEqual([1, 2, 1]);
  expect(answers.map((one) => one.ok && one.repeated)).toEqual([false, false, true]);
  expect(heard).toEqual([1, 2]);
  expect(journal.head().seq as number).toBe(2);
});

test('appends, reads and heartbeats wait for the next worker', async () => {
  const { journal, worker, nextCrash, openWorker } = await start();
  await journal.append({ key: 'a', body: message('a') });
  const early = journal.read({ after: 0 as Seq, limit: 10 });
  worker.kill();
  const pending = [
    early,
    journal.append({ key: 'b', body: message('b') }),
    journal.message(1 as Seq),
    journal.beat(),
    journal.saveState({ at: journal.head(), state: 'kept' }),
  ];
  expect((await nextCrash()).message).toContain('killed');
  let settled = 0;
  for (const one of pending) void one.then(() => settled++);
  for (let turns = 0; turns < 20; turns++) await turn();
  expect(settled).toBe(0);
  await openWorker();
  const [read, appended, first, beat] = await Promise.all(pending);
  expect(read).toHaveLength(1);
  expect(appended).toMatchObject({ ok: true, repeated: false, entry: { seq: 2 } });
  expect(first).toMatchObject({ text: 'a' });
  expect(beat).toBe(true);
  expect((await journal.loadState())?.state).toBe('kept');
});

test('a worker that is stopped finishes what it was told, and the rest waits', async () => {
  const { journal, worker, openWorker } = await start();
  const appended = Array.from({ length: 5 }, (_, nr) =>
    journal.append({ key: `${nr}`, body: message(`${nr}`) }),
  );
  await worker.stop();
  // The first one was with the worker, the others had not been sent.
  expect(journal.head().seq as number).toBe(1);
  await openWorker();
  expect((await Promise.all(appended)).map(seqOf) as number[]).toEqual([1, 2, 3, 4, 5]);
});

test('closing without a worker starts one for what waits', async () => {
  const { journal, worker, nextCrash } = await start();
  const appended = journal.append({ key: 'a', body: message('a') });
  worker.kill();
  await nextCrash();
  await journal.close();
  expect(await appended).toMatchObject({ ok: true });
});

test('only one worker at a time', async () => {
  const { journal, openWorker, worker } = await start();
  expect(await openWorker().catch(String)).toContain('has a worker already');
  await worker.stop();
  await openWorker();
  await journal.close();
  expect(await openWorker().catch(String)).toContain('closing');
});

test('two hundred workers are killed at work: nothing is lost, nothing is there twice', async () => {
  const kills = 200;
  const random = randomOf(seedOf('killing the journal’s worker'));
  const { folder, journal, nextCrash, ...first } = await start();
  const heard: Seq[] = [];
  await journal.follow(0 as Seq, ({ entry }) => heard.push(entry.seq), rethrow);
  const load = new Load(journal);
  const descriptors = descriptorsIn(folder);
  let { worker } = first;
  for (let nr = 0; nr < kills; nr++) {
    const target = load.acknowledged.size + Math.floor(random() * 12);
    while (load.acknowledged.size < target) await turn();
    for (let turns = random() * 12; turns > 1; turns--) await turn();
    worker.kill();
    await nextCrash();
    // The lock of the folder is all that is left open.
    expect(descriptorsIn(folder)).toBe(1);
    worker = await first.openWorker();
  }
  await load.end();
  expect(descriptorsIn(folder)).toBe(descriptors);

  const entries = await journal.read({ after: 0 as Seq, limit: 10_000 });
  const seqs = entries.map(({ entry }) => entry.seq);
  expect(seqs as number[]).toEqual(seqs.map((_, index) => index + 1));
  expect(heard).toEqual(seqs);
  expect(entries.at(-1)?.entry.seq).toBe(journal.head().seq);
  expect(load.repeated).toBe(0);
  expect(new Set(load.acknowledged.values()).size).toBe(load.acknowledged.size);
  expect(load.acknowledged.size).toBe(entries.length);
  for (const [key, seq] of load.acknowledged) {
    expect(entries[seq - 1]?.entry).toMatchObject(load.bodyOf(key));
  }
  console.log(`${kills} workers killed, ${entries.length} entries, ${load.pages} pages`);
}, 120_000);

/** Authors and readers who go on and on, whatever happens to the worker. */
class Load {
  readonly acknowledged = new Map<string, Seq>();
  repeated = 0;
  pages = 0;
  readonly #journal: SqliteJournal;
  readonly #working: Promise<void>[];
  #isOver = false;

  constructor(journal: SqliteJournal) {
    this.#journal = journal;
    const authors = Array.from({ length: 6 }, (_, nr) => this.#write(`author ${nr}`));
    this.#working = [...authors, this.#read()];
  }

  bodyOf(key: string): EntryBody {
    const nr = Number(key.split(':')[1]);
    if (nr % 5 === 4) return { type: 'edit', of: 1 as Seq, text: key, by: ada };
    return { type: 'message', id: key, by: ada, text: key };
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#working);
  }

  async #write(author: string): Promise<void> {
    for (let nr = 0; !this.#isOver; nr++) {
      const key = `${author}:${nr}`;
      const appended = await this.#journal.append({ key, body: this.bodyOf(key) });
      this.acknowledged.set(key, seqOf(appended));
      if (appended.ok && appended.repeated) this.repeated++;
    }
  }

  async #read(): Promise<void> {
    while (!this.#isOver) {
      const before = Number.MAX_SAFE_INTEGER as Seq;
      const page = await this.#journal.page({ before, limit: 50, viewer: null });
      if (!page.ok) throw new Error(page.detail);
      this.pages++;
      // A page from memory leaves the event loop no turn of its own.
      await turn();
    }
  }
}

function rethrow(reason: unknown): void {
  throw reason;
}
