/**
 * How long a room with a long history takes to open. Makes a journal of a million entries once, in
 * a folder for temporary files, as a room leaves it that was killed: its newest saved state is
 * almost 5,000 entries old, and its log was not copied. Then opens it, part by part and as a whole.
 *
 *     taskset -c 0 bun bench/parts/start.ts [entries]
 */
import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RoomState } from '../../src/chat/room-state.ts';
import { newEpoch } from '../../src/journal/hash.ts';
import { entryOf } from '../../src/journal/present.ts';
import { SqliteStore } from '../../src/journal/sqlite-store.ts';
import type { EntryBody, MemberId, Seq, Who } from '../../src/protocol/entries.ts';
import { limits } from '../../src/protocol/limits.ts';
import { freePort } from '../server.ts';
import { cpuUs, tell } from './figures.ts';
import { openParts } from './folder.ts';

const entries = Number(process.argv[2] ?? 1_000_000);
/** Here at the end, and as many who came and went before them. */
const members = 2_000;
const base = join(tmpdir(), 'encke-parts-journals');
const made = join(base, `${entries}`);
const program = join(import.meta.dir, '..', '..', 'src', 'encke.ts');

if (!existsSync(made)) make();
for (let round = 0; round < 3; round++) {
  const folder = join(base, 'opened');
  rmSync(folder, { recursive: true, force: true });
  cpSync(made, folder, { recursive: true });
  await openInParts(folder);
  rmSync(folder, { recursive: true });
  cpSync(made, folder, { recursive: true });
  await openAsWhole(folder);
  rmSync(folder, { recursive: true });
}

async function openInParts(folder: string): Promise<void> {
  const [cpu, begin] = [cpuUs(), performance.now()];
  await using parts = await openParts(folder);
  tell(`${entries.toLocaleString('en')} entries`, {
    ...parts.openedMs,
    'all ms': performance.now() - begin,
    'CPU ms': (cpuUs() - cpu) / 1_000,
  });
}

/** The program, from its start until it says that it is ready. */
async function openAsWhole(folder: string): Promise<void> {
  const port = await freePort();
  const begin = performance.now();
  const flags = ['--port', String(port), '--data', folder];
  const child = Bun.spawn([process.execPath, program, 'serve', ...flags], {
    stdout: 'pipe',
    stderr: 'ignore',
  });
  for await (const chunk of child.stdout) {
    if (Buffer.from(chunk).includes(`:${port}`)) break;
  }
  const readyMs = performance.now() - begin;
  child.kill('SIGKILL');
  await child.exited;
  tell('encke serve', { 'ready after ms': readyMs });
}

function make(): void {
  const folder = `${made}.part`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const store = new SqliteStore(folder, newEpoch());
  const state = new RoomState();
  const saveAt = entries - limits.snapshotEvery + 1;
  for (let seq = 1; seq <= entries;) {
    const drafts: { key: string; at: number; json: string }[] = [];
    for (; seq <= entries && drafts.length < 10_000; seq++) {
      const body = bodyOf(seq);
      state.apply(entryOf(seq, seq, body));
      drafts.push({ key: `key of ${seq}`, at: seq, json: JSON.stringify(body) });
      if (seq === saveAt) break;
    }
    store.commit({ drafts, beatAt: null });
    if (seq === saveAt) {
      store.save({ at: store.head(), state: state.save() });
      seq++;
    }
    // The last of the log stays where a killed process leaves it.
    if (seq < entries - 5_000) store.checkpoint();
  }
  // Copied while it is open: closing it would copy the log into the database.
  cpSync(folder, `${folder}2`, { recursive: true });
  store.close();
  rmSync(folder, { recursive: true });
  renameSync(`${folder}2`, made);
}

/** First everybody comes; then messages, with an edit, a reaction and a coming or going between. */
function bodyOf(seq: number): EntryBody {
  const by = who(seq % members);
  if (seq <= members) return { type: 'join', member: by, quiet: true };
  switch (seq % 50) {
    case 0:
      return { type: 'join', member: who(members + seq), quiet: true };
    case 1:
      return { type: 'leave', member: who(members + seq - 1), reason: 'left', quiet: true };
    case 2:
      return { type: 'reaction', of: (seq - 10) as Seq, emoji: '👍', by, on: true };
    case 3:
      return { type: 'edit', of: (seq - 10) as Seq, text: `What number ${seq} meant`, by };
    default: {
      const text = `This is what somebody says, and it is number ${seq} of all`;
      return { type: 'message', id: `m${seq}`, by, text };
    }
  }
}

function who(nr: number): Who {
  const id = Buffer.from(`member ${nr}`.padEnd(12)).toString('base64url').slice(0, 16) as MemberId;
  return { id, nick: `guest ${nr}`, role: 'member' };
}
