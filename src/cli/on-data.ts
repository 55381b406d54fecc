/** What the commands about a data folder share: where it is, and how they end. */
import { JournalRefused, type RefusedCode } from '../journal/refused.ts';
import { exitCodes } from './exit-codes.ts';
import { resolveData } from './options.ts';
import { readFile } from './read-file.ts';
import { complain } from './terminal.ts';

/** Runs a command on the data folder that the options name. The answer is the exit code. */
export function onData(argv: readonly string[], run: (folder: string) => void): number {
  const resolved = resolveData({ argv, env: process.env, readFile });
  if (!resolved.ok) {
    complain(resolved.problems);
    return exitCodes.badOptions.code;
  }
  try {
    run(resolved.data);
    return exitCodes.ok.code;
  } catch (reason) {
    if (reason instanceof JournalRefused) {
      complain([reason.message]);
      return exitCodes[exitFor[reason.code]].code;
    }
    if (!isOfStorage(reason)) throw reason;
    complain([`The storage failed, "${reason.message}": check the disks`]);
    return exitCodes.storageFailed.code;
  }
}

/** What SQLite or the system says of a disk, and we have no better sentence for. */
function isOfStorage(reason: unknown): reason is Error {
  return reason instanceof Error && 'code' in reason;
}

const exitFor: Readonly<Record<RefusedCode, keyof typeof exitCodes>> = {
  SQLITE_TOO_OLD: 'badData',
  NOT_A_JOURNAL: 'badData',
  JOURNAL_TOO_NEW: 'badData',
  JOURNAL_DAMAGED: 'badData',
  FOLDER_HELD: 'badData',
  FOLDER_NOT_WRITABLE: 'badData',
  FOLDER_UNFIT: 'badData',
  UNREADABLE: 'noInput',
  IN_THE_WAY: 'cannotCreate',
  CANNOT_CREATE: 'cannotCreate',
  DISK_FULL: 'diskFull',
};
