/** Emoji by name. The table of them is loaded when somebody first asks for one. */
import { readRecent, writeRecent } from '../browser/memory.ts';

export interface Emoji {
  readonly character: string;
  /** As it is written between colons: `tada`. */
  readonly name: string;
  /** Other words by which it is found. */
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

let loading: Promise<EmojiBook> | null = null;

/** All emoji. Rejects when they cannot be loaded; whoever asks again loads anew. */
export async function emojiBook(): Promise<EmojiBook> {
  loading ??= import('./emoji-table.ts').then(({ emojiTable }) => readTable(emojiTable));
  try {
    return await loading;
  } catch (error) {
    loading = null;
    throw error;
  }
}

/** Those that a word leads to: by the beginning of the name first, then of another word of it. */
export function findEmoji(book: EmojiBook, query: string, countMax: number): readonly Emoji[] {
  const sought = query.toLowerCase().replaceAll(' ', '_');
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

function readTable(table: string): EmojiBook {
  const parts = new Map(
    table.split('\n# ').map((part) => {
      const [name, ...emoji] = part.trim().split(/\n| ; /);
      return [name, emoji.map(read)];
    }),
  );
  const groups = emojiGroups.map((group) => [group, parts.get(group) ?? []]);
  return Object.fromEntries(groups) as EmojiBook;
}

function read(line: string): Emoji {
  const [character = '', name = '', ...words] = line.split(' ');
  return { character, name, words };
}

function rankOf({ name, words }: Emoji, sought: string): number {
  if (name === sought) return 0;
  if (name.startsWith(sought)) return 1;
  if (words.some((word) => word.startsWith(sought))) return 2;
  return name.includes(`_${sought}`) ? 3 : Infinity;
}
