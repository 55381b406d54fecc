/** A journal with a long history and its index, made once and kept with the results. */
import { cpSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { realMachine } from '../src/chat/machine.ts';
import { RoomState } from '../src/chat/room-state.ts';
import { openSqliteJournal, type SqliteJournal } from '../src/journal/sqlite.ts';
import type { EntryBody, MemberId, Seq, Who } from '../src/protocol/entries.ts';
import { limits } from '../src/protocol/limits.ts';
import { wordsIn } from '../src/protocol/words.ts';
import { quietLog } from '../test/kit/quiet-log.ts';
import { results } from './programs.ts';

/** Members who came, spoke, and left again: nobody is there when the room opens. */
const speakers = 200;

/** How many appends wait at a time: a few commits' worth. */
const portion = 2_048;

/** Makes a data folder of a room in which so much happened: a copy, for it will be written to. */
export async function copyLongJournal(entries: number, to: string): Promise<string> {
  const folder = join(results, `indexed-journal-of-${entries}`);
  if (!existsSync(folder)) await make(folder, entries);
  cpSync(folder, to, { recursive: true });
  return to;
}

async function make(folder: string, entries: number): Promise<void> {
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  const failed = (reason: unknown): never => {
    throw new Error('The long journal could not be made', { cause: reason });
  };
  const { clock } = realMachine;
  const journal = await openSqliteJournal({ folder: part, clock, log: quietLog, failed });
  await journal.openWorker({ crashed: failed });
  await fill(journal, entries);
  await index(journal);
  // Copied while it is open, as a killed process leaves it: closing it would tidy up first.
  const copy = `${part}.copy`;
  rmSync(copy, { recursive: true, force: true });
  cpSync(part, copy, { recursive: true });
  await journal.close();
  rmSync(part, { recursive: true });
  renameSync(copy, folder);
}

/** Waits until its words are indexed, which a room does in quiet moments. */
async function index(journal: SqliteJournal): Promise<void> {
  const words = wordsIn('number');
  for (;;) {
    const page = await journal.search({ words, before: Number.MAX_SAFE_INTEGER as Seq, limit: 1 });
    if (page.ok) return;
    await Bun.sleep(100);
  }
}

/** Fills it, and saves the room's state as far from the end as a room does at most. */
async function fill(journal: SqliteJournal, entries: number): Promise<void> {
  const state = new RoomState();
  const saveAt = entries - limits.snapshotEvery + 1;
  for (let from = 1; from <= entries; from += portion) {
    const numbers = Array.from(
      { length: Math.min(portion, entries + 1 - from) },
      (_, index) => from + index,
    );
    const appended = await Promise.all(
      numbers.map(async (nr) => await journal.append({ key: `k${nr}`, body: bodyOf(nr, entries) })),
    );
    for (const one of appended) {
      if (!one.ok) throw new Error(`An entry was refused: ${one.code}`);
      if (one.entry.seq <= saveAt) state.apply(one.entry);
    }
    if (from <= saveAt && saveAt < from + portion) {
      const [last] = await journal.read({ after: (saveAt - 1) as never, limit: 1 });
      if (last === undefined) throw new Error('The entry to save at is not there');
      const at = { seq: last.entry.seq, hash: last.hash };
      await journal.saveState({ at, state: state.save() });
    }
  }
}

function bodyOf(nr: number, entries: number): EntryBody {
  const member = who(nr % speakers);
  if (nr <= speakers) return { type: 'join', member, quiet: true };
  if (nr > entries - speakers) return { type: 'leave', member, reason: 'left', quiet: true };
  return { type: 'message', id: `m${nr}`, by: member, text: `This is number ${nr} of all that` };
}

function who(nr: number): Who {
  const id = Buffer.from(`speaker ${nr}`.padEnd(12)).toString('base64url').slice(0, 16);
  return { id: id as MemberId, nick: `speaker ${nr}`, role: 'member' };
}
