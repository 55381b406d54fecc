/**
 * What a page of history costs: the newest from memory, and one from the middle of a million
 * entries from the file, with the processor time of both threads. Needs what `start.ts` has made.
 *
 *     taskset -c 0 bun bench/parts/page.ts
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PageQuery } from '../../src/journal/journal.ts';
import type { EntryBody, MemberId, Seq, Who } from '../../src/protocol/entries.ts';
import { cpuUs, tell } from './figures.ts';
import { openParts } from './folder.ts';

const pages = 2_000;
const folder = mkdtempSync(join(tmpdir(), 'encke-parts-'));
cpSync(join(tmpdir(), 'encke-parts-journals', '1000000'), folder, { recursive: true });
try {
  await using parts = await openParts(folder);
  const { journal } = parts;
  const by: Who = { id: 'somebody________' as MemberId, nick: 'somebody', role: 'member' };
  for (let nr = 0; nr < 1_000; nr++) {
    const text = `This is what somebody says, and it is number ${nr} of all`;
    const body: EntryBody = { type: 'message', id: `m${nr}`, by, text };
    await journal.append({ key: `new ${nr}`, body });
  }
  const { seq } = journal.head();
  const read = async (what: string, query: (nr: number) => PageQuery): Promise<void> => {
    for (let nr = 0; nr < 200; nr++) await journal.page(query(nr));
    const begin = cpuUs();
    for (let nr = 0; nr < pages; nr++) await journal.page(query(nr));
    tell(what, { 'µs CPU each': (cpuUs() - begin) / pages });
  };
  const viewer = null;
  await read('50 before the newest', () => ({ before: (seq - 50) as Seq, limit: 50, viewer }));
  await read('200 after a recent one', () => ({ after: (seq - 300) as Seq, limit: 200, viewer }));
  const far = (nr: number): Seq => (1 + ((nr * 7_919) % 900_000)) as Seq;
  await read('50 before any', (nr) => ({ before: (far(nr) + 60) as Seq, limit: 50, viewer }));
  await read('200 after any', (nr) => ({ after: far(nr), limit: 200, viewer }));
} finally {
  rmSync(folder, { recursive: true });
}
