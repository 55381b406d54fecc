/** The parts of a room below the web, on a real journal in a folder for temporary files. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realMachine } from '../../src/chat/machine.ts';
import { PostOffice } from '../../src/chat/post-office.ts';
import { Room } from '../../src/chat/room.ts';
import { openSqliteJournal, type SqliteJournal } from '../../src/journal/sqlite.ts';
import { Ref } from '../../src/supervisor/ref.ts';
import { testSettings } from '../../test/kit/chat.ts';
import { quietLog } from '../../test/kit/quiet-log.ts';

export interface Parts extends AsyncDisposable {
  readonly journal: SqliteJournal;
  readonly room: Room;
  readonly office: PostOffice;
  /** How long each took to open. */
  readonly openedMs: Readonly<Record<string, number>>;
}

/** Opens a room for any number of members, who may each write a thousand times a second. */
export async function openParts(given?: string): Promise<Parts> {
  const folder = given ?? mkdtempSync(join(tmpdir(), 'encke-parts-'));
  const log = quietLog;
  const { clock, random, chance } = realMachine;
  const crashed = (reason: unknown): never => {
    console.error(reason);
    process.exit(1);
  };
  const begin = performance.now();
  const journal = await openSqliteJournal({ folder, clock, log, failed: crashed });
  await journal.openWorker({ crashed });
  const journalMs = performance.now() - begin;
  const settings = { ...testSettings, pace: 1, membersMax: 50_000 };
  const secret = new Uint8Array(32);
  const room = await Room.open({ journal, clock, random, log, secret, settings }, crashed);
  const roomMs = performance.now() - begin - journalMs;
  const ref = new Ref<Room>('room');
  ref.set(room);
  const { memory } = realMachine;
  const telling = { isOn: false };
  const more = { room: ref, random: chance, memory, telling, heldPollsMax: 50_000, crashed };
  const office = await PostOffice.open({ journal, clock, log, ...more });
  const officeMs = performance.now() - begin - journalMs - roomMs;
  const openedMs = { 'journal ms': journalMs, 'room ms': roomMs, 'post office ms': officeMs };
  const close = async (): Promise<void> => {
    office.close();
    await room.close();
    await journal.close();
    if (given === undefined) rmSync(folder, { recursive: true });
  };
  return { journal, room, office, openedMs, [Symbol.asyncDispose]: close };
}
