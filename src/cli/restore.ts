/** `encke restore FILE`: brings a room back from a backup. */
import { RoomState } from '../chat/room-state.ts';
import { keepPrivate } from '../chat/secrets.ts';
import { restore as restoreFrom } from '../journal/sqlite-restore.ts';
import { secretNames } from './backup.ts';
import { onData } from './on-data.ts';

/** Restores a room and says what there is now. The answer is the exit code. */
export function restore(file: string, argv: readonly string[]): number {
  return onData(argv, (folder) => {
    keepPrivate();
    const fold = new RoomState();
    const restored = restoreFrom({ file, folder, secretNames, fold });
    const { entries, isBackup, damagedFrame, kept } = restored;
    const notes = kept.map((name) => `${name} was there already, is another, and stays`);
    if (!isBackup) notes.push('it was no backup and has no secrets in it, sessions may end');
    if (damagedFrame !== null) {
      notes.push(`its log is damaged at frame ${damagedFrame}, what came after that is lost`);
    }
    const rest = notes.map((note) => `; ${note}`).join('');
    process.stdout.write(`"${folder}": ${entries} entries from "${file}"${rest}\n`);
  });
}
