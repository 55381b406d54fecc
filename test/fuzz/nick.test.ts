/** Nicks of any string at all. */
import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { cleanNick, skeletonOf } from '../../src/chat/nick.ts';
import { countBytes, countGraphemes } from '../../src/chat/text.ts';
import { limits } from '../../src/protocol/limits.ts';
import { hostile, nickish } from './hostile.ts';

const numRuns = 6_000;

/** The letters of a nick, each with some that a reader takes for it. */
const lookalikes: Readonly<Record<string, readonly string[]>> = {
  a: ['A', 'а', 'А', '𝐚', 'ａ'],
  c: ['C', 'с', 'ⅽ', 'ｃ'],
  e: ['E', 'е', 'Е', '𝑒'],
  i: ['I', 'l', '1', 'і', 'ı', 'Ｉ'],
  k: ['K', 'К', '\u212a', 'ｋ'],
  m: ['M', 'rn', 'М', 'ⅿ'],
  o: ['O', 'о', 'О', 'ο', 'ｏ'],
  p: ['P', 'р', 'Р'],
  x: ['X', 'х', 'Х'],
};

/**
 * Among letters of another script υ and ν are drawn as u and v, and their capitals are not; the
 * iota below a letter is a letter of its own in capitals.
 */
const changesWithCase = /υ|ν|\u0345/u;

test('a nick is clean for good, within its bounds, or refused with a sentence', () => {
  fc.assert(
    fc.property(fc.oneof(nickish, hostile), (raw) => {
      const clean = cleanNick(raw);
      if (!clean.ok) {
        expect(clean.code).toBe('BAD_NICK');
        expect(clean.detail.isWellFormed()).toBeTrue();
        expect(clean.detail.length).toBeLessThan(400);
        return;
      }
      const { nick, skeleton } = clean;
      expect(cleanNick(nick)).toEqual(clean);
      expect(skeletonOf(nick)).toBe(skeleton);
      if (!changesWithCase.test(nick.normalize('NFD'))) {
        expect(skeletonOf(nick.toUpperCase())).toBe(skeleton);
      }
      expect(countGraphemes(nick)).toBeWithin(1, limits.nickMax + 1);
      expect(countBytes(nick)).toBeLessThanOrEqual(limits.nickBytesMax);
      expect(nick).not.toMatch(/[\p{C}\p{Default_Ignorable_Code_Point}<>"&]|[^\P{Z} ]/u);
    }),
    { numRuns },
  );
});

test('a nick that only looks like another one is the other one, or none', () => {
  const letters = fc.array(fc.constantFrom(...Object.keys(lookalikes)), {
    minLength: 2,
    maxLength: 9,
  });
  const drawn = letters.chain((word) =>
    fc.tuple(
      fc.constant(word.join('')),
      fc.tuple(...word.map((letter) => fc.constantFrom(letter, ...(lookalikes[letter] ?? [])))),
    ),
  );
  fc.assert(
    fc.property(drawn, ([nick, imitation]) => {
      expect(skeletonOf(imitation.join(''))).toBe(skeletonOf(nick));
    }),
    { numRuns },
  );
});

test('a skeleton can be made of anything, and stays the same', () => {
  fc.assert(
    fc.property(hostile, (raw) => {
      const skeleton = skeletonOf(raw);
      expect(skeletonOf(raw)).toBe(skeleton);
      expect(skeleton.length).toBeLessThanOrEqual(18 * raw.length + 18);
    }),
    { numRuns },
  );
});
