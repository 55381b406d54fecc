import { Database } from 'bun:sqlite';
import { afterEach, describe, expect, test } from 'bun:test';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { freshFolder } from '../../test/contract/sqlite-kit.ts';
import type { Epoch, MemberId, Seq } from '../protocol/entries.ts';
import { lockFolder } from './folder-lock.ts';
import { newEpoch } from './hash.ts';
import { JournalRefused } from './refused.ts';
import { backUp } from './sqlite-backup.ts';
import { restore } from './sqlite-restore.ts';
import type { Restored } from './sqlite-restore.ts';
import { SqliteStore } from './sqlite-store.ts';

const folders: string[] = [];
const secretNames = ['secret.key', 'keeper.code'];
const ada = { id: 'ada_____________' as MemberId, nick: 'ada', role: 'member' as const };
const eve = { id: 'eve_____________' as MemberId, nick: 'eve', role: 'member' as const };

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function folderOf(): string {
  const folder = freshFolder();
  folders.push(folder);
  return folder;
}

/** A room in which something of each kind happened; the answer is its epoch. */
function made(folder: string): Epoch {
  const store = new SqliteStore(folder, newEpoch());
  const of = 1 as Seq;
  const bodies = [
    { type: 'message', id: 'a', by: ada, text: 'first' },
    { type: 'message', id: 'b', by: eve, text: 'to be deleted' },
    { type: 'edit', of, text: 'first, mended', by: ada },
    { type: 'reaction', of, emoji: '👍', by: eve, on: true },
    { type: 'delete', of: 2, by: eve },
    { type: 'notice', text: 'for Ada alone', to: ada.id },
    ...Array.from({ length: 3_000 }, (_, nr) => ({
      type: 'message',
      id: `${nr}`,
      by: ada,
      text: '…',
    })),
  ];
  const drafts = bodies.map((body, nr) => ({ key: `k${nr}`, at: nr, json: JSON.stringify(body) }));
  store.commit({ drafts, beatAt: 1 });
  store.save({ at: store.head(), state: 'the old state' });
  store.close();
  for (const name of secretNames) writeFileSync(join(folder, name), `${name} of the room\n`);
  return store.epoch;
}

function backedUp(folder: string): string {
  const file = join(folderOf(), 'room.backup');
  backUp({ folder, file, secretNames });
  return file;
}

/** A fold that counts. */
function counting(): { apply(): void; save(): string } {
  let count = 0;
  return { apply: () => void (count += 1), save: () => `folded ${count}` };
}

