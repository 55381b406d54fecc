/** Apart from what counts them, which only those who write need. */
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The first character, as a reader counts them, to stand for a nick. */
export function firstCharacter(text: string): string {
  for (const { segment } of graphemes.segment(text)) return segment;
  return '';
}
