import { Database } from 'bun:sqlite';
import { afterEach, describe, expect, test } from 'bun:test';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { freshFolder } from '../../test/contract/sqlite-kit.ts';
import { newEpoch } from './hash.ts';
import { JournalRefused } from './refused.ts';
import { backUp } from './sqlite-backup.ts';
import type { BackedUp } from './sqlite-backup.ts';
import { Source } from './sqlite-source.ts';
import { SqliteStore } from './sqlite-store.ts';

const folders: string[] = [];
const secretNames = ['secret.key', 'keeper.code'];
const by = { id: 'ada', nick: 'ada', role: 'member' };

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function folderOf(): string {
  const folder = freshFolder();
  folders.push(folder);
  return folder;
}

/** A journal that is open, as a running room has it, with so many messages. */
function opened(folder: string, count: number): SqliteStore {
  const store = new SqliteStore(folder, newEpoch());
  add(store, count);
  return store;
}

function add(store: SqliteStore, count: number): void {
  const head = store.head().seq;
  const drafts = Array.from({ length: count }, (_, index) => {
    const id = `${head + index + 1}`;
    const json = JSON.stringify({ type: 'message', id, by, text: `text ${id}` });
    return { key: id, at: 1_000, json };
  });
  store.commit({ drafts, beatAt: null });
}

/** What a crash leaves: a journal whose log was not emptied, here with a byte of it changed. */
function copyWithDamagedLog(folder: string): void {
  const origin = folderOf();
  const store = opened(origin, 10);
  for (let nr = 0; nr < 20; nr++) add(store, 10);
  for (const name of ['journal.db', 'journal.db-wal']) {
    copyFileSync(join(origin, name), join(folder, name));
  }
  store.close();
  const path = join(folder, 'journal.db-wal');
  const bytes = readFileSync(path);
  const at = bytes.length >> 1;
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  writeFileSync(path, bytes);
}

function take(folder: string, file: string): BackedUp {
  return backUp({ folder, file, secretNames });
}

function refusal(run: () => unknown): JournalRefused {
  try {
    run();
  } catch (reason) {
    if (reason instanceof JournalRefused) return reason;
    throw reason;
  }
  throw new Error('It was not refused');
}

