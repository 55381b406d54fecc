import { afterEach, describe, expect, test } from 'bun:test';
import { Database } from 'bun:sqlite';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Epoch, Seq } from '../protocol/entries.ts';
import { limits } from '../protocol/limits.ts';
import { wordsIn } from '../protocol/words.ts';
import { ada, message, record } from '../../test/contract/journal-kit.ts';
import {
  freshFolder,
  sqliteInFolder,
  type SqliteInFolder,
} from '../../test/contract/sqlite-kit.ts';
import { SqliteStore } from './sqlite-store.ts';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function opened(folder = freshFolder()): Promise<SqliteInFolder> {
  folders.push(folder);
  return await sqliteInFolder({ folder });
}

async function seqsOf({ journal }: SqliteInFolder, query: string): Promise<number[]> {
  const before = Number.MAX_SAFE_INTEGER as Seq;
  const page = await journal.search({ words: wordsIn(query), before, limit: 10 });
  if (!page.ok) throw new Error(page.code);
  return page.entries.map(({ seq }) => seq);
}

describe('the index of words', () => {
  test('of a folder from before there was one is made by the first search', async () => {
    const first = await opened();
    await record(first.journal, message('one comet'), message('another'));
    await first.journal.close();
    expect(existsSync(join(first.folder, 'search.db'))).toBe(false);
    const second = await opened(first.folder);
    expect(await seqsOf(second, 'comet')).toEqual([1]);
    await second.journal.close();
    expect(existsSync(join(first.folder, 'search.db'))).toBe(true);
  });

  test('of another history is made anew, also where the numbers agree', async () => {
    const [one, other] = [await opened(), await opened()];
    await record(one.journal, message('comet'), message('two'));
    await record(other.journal, message('one'), message('comet'));
    expect([await seqsOf(one, 'comet'), await seqsOf(other, 'comet')]).toEqual([[1], [2]]);
    await one.journal.close();
    await other.journal.close();
    const path = join(other.folder, 'search.db');
    writeFileSync(path, readFileSync(join(one.folder, 'search.db')));
    const again = await opened(other.folder);
    expect(await seqsOf(again, 'comet')).toEqual([2]);
    await again.journal.close();
  });

  test('that is ahead of its journal is made anew', async () => {
    const first = await opened();
    await record(first.journal, message('kept'));
    await first.journal.close();
    const older = readFileSync(join(first.folder, 'journal.db'));
    const second = await opened(first.folder);
    await record(second.journal, message('lost comet'));
    expect(await seqsOf(second, 'comet')).toEqual([2]);
    await second.journal.close();
    // Somebody puts an older copy in place.
    writeFileSync(join(first.folder, 'journal.db'), older);
    const third = await opened(first.folder);
    await record(third.journal, message('another comet'), message('third'));
    expect(await seqsOf(third, 'lost')).toEqual([]);
    expect(await seqsOf(third, 'comet')).toEqual([2]);
    await third.journal.close();
  });

  for (const [what, bytes] of [
    [
      'is no database',
      Buffer.from('This is no database, whatever its name says it is.'.repeat(99)),
    ],
    ['is empty', Buffer.alloc(0)],
  ] as const) {
    test(`that ${what} is made anew`, async () => {
      const first = await opened();
      await record(first.journal, message('comet'));
      await first.journal.close();
      writeFileSync(join(first.folder, 'search.db'), bytes);
      const second = await opened(first.folder);
      expect(await seqsOf(second, 'comet')).toEqual([1]);
      await second.journal.close();
    });
  }

  test('that breaks under a search is made anew by the next, and the journal goes on', async () => {
    const one = await opened();
    await record(one.journal, message('comet'));
    expect(await seqsOf(one, 'comet')).toEqual([1]);
    const other = new Database(join(one.folder, 'search.db'));
    other.run('DROP TABLE terms');
    other.close();
    await one.journal
      .search({ words: wordsIn('comet'), before: 9 as Seq, limit: 1 })
      .catch(() => undefined);
    await record(one.journal, message('a second comet'));
    expect(await seqsOf(one, 'comet')).toEqual([1, 2]);
    await one.journal.close();
  });

  test('takes in few long texts at a time, and one at least', async () => {
    const folder = freshFolder();
    folders.push(folder);
    const store = new SqliteStore(folder, 'epochepoche' as Epoch);
    const long = '\u3316'.repeat(limits.textMax);
    const drafts = Array.from({ length: 40 }, (_, nr) => ({
      key: `${nr}`,
      at: 1,
      json: JSON.stringify(message(nr === 0 ? 'a'.repeat(20_000) : long)),
    }));
    store.commit({ drafts, beatAt: null });
    const at = (): number => Number(store.answer({ kind: 'index', ask: null }));
    expect([at(), at(), at()]).toEqual([1, 9, 17]);
    store.close();
  });

  test('survives the death of the worker at any moment', async () => {
    const folder = freshFolder();
    folders.push(folder);
    let died = Promise.withResolvers<void>();
    const one = await sqliteInFolder({ folder, crashed: () => died.resolve() });
    let { worker } = one;
    for (let round = 1; round <= 5; round++) {
      await record(one.journal, ...Array.from({ length: 300 }, () => message(`round ${round}`)));
      const search = seqsOf(one, `round ${round}`);
      // A little later each time: before the first slice, in the middle, behind the last.
      for (let turn = 1; turn < round; turn++) await one.journal.message(1 as Seq);
      worker.kill();
      await died.promise;
      died = Promise.withResolvers<void>();
      worker = await one.openWorker();
      expect(await search).toHaveLength(10);
    }
    await one.journal.close();
  });

  test('keeps no term of a text that was edited or deleted', async () => {
    const folder = freshFolder();
    folders.push(folder);
    const store = new SqliteStore(folder, 'epochepoche' as Epoch);
    const commit = (...bodies: object[]): void => {
      const drafts = bodies.map((body, nr) => ({
        key: `${store.head().seq}+${nr}`,
        at: 1,
        json: JSON.stringify(body),
      }));
      store.commit({ drafts, beatAt: null });
      store.answer({ kind: 'index', ask: null });
    };
    const named = (query: string): unknown =>
      store.answer({
        kind: 'search',
        ask: { words: wordsIn(query), before: 99 as Seq, count: 9, wanted: 9 },
      });
    commit(message('first'), message('second'));
    commit({ type: 'edit', of: 1, text: 'third', by: ada }, { type: 'delete', of: 2, by: ada });
    expect(named('third')).toMatchObject({ found: [{ seq: 1 }] });
    store.close();
    using db = new Database(join(folder, 'search.db'));
    const match = db.prepare<{ rowid: number }, [string]>(
      'SELECT rowid FROM terms WHERE terms MATCH ?',
    );
    expect(match.all('"first"*')).toEqual([]);
    expect(match.all('"second"*')).toEqual([]);
    match.finalize();
  });
});
