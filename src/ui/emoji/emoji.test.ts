import { describe, expect, test } from 'bun:test';
import { cleanEmoji } from '../../chat/emoji.ts';
import { emojiBook, emojiGroups, findEmoji } from './emoji.ts';

const book = await emojiBook();
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
