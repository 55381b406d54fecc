/** Characters as a reader counts them. The server counts the same way. */
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The limit where the room has not told its own. */
const textMaxDefault = 2_000;
/** From this share of the limit on, the characters that are left are counted. */
const nearLimit = 0.9;
/** So many characters too many are counted; of more it is only said that they are more. */
export const excessMax = 1_000;
/** Bytes that a character of the limit may take on average: `limits.textBytesMax`. */
export const bytesPerCharacter = 4;
/** Longer than any text that can be sent, in code units. */
const normalisedMax = 10_000;

const utf8 = new TextEncoder();

/** Counts no further than `most`: a pasted book would take seconds, at every key. */
export function countCharacters(text: string, most: number): number {
  let count = 0;
  for (const _ of graphemes.segment(text)) {
    count += 1;
    if (count === most) break;
  }
  return count;
}

/**
 * How many characters of a message are left, once it matters: null long before the limit, negative
 * beyond it. The limit is one of characters and one of bytes, so that of characters that take many
 * bytes there are fewer: an emoji of a family takes 25.
 */
export function charactersLeft(text: string, charactersMax = textMaxDefault): number | null {
  // No character is shorter than a code unit, and no code unit is longer than three bytes.
  if (text.length < charactersMax * nearLimit) return null;
  const sent = asRecorded(text);
  const countMax = charactersMax + excessMax;
  const count = countCharacters(sent, countMax);
  if (count === countMax) return -excessMax;
  const bytes = utf8.encode(sent).length;
  const bytesMax = charactersMax * bytesPerCharacter;
  const isNear = count >= charactersMax * nearLimit || bytes >= bytesMax * nearLimit;
  if (!isNear) return null;
  const fitting = Math.floor((bytesMax - bytes) / Math.max(1, bytes / count));
  return Math.max(-excessMax, Math.min(charactersMax - count, fitting));
}

/** The text as the server counts it: normalised, and without the white space at its end. */
function asRecorded(text: string): string {
  const sent = text.trimEnd();
  // Normalising a tower of marks takes the square of its length, at every key.
  return sent.length > normalisedMax ? sent : sent.normalize('NFC');
}
