/** SQLite journals in folders of their own, for tests. */
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { QueueBounds } from '../../src/journal/append-queue.ts';
import { openSqliteJournal } from '../../src/journal/sqlite.ts';
import type { RunningWorker, SqliteJournal } from '../../src/journal/sqlite.ts';
import { limits } from '../../src/protocol/limits.ts';
import { systemClock } from '../../src/supervisor/clock.ts';
import type { Clock } from '../../src/supervisor/clock.ts';
import { quietLog } from '../kit/quiet-log.ts';

export interface SqliteSetup {
  readonly folder?: string;
  readonly clock?: Clock;
  readonly bounds?: Partial<QueueBounds>;
  readonly newestMax?: number;
  readonly failed?: (reason: Error) => void;
  readonly crashed?: (reason: Error) => void;
}

export interface SqliteInFolder {
  readonly folder: string;
  readonly journal: SqliteJournal;
  readonly worker: RunningWorker;
  /** Starts another worker after one has ended. */
  readonly openWorker: () => Promise<RunningWorker>;
  readonly dispose: () => Promise<void>;
}

export function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), 'encke-journal-'));
}

/** A journal with a worker that is up. A failure that the test does not expect is thrown. */
export async function sqliteInFolder({
  folder = freshFolder(),
  clock = systemClock,
  bounds = {},
  newestMax = limits.newestMax,
  failed = rethrow,
  crashed = rethrow,
}: SqliteSetup = {}): Promise<SqliteInFolder> {
  const journal = await openSqliteJournal({
    folder,
    clock,
    bounds,
    newestMax,
    log: quietLog,
    failed,
  });
  const openWorker = (): Promise<RunningWorker> => journal.openWorker({ crashed });
  try {
    return {
      folder,
      journal,
      worker: await openWorker(),
      openWorker,
      dispose: async () => {
        await journal.close();
        rmSync(folder, { recursive: true });
      },
    };
  } catch (reason) {
    await journal.close();
    throw reason;
  }
}

/** How many descriptors this process has open on files of a folder. */
export function descriptorsIn(folder: string): number {
  return readdirSync('/proc/self/fd').filter((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`).startsWith(`${folder}/`);
    } catch {
      // The one that listed the others is gone by now.
      return false;
    }
  }).length;
}

function rethrow(reason: Error): never {
  throw reason;
}
