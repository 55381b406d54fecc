/**
 * A process that appends to the journal in the folder it is given, and says of each append that it
 * was acknowledged, until somebody kills it. Run by `journal-kill.test.ts`.
 */
import { writeSync } from 'node:fs';
import { openSqliteJournal } from '../../src/journal/sqlite.ts';
import type { EntryBody, Seq } from '../../src/protocol/entries.ts';
import { systemClock } from '../../src/supervisor/clock.ts';
import { ada, message, seqOf } from '../contract/journal-kit.ts';
import { quietLog } from '../kit/quiet-log.ts';

const [folder = '', run = ''] = process.argv.slice(2);

function stop(reason: Error): void {
  throw reason;
}

const journal = await openSqliteJournal({
  folder,
  clock: systemClock,
  log: quietLog,
  failed: stop,
});
await journal.openWorker({ crashed: stop });

function bodyOf(key: string, nr: number): EntryBody {
  if (nr % 7 === 3) return { type: 'edit', of: 1 as Seq, text: key, by: ada };
  if (nr % 7 === 5) {
    return { type: 'reaction', of: 1 as Seq, emoji: '👍', by: ada, on: nr % 2 === 0 };
  }
  return message(key);
}

async function write(author: number): Promise<never> {
  for (let nr = 0; ; nr++) {
    const key = `${run}:${author}:${nr}`;
    const seq = seqOf(await journal.append({ key, body: bodyOf(key, nr) }));
    // Written by the system before this returns: what the parent reads was acknowledged.
    writeSync(1, `${key} ${seq}\n`);
  }
}

await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map(write));
