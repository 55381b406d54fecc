import { Database } from 'bun:sqlite';
import { afterEach, expect, test } from 'bun:test';
import { closeSync, fstatSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MemberId, Seq } from '../protocol/entries.ts';
import { newEpoch } from './hash.ts';
import { SqliteStore, entriesAfter } from './sqlite-store.ts';
import { queries } from './sqlite-projection.ts';

const folders: string[] = [];

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'encke-store-'));
  folders.push(folder);
  return folder;
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const by = { id: 'ada', nick: 'ada', role: 'member' };

function draft(nr: number, body: object): { key: string; at: number; json: string } {
  return { key: `key ${nr}`, at: 1_000 + nr, json: JSON.stringify(body) };
}

function fill(store: SqliteStore, entries: number): void {
  for (let nr = 0; nr < entries; nr += 2_000) {
    const drafts = Array.from({ length: 2_000 }, (_, index) =>
      draft(nr + index, { type: 'message', id: `${nr + index}`, by, text: 'x'.repeat(80) }),
    );
    store.commit({ drafts, beatAt: null });
    store.checkpoint();
  }
}

test('every page goes by an index: nothing is scanned, nothing is sorted', () => {
  const folder = freshFolder();
  const store = new SqliteStore(folder, newEpoch());
  fill(store, 2_000);
  const db = new Database(join(folder, 'journal.db'), { readonly: true });
  const reactors = 'SELECT member FROM reactions WHERE of = 1 AND emoji = 2 ORDER BY seq LIMIT 50';
  const all = [
    queries.one,
    queries.below,
    queries.from,
    ...queries.visible,
    entriesAfter,
    reactors,
  ];
  for (const sql of all) {
    const parameters = [...sql.matchAll(/\?\d/g)].map(([name]) => name);
    const plan = db
      .query<{ detail: string }, number[]>(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...[...new Set(parameters)].map(() => 1));
    const steps = plan.map(({ detail }) => detail);
    // What is scanned may only be the few rows that a search before it found.
    const scans = steps.filter((step) => step.startsWith('SCAN') && step !== 'SCAN visible');
    expect({ sql, scans }).toEqual({ sql, scans: [] });
    expect(steps.filter((step) => step.includes('TEMP B-TREE'))).toEqual([]);
  }
  db.close();
  store.close();
});

test('opening reads the end of the journal and not what lies before it', () => {
  const folder = freshFolder();
  const store = new SqliteStore(folder, newEpoch());
  fill(store, 40_000);
  const head = store.head();
  store.close();
  // A page that is read and is no page would be noticed; so nobody reads these.
  const file = openSync(join(folder, 'journal.db'), 'r+');
  const { size } = fstatSync(file);
  const [from, until] = [Math.floor(size * 0.1), Math.floor(size * 0.4)];
  writeSync(file, Buffer.alloc(until - from, 0xff), 0, until - from, from);
  closeSync(file);
  const again = new SqliteStore(folder, newEpoch());
  expect(again.head()).toEqual(head);
  expect(
    again.answer({ kind: 'page', ask: { before: 40_001 as Seq, limit: 50, viewer: null } }),
  ).toMatchObject({ more: true });
  expect(() => again.entriesAfter(5_000 as Seq, 5_000)).toThrow('malformed');
  again.close();
});

test('a commit that fails in the middle leaves nothing of itself', () => {
  const folder = freshFolder();
  const store = new SqliteStore(folder, newEpoch());
  fill(store, 2_000);
  const head = store.head();
  const broken = { key: 'broken', at: 1, json: '{' };
  const good = draft(9_999, { type: 'message', id: 'good', by, text: 'good' });
  const reaction = { type: 'reaction', of: 1, emoji: '👍', by, on: true };
  expect(() =>
    store.commit({ drafts: [good, draft(9_998, reaction), broken], beatAt: null }),
  ).toThrow(SyntaxError);
  expect(store.head()).toEqual(head);
  expect(store.entriesAfter(head.seq, 10)).toEqual([]);
  const reacted = { of: 1 as Seq, emoji: '👍', by: 'ada' as MemberId };
  expect(store.answer({ kind: 'reacted', ask: reacted })).toBe(false);
  const { recordings } = store.commit({ drafts: [good], beatAt: null });
  expect(recordings[0]).toMatchObject({ kind: 'new', seq: head.seq + 1 });
  store.close();
});

test('the log is copied into the database before it grows far, and given back at the end', () => {
  const folder = freshFolder();
  const store = new SqliteStore(folder, newEpoch());
  const log = join(folder, 'journal.db-wal');
  let largest = 0;
  for (let round = 0; round < 20; round++) {
    const drafts = Array.from({ length: 500 }, (_, index) =>
      draft(round * 500 + index, { type: 'message', id: 'm', by, text: 'x'.repeat(1_000) }),
    );
    store.commit({ drafts, beatAt: null });
    store.checkpoint();
    largest = Math.max(largest, Bun.file(log).size);
  }
  // Ten times as much was written.
  expect(Bun.file(join(folder, 'journal.db')).size).toBeGreaterThan(10_000_000);
  expect(largest).toBeLessThan(8_000_000);
  store.close();
  expect(Bun.file(log).size).toBe(0);
});

test('a heartbeat is written, also when the clock was set back', () => {
  const folder = freshFolder();
  const store = new SqliteStore(folder, newEpoch());
  const size = (): number => statSync(join(folder, 'journal.db-wal')).size;
  for (const beatAt of [1_000, 1_000, 500]) {
    const before = size();
    store.commit({ drafts: [], beatAt });
    expect(size()).toBeGreaterThan(before);
  }
  store.close();
});
