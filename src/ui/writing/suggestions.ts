/** What a word that is being written may be completed to, best first. */
import type { Who } from '../../protocol/entries.ts';
import { commands } from './commands.ts';
import type { Wanted } from './completion.ts';
import { emojiBook, findEmoji } from '../emoji/emoji.ts';

export interface Suggestion {
  readonly kind: Wanted['kind'];
  /** What takes the place of the word. */
  readonly text: string;
  /** What is chosen, without its sign: a nick, a command with its usage, an emoji's name. */
  readonly name: string;
  /** More about it; empty when its name tells enough. */
  readonly help: string;
}

/** As many as fit above the keyboard of a phone. */
export const suggestionsMax = 8;

export interface Surroundings {
  readonly isKeeper: boolean;
  /** Who may be meant by the beginning of a nick. */
  readonly members: (prefix: string) => Promise<readonly Who[]>;
}

/** Finds them. Nothing where they cannot be had: whoever writes goes on without. */
export async function suggest(
  { kind, query }: Wanted,
  { isKeeper, members }: Surroundings,
): Promise<readonly Suggestion[]> {
  switch (kind) {
    case 'command':
      return commands()
        .filter(
          ({ name, isForKeepers }) =>
            name.startsWith(query.toLowerCase()) && (isKeeper || !isForKeepers),
        )
        .map(({ name, usage, help }) => ({
          kind,
          text: `/${name}`,
          name: usage === '' ? name : `${name} ${usage}`,
          help,
        }));
    case 'member':
      return (await members(query))
        .slice(0, suggestionsMax)
        .map(({ nick }) => ({ kind, text: `@${nick}`, name: nick, help: '' }));
    default: {
      const book = await emojiBook().catch(() => null);
      if (book === null) return [];
      return findEmoji(book, query, suggestionsMax).map(({ character, name }) => ({
        kind,
        text: character,
        name,
        help: '',
      }));
    }
  }
}
