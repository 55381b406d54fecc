/** Invariant I1: what was acknowledged is in the journal after `kill -9` at any later instant. */
import { Database } from 'bun:sqlite';
import { expect, test } from 'bun:test';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { firstLink, nextLink } from '../../src/journal/hash.ts';
import type { Hashed, Link } from '../../src/journal/hash.ts';
import type { Epoch, Seq } from '../../src/protocol/entries.ts';
import { randomOf, seedOf } from '../contract/journal-kit.ts';
import { freshFolder, sqliteInFolder } from '../contract/sqlite-kit.ts';

const rounds = 10;

test(`nothing acknowledged is lost when the process is killed, ${rounds} times`, async () => {
  const random = randomOf(seedOf('killing the journal’s process'));
  const folder = freshFolder();
  const acknowledged = new Map<string, number>();
  let epoch: Epoch | undefined;
  for (let round = 0; round < rounds; round++) {
    const acks = 1 + Math.floor(random() * 400);
    for (const [key, seq] of await writeAndKill(folder, `run ${round}`, acks)) {
      expect(acknowledged.has(key)).toBe(false);
      acknowledged.set(key, seq);
    }
    const { journal } = await sqliteInFolder({ folder });
    epoch ??= journal.epoch;
    expect(journal.epoch).toBe(epoch);
    const page = await journal.page({ before: 1_000_000 as Seq, limit: 50, viewer: null });
    expect(page.ok).toBe(true);
    await journal.close();
    verify(folder, epoch, acknowledged);
  }
  console.log(`${rounds} processes killed, ${acknowledged.size} appends acknowledged`);
  rmSync(folder, { recursive: true });
}, 60_000);

/** Lets a process write, and kills it when it has acknowledged so many; what it said it had. */
async function writeAndKill(
  folder: string,
  run: string,
  acks: number,
): Promise<Map<string, number>> {
  const program = join(import.meta.dir, 'journal-writer.ts');
  const writer = Bun.spawn([process.execPath, program, folder, run], {
    stdout: 'pipe',
    stderr: 'inherit',
  });
  const decoder = new TextDecoder();
  let said = '';
  for await (const chunk of writer.stdout) {
    said += decoder.decode(chunk, { stream: true });
    // Goes on with what is still in the pipe, until it ends.
    if (said.split('\n').length > acks) writer.kill('SIGKILL');
  }
  await writer.exited;
  expect(writer.signalCode).toBe('SIGKILL');
  // The last line may have been cut off.
  const lines = said.split('\n').slice(0, -1);
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

/** Reads the file itself, so that nothing of the journal's own code stands in between. */
function verify(folder: string, epoch: Epoch, acknowledged: Map<string, number>): void {
  const db = new Database(join(folder, 'journal.db'), { readonly: true });
  try {
    const rows = db
      .query<Hashed & { hash: Link }, []>(
        'SELECT seq, at, key, body, hash FROM entries ORDER BY seq',
      )
      .all();
    let link = firstLink(epoch);
    for (const [index, row] of rows.entries()) {
      expect(row.seq).toBe(index + 1);
      link = nextLink(link, row);
      if (Buffer.compare(link, row.hash) !== 0) throw new Error(`Entry ${row.seq} was changed`);
    }
    const seqs = new Map(rows.map(({ key, seq }) => [key, seq]));
    expect(seqs.size).toBe(rows.length);
    for (const [key, seq] of acknowledged) expect(seqs.get(key)).toBe(seq);
    const [check] = db.query<{ integrity_check: string }, []>('PRAGMA integrity_check').all();
    expect(check?.integrity_check).toBe('ok');
  } finally {
    db.close();
  }
}
