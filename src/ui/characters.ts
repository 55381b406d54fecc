/** Characters as a reader counts them. The server counts the same way. */
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Counts no further than `most`: a pasted book would take seconds, at every key. */
export function countCharacters(text: string, most: number): number {
  let count = 0;
  for (const _ of graphemes.segment(text)) {
    count += 1;
    if (count === most) break;
  }
  return count;
}

/** The first character, to stand for a nick. */
export function firstCharacter(text: string): string {
  for (const { segment } of graphemes.segment(text)) return segment;
  return '';
}
