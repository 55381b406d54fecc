import type { Piece } from '../words/grammar.ts';
import { words } from '../words/words.ts';

/** What the keys do at a message: for the list of keys. `log-keys.ts` is where they do it. */
export function readingKeys(): readonly (readonly [Piece, string])[] {
  const { keysOf } = words.reading;
  return [
    [[<kbd>Home</kbd>, ' ', <kbd>End</kbd>], keysOf.ends],
    [<kbd>r</kbd>, keysOf.reply],
    [<kbd>+</kbd>, keysOf.react],
    [<kbd>e</kbd>, keysOf.edit],
    [<kbd>c</kbd>, keysOf.copyLink],
    [<kbd>Delete</kbd>, keysOf.delete],
  ];
}
