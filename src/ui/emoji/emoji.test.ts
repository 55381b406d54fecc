import { describe, expect, test } from 'bun:test';
import { cleanEmoji } from '../../chat/emoji.ts';
import { emojiBook, emojiGroups, findEmoji } from './emoji.ts';

const book = await emojiBook('en');
const all = emojiGroups.flatMap((group) => book[group]);

describe('every emoji', () => {
  test('is one that the server takes as a reaction, as it is', () => {
    expect(all.length).toBeGreaterThan(400);
    for (const { character } of all) {
      expect(cleanEmoji(character)).toEqual({ ok: true, emoji: character });
    }
  });

  test('stands in the table once, under a name that can be typed', () => {
    expect(new Set(all.map(({ character }) => character)).size).toBe(all.length);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    for (const { name, words } of all) expect([name, ...words].join('')).toMatch(/^[\w+-]+$/);
  });

  test('is found first by its own name', () => {
    for (const emoji of all) expect(findEmoji(book, emoji.name, 1)).toEqual([emoji]);
  });
});

test('a word leads to names that begin with it, then to other words, and to nothing else', () => {
  const names = (query: string): string[] =>
    findEmoji(book, query, 8).map(({ character }) => character);
  expect(names('tad')).toEqual(['🎉']);
  expect(names('Thumbs up')).toEqual(['👍']);
  expect(names('heart')[0]).toBe('❤️');
  expect(names('heart')).toContain('😍');
  expect(names('xyz')).toEqual([]);
  expect(names('s')).toHaveLength(8);
});

describe.each(await Promise.all(['de', 'es', 'fr', 'ja', 'ar'].map(namedIn)))(
  'the names in the language "%s"',
  (_, own, lines) => {
    const english = new Map(all.map(({ character, name }) => [character, name]));

    test('are those of emoji that can be chosen, each once', () => {
      const characters = lines.map((line) => line.split(' ')[0] ?? '');
      expect(characters.length).toBeGreaterThan(150);
      expect(new Set(characters).size).toBe(characters.length);
      expect(characters.filter((character) => !english.has(character))).toEqual([]);
    });

    test('can be typed behind a colon, and lead to their emoji first', () => {
      for (const line of lines) {
        const [character = '', name = '', ...words] = line.split(' ');
        for (const word of [name, ...words]) expect(word).toMatch(/^[\p{L}\p{N}\p{M}_]+$/u);
        expect(findEmoji(own, name, 1).map((emoji) => emoji.character)).toEqual([character]);
      }
    });

    test('leave those of English, by which an emoji is found as well', () => {
      for (const [character, name] of english) {
        const found = findEmoji(own, name, all.length).map((emoji) => emoji.character);
        expect(found).toContain(character);
      }
    });
  },
);

/** A language, its emoji, and the lines of its table. */
async function namedIn(language: string) {
  const { names } = (await import(`./emoji-${language}.ts`)) as { readonly names: string };
  return [language, await emojiBook(language), names.trim().split(/\n| ; /)] as const;
}

test.each([
  ['es', ['corazón', 'CORAZON', 'coraz'], '❤️'],
  ['fr', ['cœur', 'coeur'], '❤️'],
  ['de', ['heiß', 'heiss', 'hitze'], '🥵'],
  ['ja', ['ハート', 'ハー'], '❤️'],
])(
  'an emoji is found in the language "%s" however it is typed',
  async (language, queries, sought) => {
    const own = await emojiBook(language);
    for (const query of queries) {
      expect(findEmoji(own, query, 1)).toMatchObject([{ character: sought }]);
    }
  },
);
