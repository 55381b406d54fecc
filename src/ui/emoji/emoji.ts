/** Emoji by name. The table of them is loaded when somebody first asks for one. */
import { readRecent, writeRecent } from '../browser/memory.ts';

export interface Emoji {
  readonly character: string;
  /** As it is written between colons: `tada`. */
  readonly name: string;
  /** The words by which it is found, its name first, as they are compared. */
  readonly words: readonly string[];
}

export const emojiGroups = [
  'smileys',
  'people',
  'nature',
  'food',
  'activities',
  'travel',
  'objects',
  'symbols',
] as const;

export type EmojiGroup = (typeof emojiGroups)[number];

export type EmojiBook = Readonly<Record<EmojiGroup, readonly Emoji[]>>;

/** What those that people use most are called in other languages: a file for each. */
const namesIn: Readonly<Record<string, () => Promise<{ readonly names: string }>>> = {
  de: async () => await import('./emoji-de.ts'),
  es: async () => await import('./emoji-es.ts'),
  fr: async () => await import('./emoji-fr.ts'),
  ja: async () => await import('./emoji-ja.ts'),
  ar: async () => await import('./emoji-ar.ts'),
};

const books = new Map<string, Promise<EmojiBook>>();

/**
 * All emoji, with their names in the language of the page and in English. Rejects when they cannot
 * be loaded; whoever asks again loads anew.
 */
export async function emojiBook(language = languageOfPage()): Promise<EmojiBook> {
  const book = books.get(language) ?? load(language);
  books.set(language, book);
  try {
    return await book;
  } catch (error) {
    books.delete(language);
    throw error;
  }
}

/** Those that a word leads to: by the beginning of the name first, then of another word of it. */
export function findEmoji(book: EmojiBook, query: string, countMax: number): readonly Emoji[] {
  const sought = fold(query.replaceAll(' ', '_'));
  const ranked = emojiGroups
    .flatMap((group) => book[group])
    .map((emoji) => ({ emoji, rank: rankOf(emoji, sought) }))
    .filter(({ rank }) => rank < Infinity)
    .sort((a, b) => a.rank - b.rank);
  return ranked.slice(0, countMax).map(({ emoji }) => emoji);
}

/** The emoji that were chosen last on this device, the last one first. */
export function recentEmoji(): readonly string[] {
  return readRecent().split(' ').filter(Boolean);
}

export function noteEmoji(character: string): void {
  const others = recentEmoji().filter((other) => other !== character);
  writeRecent([character, ...others].slice(0, recentMax).join(' '));
}

/** Two rows of the picker. */
const recentMax = 16;

async function load(language: string): Promise<EmojiBook> {
  const [{ emojiTable }, { names }] = await Promise.all([
    import('./emoji-table.ts'),
    // Without them there are those of English.
    namesIn[language]?.().catch(() => noNames) ?? noNames,
  ]);
  const own = new Map(linesOf(names).map(([character, ...words]) => [character, words]));
  const parts = new Map(
    emojiTable.split('\n# ').map((part) => {
      const [[group] = [], ...emoji] = linesOf(part);
      return [group, emoji.map((line) => read(line, own))];
    }),
  );
  const groups = emojiGroups.map((group) => [group, parts.get(group) ?? []]);
  return Object.fromEntries(groups) as EmojiBook;
}

const noNames = { names: '' };

function languageOfPage(): string {
  return document.documentElement.lang.replace(/-.*/, '');
}

/** The words of each line, of which some stand beside one another. */
function linesOf(table: string): string[][] {
  return table
    .trim()
    .split(/\n| ; /)
    .map((line) => line.split(' '));
}

/** What it is called in the language of the page goes before what it is called in English. */
function read(
  [character = '', ...english]: readonly string[],
  own: ReadonlyMap<string | undefined, readonly string[]>,
): Emoji {
  const [name = '', ...words] = [...(own.get(character) ?? []), ...english];
  return { character, name, words: [fold(name), ...words.map(fold)] };
}

/** The best rank that one of the words gives, the first of which is the name. */
function rankOf({ words }: Emoji, sought: string): number {
  const [name = '', ...others] = words;
  if (name === sought) return 0;
  if (name.startsWith(sought)) return 1;
  if (others.some((word) => word.startsWith(sought))) return 2;
  return words.some((word) => word.includes(`_${sought}`)) ? 3 : Infinity;
}

/** As it is compared: without accents and without case, as somebody types who is in a hurry. */
function fold(text: string): string {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '');
  return plain.replaceAll('œ', 'oe').toUpperCase().toLowerCase();
}
