/**
 * What a search finds, in one place: a message is found when it has each word of the query. Letters
 * are compared without their case and without their accents. A word finds those that begin with it;
 * in scripts that do not divide their words, or join others to them, it is found anywhere.
 *
 * Pure, so that every journal finds the same, with an index or without.
 */

/** A word of a query, folded. */
export interface Word {
  readonly text: string;
  /** It is of a script without gaps between words: it may stand anywhere in a run of letters. */
  readonly isJoined: boolean;
}

/** The words of a query or of a message, each once, in the order in which they come. */
export function wordsIn(text: string): readonly Word[] {
  const words = new Map<string, Word>();
  for (const [run, joined] of fold(text).matchAll(runs)) {
    words.set(run, { text: run, isJoined: joined !== undefined });
  }
  return [...words.values()];
}

/** Whether a text has each of these words. */
export function hasWords(text: string, asked: readonly Word[]): boolean {
  const words = wordsIn(text);
  return asked.every((word) =>
    word.isJoined
      ? words.some((other) => other.isJoined && other.text.includes(word.text))
      : words.some((other) => !other.isJoined && other.text.startsWith(word.text)),
  );
}

/**
 * A text as an index takes it: terms with a blank between two. Every text that `hasWords` is among
 * those that have all of `termsFor`. ASCII divides itself, by whatever is no letter and no digit.
 */
export function indexed(text: string): string {
  if (ascii.test(text)) return text;
  return wordsIn(text)
    .map((word) => (word.isJoined ? pieces(word.text).join(' ') : word.text))
    .join(' ');
}

/** What an index is asked for a word: whole terms, or beginnings of terms. */
export function termsFor({ text, isJoined }: Word): readonly string[] {
  if (!isJoined) return [text];
  const wanted = pieces(text).filter((piece) => Array.from(piece).length === pieceLength);
  return wanted.length === 0 ? [text] : wanted.slice(0, piecesMax);
}

/**
 * Characters that a run of joined letters is cut into, at each of its characters. The last ones are
 * shorter, and so each stretch of letters, however short, begins a piece.
 */
const pieceLength = 3;
/** Pieces of a word that are looked up. More of them would hardly leave out anything further. */
const piecesMax = 12;

/** The pieces of a run, each once: where in it they stand, an index is not told. */
function pieces(run: string): string[] {
  const characters = Array.from(run);
  const all = characters.map((_, index) => characters.slice(index, index + pieceLength).join(''));
  return [...new Set(all)];
}

function fold(text: string): string {
  if (ascii.test(text)) return text.toLowerCase();
  // Upper case first: "ß" and "SS" are one, and so are the three letters sigma, but for the last.
  return text
    .normalize('NFKD')
    .replace(unheard, '')
    .toUpperCase()
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .normalize('NFC');
}

// oxlint-disable-next-line no-control-regex -- What is ASCII includes them.
const ascii = /^[\x00-\x7f]*$/;

/**
 * Accents, the vowel signs of Hebrew and Arabic, which are seldom written, the stretching of
 * Arabic, joiners, and what chooses between forms of one character. The marks of other scripts
 * stay: in Hindi or Thai they are vowels, and in Japanese they make another letter.
 */
const unheard = new RegExp(
  String.raw`[\u0300-\u036f\u0640\u200c\u200d\ufe00-\ufe0f[[\p{scx=Arab}\p{scx=Hebr}]&&\p{Mn}]]`,
  'gv',
);

/** Letters, digits and marks. */
const letter = String.raw`[\p{L}\p{N}\p{M}]`;
/**
 * Scripts that write without gaps, and those that join articles and prepositions to their words.
 * An emoji is looked for like one of their characters.
 */
const joinedScript = [
  'scx=Han scx=Hira scx=Kana scx=Bopo',
  'sc=Thai sc=Laoo sc=Khmr sc=Mymr sc=Tibt sc=Arab sc=Hebr',
]
  .join(' ')
  .replaceAll(/\S+/g, String.raw`\p{$&}`)
  .replaceAll(' ', '');
const joinedLetter = String.raw`[[${joinedScript}]&&${letter}]`;
const pictures = String.raw`[\p{Extended_Pictographic}\p{RI}--\p{ASCII}]`;
const runs = new RegExp(`((?:${joinedLetter}|${pictures})+)|[${letter}--${joinedLetter}]+`, 'gv');
