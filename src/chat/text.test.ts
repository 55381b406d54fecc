import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { limits } from '../protocol/limits.ts';
import { cleanText, cleanTopic, countBytes, countGraphemes } from './text.ts';

const textOf = (raw: string): string | null => {
  const clean = cleanText(raw);
  return clean.ok ? clean.text : null;
};
const refusalOf = (raw: string): string | null => {
  const clean = cleanText(raw);
  return clean.ok ? null : `${clean.code}: ${clean.detail}`;
};

/** Strings in which everything that cleaning looks at stands close together. */
const textLike = fc
  .array(
    fc.oneof(
      fc.constantFrom('a', 'é', 'e', ' ', '\t', '\n', '\r', '\r\n', '日', '가', '\u1100', '\u1161'),
      fc.constantFrom('\u0301', '\u0327', '\u0344', '\u0345', '\ufe0f', '\u20e3', '\u0f71\u0f80'),
      fc.constantFrom(
        '\u200b',
        '\u200c',
        '\u200d',
        '\u200e',
        '\u202e',
        '\u2066',
        '\ufeff',
        '\u0085',
      ),
      fc.constantFrom(
        '👍',
        '🏽',
        '🇩',
        '🏴',
        '\u{e0067}\u{e0062}',
        '\u{e007f}',
        '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
        '\u2028',
        '\u007f',
      ),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 2 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

describe('a text', () => {
  test('keeps its words, its line breaks and its indentation', () => {
    const text = '  if (a) {\n\treturn b;\n  }\n\n«Ζωή», 日本語, שלום';
    expect(textOf(text)).toBe(text);
  });

  test('has LF between its lines, and no white space at its end', () => {
    expect(textOf('a\r\nb\rc\u2028d\u0085e \t\r\n\u3000')).toBe('a\nb\nc\nd\ne');
  });

  test('is normalised to NFC', () => {
    expect(textOf('Zoe\u0308')).toBe('Zoë');
    expect(textOf('\u1112\u1161\u11ab')).toBe('한');
  });

  test('loses controls and what turns the line around, but keeps marks of direction', () => {
    expect(textOf('a\u0007\u001b[31mb\u007f\u009f')).toBe('a[31mb');
    expect(textOf('\u202eevil\u202c \u2066x\u2069\ufeff\u200b')).toBe('evil x');
    expect(textOf('\u200eab\u200f\u061c.')).toBe('\u200eab\u200f\u061c.');
  });

  test('keeps the joiners of Persian and of emoji, and the variation of a heart', () => {
    for (const text of ['می\u200cخواهم', '👩‍👩‍👧‍👦', '❤️', '1️⃣', '🏳️‍🌈', '🇩🇪'])
      expect(textOf(text)).toBe(text);
  });

  test('cannot hide words in tag characters, which only flags may have', () => {
    expect(textOf('🏴󠁧󠁢󠁥󠁮󠁧󠁿 wins')).toBe('🏴󠁧󠁢󠁥󠁮󠁧󠁿 wins');
    expect(textOf('hi\u{e0073}\u{e0065}\u{e0063}\u{e007f}')).toBe('hi');
    expect(textOf('🏴\u{e0073}\u{e0065}\u{e0063}\u{e007f}')).toBe('🏴');
  });

  test('is refused when it has NUL or half a surrogate pair', () => {
    expect(refusalOf('a\0b')).toBe('BAD_TEXT: The message has a NUL character, leave it out');
    for (const raw of ['a\ud800', '\udc00a', '\udc00\ud800']) {
      expect(refusalOf(raw)).toContain('half a surrogate pair');
    }
  });

  test('is refused when there is nothing to see', () => {
    for (const raw of [
      '',
      ' \n\t',
      '\u200b',
      '\u200d\u200c',
      '\u3164',
      '\u2800',
      '\ufe0f \u00ad',
      '\u202e',
    ]) {
      expect(refusalOf(raw)).toContain('The message is empty');
    }
  });

  test('is refused when marks stand in a tower, and told where', () => {
    const most = '\u0316'.repeat(limits.marksMax);
    expect(textOf(`q${most}`)).not.toBeNull();
    expect(refusalOf(`Zo\u0065\u0308 q${most}\u0316`)).toBe(
      'BAD_TEXT: The message has more than 8 marks on character 5, use fewer',
    );
    // A joiner between them makes no new base.
    expect(refusalOf(`q${most}\u200d\u0316`)).toContain('more than 8 marks');
    // One code point that NFC takes apart into two marks.
    expect(refusalOf(`q${'\u0344'.repeat(limits.marksMax)}`)).toContain('more than 8 marks');
  });

  test('is measured in graphemes and in bytes, and refused rather than cut', () => {
    const most = 'a'.repeat(limits.textMax);
    expect(textOf(`${most}  \n`)).toBe(most);
    expect(refusalOf(`${most}b`)).toBe(
      'BAD_TEXT: The message is too long: 2001 characters, 2000 are the most, shorten it',
    );
    // 2,000 graphemes, 4,000 code units, 8,000 bytes: all at the limit.
    expect(textOf('👍'.repeat(limits.textMax))).not.toBeNull();
    expect(refusalOf('👍🏽'.repeat(1_001))).toContain('more than 8000 bytes');
    expect(textOf('e\u0301'.repeat(limits.textMax))).toBe('é'.repeat(limits.textMax));
  });

  test('is refused at once when it is hostile, before any work that grows faster than it', () => {
    // Normalising the first of them takes a second, because it sorts marks in quadratic time; all
    // rounds of it would take longer than a test may.
    const marks = ['\u0301', '\u0327', '\u0316', '\u0345'].join('');
    const hostile = [
      `a${marks.repeat(12_000)}`,
      `${'\u0301'.repeat(8)}\u200d`.repeat(5_400),
      `\u0301${'\u200d'.repeat(48_000)}`,
      '👨\u200d'.repeat(16_000),
      '🇩'.repeat(24_000),
      'a'.repeat(10_000_000),
      `a${' '.repeat(48_000)}é`,
    ];
    for (let round = 0; round < 20; round += 1) {
      for (const raw of hostile) expect(refusalOf(raw)).toStartWith('BAD_TEXT');
    }
  });

  test('is within its bounds whatever goes in, and stays as it is when cleaned again', () => {
    fc.assert(
      fc.property(textLike, (raw) => {
        const clean = cleanText(raw);
        if (!clean.ok) {
          expect(clean.code).toBe('BAD_TEXT');
          return;
        }
        const { text } = clean;
        expect(cleanText(text)).toEqual(clean);
        expect(text.isWellFormed()).toBeTrue();
        expect(text.normalize('NFC')).toBe(text);
        expect(text).not.toMatch(/[^\P{Cc}\n\t]|[\u200b\u202a-\u202e\u2066-\u2069\ufeff]/u);
        expect(countGraphemes(text)).toBeWithin(1, limits.textMax + 1);
        expect(countBytes(text)).toBeLessThanOrEqual(limits.textBytesMax);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a topic', () => {
  test('is one trimmed line', () => {
    expect(cleanTopic('  News of the comet \n')).toEqual({ ok: true, topic: 'News of the comet' });
    for (const raw of ['a\nb', 'a\r\nb', 'a\tb', 'a\u2028b']) {
      expect(cleanTopic(raw)).toMatchObject({ ok: false, code: 'BAD_TEXT' });
    }
  });

  test('may be empty, and an invisible one is', () => {
    for (const raw of ['', '  ', '\n', '\u200d', '\u3164']) {
      expect(cleanTopic(raw)).toEqual({ ok: true, topic: '' });
    }
  });

  test('has bounds of its own', () => {
    expect(cleanTopic('a'.repeat(limits.topicMax)).ok).toBeTrue();
    expect(cleanTopic('a'.repeat(limits.topicMax + 1)).ok).toBeFalse();
    expect(cleanTopic('👩‍👩‍👧‍👦'.repeat(50))).toMatchObject({ ok: false });
  });

  test('stays as it is when cleaned again', () => {
    fc.assert(
      fc.property(textLike, (raw) => {
        const clean = cleanTopic(raw);
        if (!clean.ok) return;
        expect(cleanTopic(clean.topic)).toEqual(clean);
        expect(clean.topic).not.toContain('\n');
      }),
    );
  });
});

test('graphemes are what a reader counts', () => {
  expect(countGraphemes('')).toBe(0);
  expect(countGraphemes('abc')).toBe(3);
  expect(countGraphemes('e\u0301👩‍👩‍👧‍👦🇩🇪')).toBe(3);
});
