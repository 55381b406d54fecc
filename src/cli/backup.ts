/** `encke backup FILE`: copies the room, while it is open or not. */
import { keeperCodeFile, keepPrivate, keyFile } from '../chat/secrets.ts';
import { backUp } from '../journal/sqlite-backup.ts';
import { onData } from './on-data.ts';

/** The files of the data folder that a backup has, beside what is in the journal. */
export const secretNames = [keyFile, keeperCodeFile] as const;

/** Takes a backup and says what is in it. The answer is the exit code. */
export function backup(file: string, argv: readonly string[]): number {
  return onData(argv, (folder) => {
    keepPrivate();
    const { entries, bytes } = backUp({ folder, file, secretNames });
    const range = entries === 0 ? 'no entries' : `${entries} entries, up to seq ${entries}`;
    process.stdout.write(`"${file}": ${range}, ${bytes} bytes, read back and whole\n`);
  });
}