function bring(file: string, folder: string): Restored {
  return restore({ file, folder, secretNames, fold: counting() });
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

describe('a room that is restored', () => {
  test('is the same to whoever reads it, in another history', () => {
    const [folder, target] = [folderOf(), folderOf()];
    const epoch = made(folder);
    const { entries, kept } = bring(backedUp(folder), target);
    expect(entries).toBe(3_006);
    expect(kept).toEqual([]);
    const [before, after] = [new SqliteStore(folder, epoch), new SqliteStore(target, epoch)];
    expect(after.epoch).not.toBe(epoch);
    expect(after.hashAt(0 as Seq)).not.toBe(before.hashAt(0 as Seq));
    expect(after.head().hash).not.toBe(before.head().hash);
    const [was, is] = [before, after].map((store) => store.entriesAfter(0 as Seq, 10_000));
    expect(is?.map(({ entry, present }) => [entry, present])).toEqual(
      was?.map(({ entry, present }) => [entry, present]),
    );
    for (const viewer of [null, ada, eve]) {
      const page = { kind: 'page', ask: { after: 0 as Seq, limit: 50, viewer } } as const;
      expect(after.answer(page)).toEqual(before.answer(page));
    }
    const reacted = { kind: 'reacted', ask: { of: 1 as Seq, emoji: '👍', by: eve.id } } as const;
    expect(after.answer(reacted)).toBe(true);
    expect(after.answer({ kind: 'state', ask: null })).toMatchObject({ state: 'folded 3006' });
    // What was recorded once is still known by its key: a retry of an old send repeats nothing.
    const again = { key: 'k0', at: 9, json: '{}' };
    const { recordings } = after.commit({ drafts: [again], beatAt: null });
    expect(recordings).toMatchObject([{ kind: 'known', entry: { seq: 1 } }]);
    before.close();
    after.close();
  });

  test('has the secrets of the backup, for its owner alone, and nothing is left lying about', () => {
    const [folder, parent] = [folderOf(), folderOf()];
    made(folder);
    const target = join(parent, 'new');
    bring(backedUp(folder), target);
    const names = ['journal.db', 'journal.lock', 'keeper.code', 'secret.key'];
    expect(readdirSync(target).toSorted()).toEqual(names);
    expect(readFileSync(join(target, 'secret.key'), 'utf8')).toBe('secret.key of the room\n');
    for (const name of ['journal.db', 'keeper.code', 'secret.key']) {
      expect(statSync(join(target, name)).mode & 0o777).toBe(0o600);
    }
    expect(statSync(target).mode & 0o777).toBe(0o700);
  });

  test('keeps a secret that was in the folder already, and says so', () => {
    const [folder, target] = [folderOf(), folderOf()];
    made(folder);
    writeFileSync(join(target, 'secret.key'), 'made new, because the old one leaked\n');
    writeFileSync(join(target, 'keeper.code'), 'keeper.code of the room\n');
    expect(bring(backedUp(folder), target).kept).toEqual(['secret.key']);
    expect(readFileSync(join(target, 'secret.key'), 'utf8')).toStartWith('made new');
  });

  test('does not believe what is derived, in a copy of a journal', () => {
    const [folder, target] = [folderOf(), folderOf()];
    made(folder);
    const copy = join(folderOf(), 'copy.db');
    copyFileSync(join(folder, 'journal.db'), copy);
    const db = new Database(copy);
    db.run("UPDATE entries SET audience = 'everyone'");
    db.run('UPDATE messages SET present = NULL');
    db.run('DELETE FROM reactions');
    db.close();
    expect(bring(copy, target).isBackup).toBe(false);
    const store = new SqliteStore(target, newEpoch());
    const page = { kind: 'page', ask: { after: 0 as Seq, limit: 5, viewer: null } } as const;
    expect(JSON.stringify(store.answer(page))).not.toContain('for Ada alone');
    expect(JSON.stringify(store.answer(page))).not.toContain('to be deleted');
    store.close();
  });

  test('is what the log of a copy still gives, and where that is damaged is said', () => {
    const [folder, target, copies] = [folderOf(), folderOf(), folderOf()];
    const store = new SqliteStore(folder, newEpoch());
    for (let nr = 0; nr < 30; nr++) {
      const json = JSON.stringify({ type: 'message', id: `${nr}`, by: ada, text: '…' });
      store.commit({ drafts: [{ key: `${nr}`, at: nr, json }], beatAt: null });
    }
    const copy = join(copies, 'journal.db');
    copyFileSync(join(folder, 'journal.db'), copy);
    const log = readFileSync(join(folder, 'journal.db-wal'));
    store.close();
    log.writeUInt8(log.readUInt8(log.length >> 1) ^ 1, log.length >> 1);
    writeFileSync(`${copy}-wal`, log);
    const { entries, damagedFrame } = bring(copy, target);
    expect(damagedFrame).toBeGreaterThan(1);
    expect(entries).toBeGreaterThan(0);
    expect(entries).toBeLessThan(30);
  });

  test('takes no file out of a backup that is none of ours', () => {
    const [folder, target] = [folderOf(), folderOf()];
    made(folder);
    const file = join(folderOf(), 'crafted.backup');
    backUp({ folder, file, secretNames: [...secretNames, 'journal.lock', 'other'] });
    expect(bring(file, target).kept).toEqual([]);
    expect(existsSync(join(target, 'other'))).toBe(false);
  });
});

describe('a restore is refused, and makes nothing,', () => {
  test('when the backup is damaged', () => {
    const [folder, parent] = [folderOf(), folderOf()];
    made(folder);
    const file = backedUp(folder);
    const db = new Database(file);
    db.run("UPDATE entries SET body = replace(body, '…', '!') WHERE seq = 2042");
    db.close();
    const { code, message } = refusal(() => bring(file, join(parent, 'new')));
    expect(code).toBe('JOURNAL_DAMAGED');
    expect(message).toContain('entry 2042 is not what was recorded');
    expect(readdirSync(parent)).toEqual([]);
  });

  test('when there is a journal in the folder, or a log that would be read into the new one', () => {
    const folder = folderOf();
    made(folder);
    const file = backedUp(folder);
    for (const name of ['journal.db', 'journal.db-wal', 'journal.db-shm']) {
      const target = folderOf();
      writeFileSync(join(target, name), 'somebody’s');
      const { code, message } = refusal(() => bring(file, target));
      expect(code).toBe('IN_THE_WAY');
      expect(message).toContain(`move ${name} away`);
      expect(readFileSync(join(target, name), 'utf8')).toBe('somebody’s');
    }
  });

  test('when a room has the folder', () => {
    const [folder, target] = [folderOf(), folderOf()];
    made(folder);
    const lock = lockFolder(target);
    expect(refusal(() => bring(backedUp(folder), target)).code).toBe('FOLDER_HELD');
    lock.release();
  });

  test('when the folder cannot be one', () => {
    const [folder, parent] = [folderOf(), folderOf()];
    made(folder);
    writeFileSync(join(parent, 'file'), '');
    const { code } = refusal(() => bring(backedUp(folder), join(parent, 'file')));
    expect(code).toBe('FOLDER_NOT_WRITABLE');
  });
});

test('what a restore that was cut short left over does not stand in the way of the next', () => {
  const [folder, target] = [folderOf(), folderOf()];
  made(folder);
  mkdirSync(join(target, 'restore.part'));
  writeFileSync(join(target, 'restore.part', 'journal.db'), 'half of it');
  expect(bring(backedUp(folder), target).entries).toBe(3_006);
  expect(existsSync(join(target, 'restore.part'))).toBe(false);
});
