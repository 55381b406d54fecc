/**
 * What searching costs: fills a journal, times commits with the index following and without it,
 * builds the index, opens the journal again, and times searches of several kinds.
 *
 *     taskset -c 0 bun bench/parts/search.ts [entries]
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realMachine } from '../../src/chat/machine.ts';
import { openSqliteJournal, type SqliteJournal } from '../../src/journal/sqlite.ts';
import type { MemberId, Seq } from '../../src/protocol/entries.ts';
import { wordsIn } from '../../src/protocol/words.ts';
import { quietLog } from '../../test/kit/quiet-log.ts';
import { percentile, tell } from './figures.ts';

const entries = Number(process.argv[2] ?? 1_000_000);
/** What waits to be committed at a time: some commits' worth. */
const portion = 2_048;
const searchesEach = 200;

const folder = mkdtempSync(join(tmpdir(), 'encke-search-'));
const by = { id: 'ada_____________' as MemberId, nick: 'ada', role: 'member' } as const;
/** Words as in any language: a few that are everywhere, many that are seldom. */
const vocabulary = Array.from({ length: 30_000 }, (_, nr) => {
  let [word, rest] = ['', (nr * 2_654_435_761) >>> 0];
  for (let length = 2 + (nr % 7); length >= 0; length--) {
    word += String.fromCodePoint(97 + (rest % 26));
    rest = (Math.imul(rest, 1_103_515_245) + 12_345) >>> 0;
  }
  return word;
});

const journal = await open();
await fill(journal, entries);
const before = sizeOf('journal.db');
const begin = performance.now();
await indexAll(journal);
tell('indexing', {
  'µs each': ((performance.now() - begin) * 1_000) / entries,
  'bytes each': sizeOf('search.db') / entries,
  'bytes each of the journal': before / entries,
});
await timeSearches(journal);
await timeCommits(journal, 'commits, the index following');
await journal.close();

const again = performance.now();
const reopened = await open();
tell('opening', { ms: performance.now() - again });
const first = performance.now();
await indexAll(reopened);
tell('the first search, once the index has followed', { ms: performance.now() - first });
await reopened.close();
rmSync(folder, { recursive: true });

async function open(): Promise<SqliteJournal> {
  const failed = (reason: unknown): never => {
    throw new Error('The journal failed', { cause: reason });
  };
  const opened = await openSqliteJournal({ ...realMachine, folder, log: quietLog, failed });
  await opened.openWorker({ crashed: failed });
  return opened;
}

function word(): string {
  return vocabulary[Math.floor(vocabulary.length * Math.random() ** 4)] ?? '';
}

async function say(to: SqliteJournal, nr: number): Promise<void> {
  const text = Array.from({ length: 10 }, word).join(' ');
  const body = { type: 'message', id: `m${nr}`, by, text } as const;
  const said = await to.append({ key: `${by.id}:m${nr}`, body });
  if (!said.ok) throw new Error(said.code);
}

async function fill(to: SqliteJournal, count: number): Promise<void> {
  const start = performance.now();
  for (let from = 0; from < count; from += portion) {
    const numbers = Array.from({ length: Math.min(portion, count - from) }, (_, nr) => from + nr);
    await Promise.all(numbers.map(async (nr) => await say(to, nr)));
  }
  tell('filling', { 'messages/s': count / ((performance.now() - start) / 1_000) });
}

async function indexAll(of: SqliteJournal): Promise<void> {
  for (;;) {
    const page = await of.search({ words: wordsIn('comet'), before: 1 as Seq, limit: 1 });
    if (page.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function search(of: SqliteJournal, query: string, limit = 50): Promise<number> {
  const start = performance.now();
  const before = Number.MAX_SAFE_INTEGER as Seq;
  const page = await of.search({ words: wordsIn(query), before, limit });
  if (!page.ok) throw new Error(page.code);
  return performance.now() - start;
}

async function timeSearches(of: SqliteJournal): Promise<void> {
  const rare = (): string =>
    vocabulary[Math.floor(vocabulary.length * (0.2 + Math.random() * 0.8))] ?? '';
  const kinds: Readonly<Record<string, () => string>> = {
    'a word that is everywhere': () => vocabulary[0] ?? '',
    'a word that is seldom': rare,
    'one letter': () => String.fromCodePoint(97 + Math.floor(Math.random() * 26)),
    'the beginning of a word': () => rare().slice(0, 4),
    'three words': () => `${word()} ${word()} ${rare()}`,
    'three letters': () => 'a e i',
    'no word that is there': () => `zzzq${Math.random()}`,
  };
  for (const [kind, query] of Object.entries(kinds)) {
    const ms: number[] = [];
    for (let nr = 0; nr < searchesEach; nr++) ms.push(await search(of, query()));
    tell(`search for ${kind}`, { 'p50 ms': percentile(ms, 0.5), 'p99 ms': percentile(ms, 0.99) });
  }
}

/** As many as go, for ten seconds: long enough for the index to have to follow. */
async function timeCommits(to: SqliteJournal, what: string): Promise<void> {
  const endMs = performance.now() + 10_000;
  const latencies: number[] = [];
  let nr = entries;
  await Promise.all(
    Array.from({ length: 200 }, async () => {
      while (performance.now() < endMs) {
        const start = performance.now();
        await say(to, nr++);
        latencies.push(performance.now() - start);
      }
    }),
  );
  tell(what, {
    'messages/s': latencies.length / 10,
    'p50 ms': percentile(latencies, 0.5),
    'p99 ms': percentile(latencies, 0.99),
  });
}

function sizeOf(name: string): number {
  return statSync(join(folder, name)).size;
}
