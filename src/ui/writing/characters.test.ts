import { describe, expect, test } from 'bun:test';
import { cleanText } from '../../chat/text.ts';
import { limits } from '../../protocol/limits.ts';
import { bytesPerCharacter, charactersLeft, excessMax } from './characters.ts';

const left = (text: string): number | null => charactersLeft(text, limits.textMax);

describe('the characters that are left', () => {
  test('are not counted before it matters', () => {
    expect(left('a'.repeat(1_799))).toBeNull();
    expect(left('👍'.repeat(1_799))).toBeNull();
    expect(left('a'.repeat(1_800))).toBe(200);
  });

  test('are those of the server: characters as a reader sees them', () => {
    expect(left('a'.repeat(2_000))).toBe(0);
    expect(left('👍'.repeat(1_990))).toBe(10);
    expect(left('e\u0301'.repeat(1_990))).toBe(10);
    expect(left(`${'a'.repeat(2_000)}\n  `)).toBe(0);
    expect(left('a'.repeat(2_001))).toBe(-1);
  });

  test('are fewer where each takes many bytes', () => {
    const family = '👩‍👩‍👧‍👦';
    expect(left(family.repeat(200))).toBeNull();
    expect(left(family.repeat(319))).toBe(1);
    expect(left(family.repeat(320))).toBe(0);
    expect(left(family.repeat(321))).toBe(-1);
  });

  test('of a book are counted only so far', () => {
    expect(left('a'.repeat(1_000_000))).toBe(-excessMax);
  });

  test('are negative for just those texts that the server refuses for their length', () => {
    expect(limits.textMax * bytesPerCharacter).toBe(limits.textBytesMax);
    for (const character of ['a', 'é', '漢', '👍', '👩‍👩‍👧‍👦', 'e\u0301', 'ก', '각']) {
      for (const count of [200, 300, 319, 320, 321, 400, 1_999, 2_000, 2_001, 2_700]) {
        const text = character.repeat(count);
        expect((left(text) ?? 1) >= 0).toBe(cleanText(text).ok);
      }
    }
  });
});
