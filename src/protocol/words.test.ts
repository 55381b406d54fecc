import { describe, expect, test } from 'bun:test';
import { hasWords, indexed, termsFor, wordsIn } from './words.ts';

function found(text: string, query: string): boolean {
  return hasWords(text, wordsIn(query));
}

describe('a word', () => {
  test('is the same whatever its case and its accents', () => {
    for (const [text, query] of [
      ['Straße', 'STRASSE'],
      ['crème brûlée', 'CREME BRÛLEE'],
      ['ΟΔΟΣ', 'οδός'],
      ['İstanbul', 'istanbul'],
      ['Ｆｕｌｌ ｗｉｄｔｈ', 'full width'],
      ['e\u0301te\u0301', 'été'],
    ] as const) {
      expect([text, found(text, query)]).toEqual([text, true]);
      expect([query, found(query, text)]).toEqual([query, true]);
    }
  });

  test('is another one where a mark makes another letter', () => {
    expect(found('かき', 'かぎ')).toBe(false);
    expect(found('कि', 'का')).toBe(false);
  });

  test('finds those that begin with it, or have it where words have no gaps', () => {
    expect(found('learning', 'learn')).toBe(true);
    expect(found('learning', 'earn')).toBe(false);
    expect(found('東京都庁', '京都')).toBe(true);
    expect(found('والكتاب', 'كتاب')).toBe(true);
  });

  test('is divided where the script changes', () => {
    expect(wordsIn('2024年 iPhone買う').map(({ text }) => text)).toEqual([
      '2024',
      '年',
      'iphone',
      '買う',
    ]);
  });

  test('is no sign, but an emoji is', () => {
    expect(wordsIn('"*^:-() ++ \u0000 —')).toEqual([]);
    expect(found('well done 👍🏽', '👍')).toBe(true);
  });
});

describe('an index', () => {
  test('is given terms without signs of ASCII, so that nothing ends a quote', () => {
    const hostile = Array.from({ length: 0x3000 }, (_, code) => String.fromCodePoint(code)).join(
      '',
    );
    for (const word of wordsIn(hostile)) {
      for (const term of termsFor(word)) expect(term).toMatch(/^(?:[a-z0-9]|[^ -\x7f])+$/);
    }
  });

  test('is given a piece of a run once, however often it comes again', () => {
    const terms = indexed('ㇷ'.repeat(2_000)).split(' ');
    expect(terms).toHaveLength(3);
    expect(termsFor({ text: 'はは'.repeat(20), isJoined: true })).toEqual(['ははは']);
  });

  test('has a term for each stretch of a run that it is asked for', () => {
    const text = '今日は日本語を話します';
    const terms = indexed(text).split(' ');
    for (let from = 0; from < text.length; from++) {
      for (let to = from + 1; to <= text.length; to++) {
        const asked = wordsIn(text.slice(from, to)).flatMap(termsFor);
        const isThere = asked.every((term) => terms.some((other) => other.startsWith(term)));
        expect([from, to, isThere]).toEqual([from, to, true]);
      }
    }
  });
});
