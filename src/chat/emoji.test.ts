import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { cleanEmoji } from './emoji.ts';

const emojiOf = (raw: string): string | null => {
  const clean = cleanEmoji(raw);
  return clean.ok ? clean.emoji : null;
};

describe('a reaction', () => {
  test('is one emoji, however many code points it takes', () => {
    const simple = ['👍', '👍🏽', '❤️', '🇩🇪', '1️⃣'];
    const joined = ['🏴󠁧󠁢󠁥󠁮󠁧󠁿', '👩‍👩‍👧‍👦', '👩🏽‍❤️‍💋‍👨🏿', '🕵🏻‍♂️', '☝🏽'];
    for (const emoji of [...simple, ...joined]) {
      expect(emojiOf(emoji)).toBe(emoji);
    }
  });

  test('is the same with and without the variation selectors that keyboards leave out', () => {
    for (const emoji of ['❤️', '☝️', '©️', '1️⃣', '🏳️‍🌈', '👁️‍🗨️', '🕵🏻‍♂️', '⛓️‍💥', '🏴‍☠️']) {
      expect(emojiOf(emoji.replaceAll('\ufe0f', ''))).toBe(emoji);
      expect(emojiOf(emoji)).toBe(emoji);
    }
  });

  test('knows every emoji of one code point in its full form', () => {
    let count = 0;
    for (let codePoint = 0x20; codePoint <= 0x1ffff; codePoint += 1) {
      const bare = String.fromCodePoint(codePoint);
      const full = [bare, `${bare}\ufe0f`].find((form) => /^\p{RGI_Emoji}$/v.test(form));
      if (full === undefined) {
        expect(emojiOf(bare)).toBeNull();
        continue;
      }
      count += 1;
      expect(emojiOf(bare)).toBe(full);
      expect(emojiOf(full)).toBe(full);
    }
    expect(count).toBeGreaterThan(1_300);
  });

  test('is nothing else: no text, no two emoji, no part of one', () => {
    for (const raw of [
      '',
      'a',
      '1',
      '#',
      ' 👍',
      '👍\n',
      '👍👍',
      '🇩',
      '❤︎',
      '🏴\u{e0067}',
      '\u200d',
      '👍'.repeat(99),
    ]) {
      expect(cleanEmoji(raw)).toMatchObject({ ok: false, code: 'BAD_REQUEST' });
    }
  });

  test('comes out as one short emoji or not at all, and stays as it is', () => {
    const pieces = [
      '👍',
      '🏽',
      '❤',
      '\ufe0f',
      '\ufe0e',
      '\u200d',
      '🇩',
      '🇪',
      '1',
      '\u20e3',
      '♂',
      '🏴',
      '\ud800',
    ];
    const emojiLike = fc.array(fc.constantFrom(...pieces), { maxLength: 6 });
    fc.assert(
      fc.property(
        fc.oneof(
          emojiLike.map((parts) => parts.join('')),
          fc.string({ unit: 'binary' }),
        ),
        (raw) => {
          const emoji = emojiOf(raw);
          if (emoji === null) return;
          expect(emojiOf(emoji)).toBe(emoji);
          expect(Buffer.byteLength(emoji)).toBeLessThanOrEqual(64);
          expect(emoji).toMatch(/^\p{RGI_Emoji}$/v);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
