/** Where bugs are planted: the text of a source file, and what takes its place. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What replaces what, and where. The text stands in the file once. */
export interface Place {
  /** From the root of the project. */
  readonly file: string;
  readonly find: string;
  readonly put: string;
}

export const root = join(import.meta.dirname, '..', '..');

/**
 * The text of a file with a bug in it. Throws when a place is not there, or not alone: nothing
 * would be planted, and nothing proved.
 */
export function planted(file: string, places: readonly Place[]): string {
  let text = readFileSync(join(root, file), 'utf8');
  for (const { find, put } of places) {
    const parts = text.split(find);
    if (parts.length !== 2) {
      throw new Error(`"${find}" stands ${parts.length - 1} times in ${file}, not once`);
    }
    text = parts.join(put);
  }
  return text;
}