describe('a backup', () => {
  test('of an open journal has what was only in its log', () => {
    const folder = folderOf();
    const file = join(folderOf(), 'room.backup');
    const store = opened(folder, 2_500);
    const { entries, bytes } = take(folder, file);
    expect(entries).toBe(2_500);
    expect(bytes).toBe(statSync(file).size);
    store.close();
    using source = new Source(file, { mayBeInUse: false });
    expect(source.verify().seq).toBe(2_500);
    expect(source.epoch).toBe(store.epoch);
  });

  test('has the entries of the moment at which it began, however long it takes', () => {
    const folder = folderOf();
    const store = opened(folder, 1_500);
    using source = new Source(join(folder, 'journal.db'), { mayBeInUse: true });
    const count = source.count();
    const seqs: number[] = [];
    for (const rows of source.batches(count)) {
      seqs.push(...rows.map(({ seq }) => seq));
      add(store, 100);
    }
    expect(seqs).toEqual(Array.from({ length: 1_500 }, (_, index) => index + 1));
    store.close();
  });

  test('lets the log of an open journal be emptied between two batches', () => {
    const folder = folderOf();
    const store = opened(folder, 3_000);
    using source = new Source(join(folder, 'journal.db'), { mayBeInUse: true });
    const batches = source.batches(source.count());
    batches.next();
    const db = new Database(join(folder, 'journal.db'));
    const left = db
      .query<{ busy: number; log: number; checkpointed: number }, []>('PRAGMA wal_checkpoint')
      .get();
    db.close();
    expect(left?.busy).toBe(0);
    expect(left?.checkpointed).toBe(left?.log);
    expect(batches.next().done).toBe(false);
    store.close();
  });

  test('has the secrets, and is readable by its owner alone', () => {
    const folder = folderOf();
    const place = folderOf();
    const file = join(place, 'room.backup');
    opened(folder, 1).close();
    writeFileSync(join(folder, 'secret.key'), 'a key\n');
    writeFileSync(join(folder, 'other'), 'no secret');
    chmodSync(place, 0o755);
    take(folder, file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    using source = new Source(file, { mayBeInUse: false });
    const named = source
      .secrets()
      .map(({ name, content }) => [name, Buffer.from(content).toString()]);
    expect(named).toEqual([['secret.key', 'a key\n']]);
    expect(readdirSync(place)).toEqual(['room.backup']);
  });

  test('of an empty journal is one, too', () => {
    const folder = folderOf();
    const file = join(folderOf(), 'room.backup');
    opened(folder, 0).close();
    expect(take(folder, file).entries).toBe(0);
  });

  test('takes the place of what a cut-off one left over, and of nothing else', () => {
    const folder = folderOf();
    const file = join(folderOf(), 'room.backup');
    opened(folder, 3).close();
    const { exitCode, pid } = Bun.spawnSync(['true']);
    expect(exitCode).toBe(0);
    const others = ['room.backup.x.part', `room.backup.${process.ppid}.part`, 'other.1.part'];
    const leftOver = [`room.backup.${pid}.part`, `room.backup.${process.pid}.part`];
    for (const name of [...others, ...leftOver]) writeFileSync(join(dirname(file), name), 'half');
    expect(take(folder, file).entries).toBe(3);
    const names = readdirSync(dirname(file));
    expect(names.toSorted()).toEqual(['room.backup', ...others].toSorted());
    const before = readFileSync(file);
    expect(refusal(() => take(folder, file))).toMatchObject({ code: 'IN_THE_WAY' });
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('of a damaged journal is refused, with the entry named', () => {
    const folder = folderOf();
    const place = folderOf();
    opened(folder, 200).close();
    alter(join(folder, 'journal.db'), "UPDATE entries SET body = '{}' WHERE seq = 7");
    const { code, message } = refusal(() => take(folder, join(place, 'room.backup')));
    expect(code).toBe('JOURNAL_DAMAGED');
    expect(message).toContain('entry 7 is not what was recorded');
    expect(readdirSync(place)).toEqual([]);
  });

  test('of a journal with a damaged log is refused, since its end cannot be read', () => {
    const [folder, place] = [folderOf(), folderOf()];
    copyWithDamagedLog(folder);
    const { code, message } = refusal(() => take(folder, join(place, 'room.backup')));
    expect(code).toBe('JOURNAL_DAMAGED');
    expect(message).toMatch(/frame \d+ of its log/);
    expect(readdirSync(place)).toEqual([]);
  });

  test('of nothing, or to nowhere, is refused', () => {
    const folder = folderOf();
    const file = join(folderOf(), 'room.backup');
    expect(refusal(() => take(folder, file)).code).toBe('UNREADABLE');
    expect(readdirSync(folder)).toEqual([]);
    opened(folder, 1).close();
    expect(refusal(() => take(folder, join(folder, 'no', 'b'))).code).toBe('CANNOT_CREATE');
    // Root may read everything, but not a folder.
    mkdirSync(join(folder, 'secret.key'));
    expect(refusal(() => take(folder, file))).toMatchObject({ code: 'UNREADABLE' });
    expect(readdirSync(dirname(file))).toEqual([]);
  });

  test('that stands where a journal belongs is not served', () => {
    const folder = folderOf();
    const other = folderOf();
    opened(folder, 1).close();
    take(folder, join(other, 'journal.db'));
    const { code, message } = refusal(() => new SqliteStore(other, newEpoch()));
    expect(code).toBe('NOT_A_JOURNAL');
    expect(message).toContain('encke restore');
  });
});

describe('a file that is read', () => {
  function made(count: number): { readonly folder: string; readonly file: string } {
    const folder = folderOf();
    const file = join(folderOf(), 'room.backup');
    opened(folder, count).close();
    writeFileSync(join(folder, 'keeper.code'), 'the code of the keepers\n');
    take(folder, file);
    return { folder, file };
  }

  function verified(file: string): number {
    using source = new Source(file, { mayBeInUse: false });
    return source.verify().seq;
  }

  test.each([
    ['a text', "UPDATE entries SET body = replace(body, 'text', 'tent') WHERE seq = 41", 41],
    ['a time', 'UPDATE entries SET at = at + 1 WHERE seq = 50', 50],
    ['a key', "UPDATE entries SET key = 'x' WHERE seq = 1", 1],
    ['a hash', "UPDATE entries SET hash = x'00' WHERE seq = 60", 60],
    ['an entry that is gone', 'DELETE FROM entries WHERE seq = 30', 30],
    ['an end that is gone', 'DELETE FROM entries WHERE seq > 98', 99],
    ['another epoch', "UPDATE about SET value = 'AAAAAAAAAAA' WHERE name = 'epoch'", 1],
  ])('tells of %s', (_, sql, seq) => {
    const { file } = made(100);
    alter(file, sql);
    const { code, message } = refusal(() => verified(file));
    expect(code).toBe('JOURNAL_DAMAGED');
    expect(message).toMatch(new RegExp(`entry ${seq} is (missing|not what was recorded)`));
  });

  test.each([
    ['a secret', "UPDATE secrets SET content = x'00'"],
    ['a secret that is gone', 'DELETE FROM secrets'],
    ['fewer entries, and a count that fits', "UPDATE about SET value = '9' WHERE name = 'entries'"],
    ['a count that is no number', "UPDATE about SET value = 'x' WHERE name = 'entries'"],
    ['a seal that is gone', "DELETE FROM about WHERE name = 'seal'"],
    ['a table that is gone', 'DROP TABLE entries'],
  ])('tells of %s', (_, sql) => {
    const { file } = made(10);
    alter(file, sql);
    expect(refusal(() => verified(file)).code).toBe('JOURNAL_DAMAGED');
  });

  test('is never taken for whole when it is cut off, wherever', () => {
    const { file } = made(300);
    const bytes = readFileSync(file);
    const cut = join(folderOf(), 'cut');
    for (let length = bytes.length - 1; length > 0; length -= 1_531) {
      writeFileSync(cut, bytes.subarray(0, length));
      expect(['JOURNAL_DAMAGED', 'NOT_A_JOURNAL']).toContain(refusal(() => verified(cut)).code);
    }
  });

  test('is never read as something else when any byte of it is changed', () => {
    const { file } = made(60);
    const bytes = readFileSync(file);
    const flipped = join(folderOf(), 'flipped');
    let noticed = 0;
    for (let at = 0; at < bytes.length; at += 7) {
      const copy = Buffer.from(bytes);
      copy.writeUInt8(copy.readUInt8(at) ^ 0x10, at);
      writeFileSync(flipped, copy);
      try {
        // What is not noticed must not matter: bytes that hold nothing.
        expect(contentOf(flipped)).toEqual(contentOf(file));
      } catch (reason) {
        if (!(reason instanceof JournalRefused)) throw reason;
        noticed += 1;
      }
    }
    expect(noticed).toBeGreaterThan(200);
  });

  test('may be a copy of a journal, with its log when that lies beside it', () => {
    const folder = folderOf();
    const copies = folderOf();
    const store = opened(folder, 20);
    for (const name of ['journal.db', 'journal.db-wal']) {
      copyFileSync(join(folder, name), join(copies, name));
    }
    store.close();
    expect(verified(join(copies, 'journal.db'))).toBe(20);
    const alone = join(copies, 'alone.db');
    copyFileSync(join(folder, 'journal.db'), alone);
    expect(verified(alone)).toBe(20);
    // Nothing is put beside a copy that nobody writes to.
    expect(readdirSync(copies).filter((name) => name.startsWith('alone'))).toEqual(['alone.db']);
  });

  test('is named for what it is when it is no backup', () => {
    const place = folderOf();
    const path = (name: string): string => join(place, name);
    writeFileSync(path('empty'), '');
    writeFileSync(path('text'), 'hello '.repeat(1_000));
    mkdirSync(path('folder'));
    alter(path('bookmarks'), 'CREATE TABLE bookmarks (url TEXT)');
    for (const [name, code, what] of [
      ['empty', 'NOT_A_JOURNAL', 'an empty file'],
      ['text', 'NOT_A_JOURNAL', 'not even a database'],
      ['folder', 'NOT_A_JOURNAL', 'a folder'],
      ['bookmarks', 'NOT_A_JOURNAL', 'a database of another program'],
      ['nothing', 'UNREADABLE', 'no such file'],
    ] as const) {
      const refused = refusal(() => verified(path(name)));
      expect(refused.code).toBe(code);
      expect(refused.message).toContain(what);
      expect(refused.message).toContain(path(name));
    }
  });

  test('is left to a newer Encke when one made it', () => {
    const { folder, file } = made(1);
    for (const path of [file, join(folder, 'journal.db')]) {
      alter(path, 'PRAGMA user_version = 2');
      expect(refusal(() => verified(path)).code).toBe('JOURNAL_TOO_NEW');
    }
  });
});

function contentOf(file: string): unknown {
  using source = new Source(file, { mayBeInUse: false });
  const end = source.verify();
  return [source.epoch, end.seq, Buffer.from(end.link).toString('hex'), source.secrets()];
}

function alter(path: string, sql: string): void {
  const db = new Database(path);
  db.run(sql);
  db.close();
}
