import { afterEach, describe, expect, test } from 'bun:test';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Epoch, Hash, Message, Seq } from '../protocol/entries.ts';
import { wordsIn } from '../protocol/words.ts';
import { ada } from '../../test/contract/journal-kit.ts';
import { freshFolder } from '../../test/contract/sqlite-kit.ts';
import type { Committed } from './journal.ts';
import { SqliteSearch, type SearchedMessages } from './sqlite-search.ts';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function messageOf(seq: number): Message {
  return { type: 'message', seq: seq as Seq, at: 1, by: ada, text: 'a comet' } as Message;
}

/** A journal of so many messages, any reading of which may fail. */
class FailingJournal implements SearchedMessages {
  readonly epoch = 'epochepoche' as Epoch;
  failing: 'entries' | 'hash' | 'message' | null = null;
  readonly fault = new Error('The database disk image is malformed');

  entriesAfter(after: Seq, limit: number): readonly Committed[] {
    if (this.failing === 'entries') throw this.fault;
    const count = Math.max(0, Math.min(limit, 9 - after));
    return Array.from({ length: count }, (_, nr) => ({
      entry: messageOf(after + nr + 1),
      hash: `hash ${after + nr + 1}` as Hash,
    }));
  }

  hashAt(seq: Seq): Hash {
    if (this.failing === 'hash') throw this.fault;
    return `hash ${seq}` as Hash;
  }

  message(seq: Seq): Message {
    if (this.failing === 'message') throw this.fault;
    return messageOf(seq);
  }
}

const ask = { words: wordsIn('comet'), before: 99 as Seq, count: 64, wanted: 4 };

describe('a search in the journal on disk', () => {
  test('looks at no more messages than it needs', () => {
    const folder = freshFolder();
    folders.push(folder);
    const search = new SqliteSearch(folder, new FailingJournal());
    search.advance();
    const { found, reached } = search.search(ask);
    expect([found.map(({ seq }) => Number(seq)), Number(reached)]).toEqual([[9, 8, 7, 6], 6]);
    expect(search.search({ ...ask, wanted: 10 })).toMatchObject({ reached: null, at: 9 });
    search.close();
  });

  for (const failing of ['entries', 'hash', 'message'] as const) {
    test(`passes on that the journal cannot be read (${failing}), and keeps its index`, () => {
      const folder = freshFolder();
      folders.push(folder);
      const journal = new FailingJournal();
      const first = new SqliteSearch(folder, journal);
      first.advance();
      first.close();
      const search = new SqliteSearch(folder, journal);
      journal.failing = failing;
      const fails = (): unknown => (failing === 'message' ? search.search(ask) : search.advance());
      // The second time as well: nothing of the first is remembered.
      for (let time = 0; time < 2; time++) expect(fails).toThrow(journal.fault);
      expect(existsSync(join(folder, 'search.db'))).toBe(true);
      journal.failing = null;
      expect(search.search(ask).at).toBe(9 as Seq);
      search.close();
    });
  }
});
