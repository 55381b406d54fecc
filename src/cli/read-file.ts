import { readFileSync } from 'node:fs';

/** The text of a file; null when there is none. Throws when it cannot be read, or is not UTF-8. */
export function readFile(path: string): string | null {
  try {
    // What is not UTF-8 would be read as other characters than were meant, and nobody told.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
  } catch (reason) {
    if ((reason as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw reason;
  }
}
