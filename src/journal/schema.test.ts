import { Database } from 'bun:sqlite';
import { afterEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Epoch } from '../protocol/entries.ts';
import { newEpoch } from './hash.ts';
import { JournalRefused } from './refused.ts';
import { applicationId, checkVersion, prepare, schemaVersion } from './schema.ts';
import { SqliteStore } from './sqlite-store.ts';

const folders: string[] = [];

function freshFolder(): { folder: string; path: string } {
  const folder = mkdtempSync(join(tmpdir(), 'encke-schema-'));
  folders.push(folder);
  return { folder, path: join(folder, 'journal.db') };
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function refusal(run: () => unknown): JournalRefused {
  try {
    run();
  } catch (reason) {
    if (reason instanceof JournalRefused) return reason;
    throw reason;
  }
  throw new Error('It was not refused');
}

/** Makes a journal with so many messages, and closes it. */
function madeJournal(folder: string, entries: number): Epoch {
  const store = new SqliteStore(folder, newEpoch());
  const by = { id: 'ada', nick: 'ada', role: 'member' };
  const drafts = Array.from({ length: entries }, (_, nr) => ({
    key: `${nr}`,
    at: 1_000 + nr,
    json: JSON.stringify({ type: 'message', id: `${nr}`, by, text: `text ${nr}` }),
  }));
  store.commit({ drafts, beatAt: null });
  store.close();
  return store.epoch;
}

function alter(path: string, ...statements: string[]): void {
  const db = new Database(path);
  for (const sql of statements) db.run(sql);
  db.close();
}

describe('the version of SQLite', () => {
  test.each(['3.51.2', '3.50.99', '2.99.99', '3.51', ''])('"%s" is too old', (version) => {
    const { code, message } = refusal(() => checkVersion(version));
    expect(code).toBe('SQLITE_TOO_OLD');
    expect(message).toContain(`"${version}"`);
    expect(message).toContain('3.51.3');
  });

  test.each(['3.51.3', '3.51.10', '3.52.0', '4.0.0'])('"%s" will do', (version) => {
    checkVersion(version);
  });
});

describe('opening a journal', () => {
  test('a new one gets the epoch that was handed in, and keeps it', () => {
    const { folder } = freshFolder();
    const epoch = madeJournal(folder, 3);
    const again = new SqliteStore(folder, newEpoch());
    expect(again.epoch).toBe(epoch);
    expect(again.head().seq as number).toBe(3);
    again.close();
  });

  test('an empty file becomes a journal', () => {
    const { folder, path } = freshFolder();
    writeFileSync(path, '');
    new SqliteStore(folder, newEpoch()).close();
  });

  test.each(['hello', 'x'.repeat(5_000)])('a file that is no database is left alone', (content) => {
    const { folder, path } = freshFolder();
    writeFileSync(path, content);
    const { code, message } = refusal(() => new SqliteStore(folder, newEpoch()));
    expect(code).toBe('NOT_A_JOURNAL');
    expect(message).toContain(path);
    expect(readFileSync(path, 'utf8')).toBe(content);
  });

  test('a database of another program is left alone', () => {
    const { folder, path } = freshFolder();
    alter(path, 'CREATE TABLE bookmarks (url TEXT)');
    const before = readFileSync(path);
    expect(refusal(() => new SqliteStore(folder, newEpoch())).code).toBe('NOT_A_JOURNAL');
    alter(path, 'PRAGMA application_id = 7');
    expect(refusal(() => new SqliteStore(folder, newEpoch())).code).toBe('NOT_A_JOURNAL');
    alter(path, 'PRAGMA application_id = 0');
    expect(readFileSync(path).length).toBe(before.length);
  });

  test('a journal of a newer Encke is not touched', () => {
    const { folder, path } = freshFolder();
    madeJournal(folder, 1);
    alter(path, `PRAGMA user_version = ${schemaVersion + 1}`);
    expect(refusal(() => new SqliteStore(folder, newEpoch())).code).toBe('JOURNAL_TOO_NEW');
  });

  test('the file says what it is', () => {
    const { folder, path } = freshFolder();
    madeJournal(folder, 1);
    expect(readFileSync(path).readUInt32BE(68)).toBe(applicationId);
    expect(readFileSync(path).subarray(68, 72).toString()).toBe('Enck');
  });
});

test('the journal syncs every commit before it answers', () => {
  const { path } = freshFolder();
  const db = new Database(path);
  prepare(db, path, newEpoch());
  // 2 is FULL. With NORMAL a loss of power takes the last commits along, and nobody would notice.
  expect(db.query('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
  expect(db.query('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  db.close();
});

describe('a damaged journal', () => {
  test.each([
    ['an entry near the end is missing', 'DELETE FROM entries WHERE seq = 95'],
    ['a text near the end was changed', "UPDATE entries SET body = '{}' WHERE seq = 99"],
    ['a time near the end was changed', 'UPDATE entries SET at = 5 WHERE seq = 40'],
    ['the hash of the last entry was changed', "UPDATE entries SET hash = x'00' WHERE seq = 100"],
    ['the epoch is gone', 'DELETE FROM about'],
    ['a table is gone', 'DROP TABLE entries'],
  ])('%s', (_, sql) => {
    const { folder, path } = freshFolder();
    madeJournal(folder, 100);
    alter(path, sql);
    const refused = refusal(() => new SqliteStore(folder, newEpoch()));
    expect(refused.code).toBe('JOURNAL_DAMAGED');
    expect(refused.message).toContain(path);
  });

  test('the first entry of a short journal continues its epoch', () => {
    const { folder, path } = freshFolder();
    madeJournal(folder, 10);
    alter(path, "UPDATE about SET value = 'AAAAAAAAAAA'");
    expect(refusal(() => new SqliteStore(folder, newEpoch())).code).toBe('JOURNAL_DAMAGED');
  });
});
