import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import looks from 'unhomoglyph/data.json' with { type: 'json' };
import { limits } from '../protocol/limits.ts';
import { cleanNick, skeletonOf } from './nick.ts';
import { countBytes, countGraphemes } from './text.ts';

const nickOf = (raw: string): string | null => {
  const clean = cleanNick(raw);
  return clean.ok ? clean.nick : null;
};
const refusalOf = (raw: string): string | null => {
  const clean = cleanNick(raw);
  return clean.ok ? null : `${clean.code}: ${clean.detail}`;
};

/** Strings in which what a nick may and must not contain stands close together. */
const nickLike = fc
  .array(
    fc.oneof(
      {
        weight: 20,
        arbitrary: fc.constantFrom(...Array.from('aAiIl1oO0mrnéßẞſıİσςΣνΝυаАеоВв日가ﬁⅣ㌀')),
      },
      { weight: 4, arbitrary: fc.constantFrom(...Array.from(" ._'-’\u00a0\u3000\u0301\u0345")) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(...Array.from('\n\t\0\u200b\u200d\ufe0f\u20dd\u3164ﷺ👍')),
      },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 2 }) },
    ),
    { maxLength: 28 },
  )
  .map((parts) => parts.join(''));

describe('a nick', () => {
  test('may be in any script, with digits and the usual separators', () => {
    for (const nick of ['Alice', 'Zoë', "O'Brien", 'Дмитрий', '小明', 'श्याम', 'علي', 'a-b_c.d 2']) {
      expect(nickOf(nick)).toBe(nick);
    }
  });

  test('is trimmed of spaces around it, and of nothing else', () => {
    expect(nickOf('  Alice ')).toBe('Alice');
    expect(nickOf('\u00a0Alice\u3000')).toBe('Alice');
    for (const tail of ['\n', '\r\n', '\t', '\v', '\0', '\u0085', '\u2028', '\u200b', '\ufeff']) {
      expect(refusalOf(`Alice${tail}`)).toStartWith('BAD_NICK: The nick has the character U+');
      expect(refusalOf(`${tail}Alice`)).toStartWith('BAD_NICK: The nick has the character U+');
    }
  });

  test('is normalised to NFKC, and a curly apostrophe is straightened', () => {
    expect(nickOf('Ａｌｉｃｅ')).toBe('Alice');
    expect(nickOf('Zoe\u0308')).toBe('Zoë');
    expect(nickOf('O’Brien')).toBe("O'Brien");
  });

  test('has 1 to 24 graphemes, and a bounded number of bytes', () => {
    expect(refusalOf('')).toStartWith('BAD_NICK: The nick is empty');
    expect(refusalOf('   ')).toStartWith('BAD_NICK: The nick is empty');
    expect(nickOf('क्षि'.repeat(6))).toBe('क्षि'.repeat(6));
    expect(nickOf('a'.repeat(limits.nickMax))).not.toBeNull();
    expect(refusalOf('a'.repeat(limits.nickMax + 1))).toContain('too long');
    expect(refusalOf('é'.repeat(limits.nickMax + 1))).toContain('too long');
    const heavy = `a${'\u0363'.repeat(8)}`;
    expect(countBytes(heavy.repeat(15))).toBeLessThan(limits.nickBytesMax);
    expect(nickOf(heavy.repeat(15))).not.toBeNull();
    expect(refusalOf(heavy.repeat(16))).toContain('too long');
    expect(refusalOf('a'.repeat(1_000_000))).toContain('too long');
  });

  test('refuses what cannot be seen', () => {
    const unseen = ['\u3164', '\u115f', '\u1160', '\uffa0', '\u200d', '\u200c', '\ufe0f', '\u034f'];
    for (const character of [...unseen, '\u{13441}', '\u{e0061}', '\u00ad', '\u2060', '\u2800']) {
      expect(refusalOf(character)).toStartWith('BAD_NICK');
      expect(refusalOf(`Ali${character}ce`)).toStartWith('BAD_NICK');
    }
  });

  test('refuses symbols, emoji, direction marks and half surrogates', () => {
    for (const nick of [
      'a@b',
      '<b>',
      'a/b',
      '👍',
      'a\u202eb',
      'a\u200fb',
      'a\ud800',
      '\udc00a',
      '…!',
    ]) {
      expect(refusalOf(nick)).toStartWith('BAD_NICK');
    }
  });

  test('refuses separators alone, and two spaces that a page would show as one', () => {
    expect(refusalOf('._-')).toBe('BAD_NICK: The nick "._-" has no letter or digit, add one');
    expect(refusalOf('a  b')).toContain('two spaces');
  });

  test('refuses marks without a letter, and towers of them', () => {
    expect(refusalOf('\u0301a')).toContain('stands on no letter');
    expect(refusalOf('a \u0301')).toContain('stands on no letter');
    expect(nickOf(`q${'\u0301'.repeat(limits.marksMax)}`)).not.toBeNull();
    expect(refusalOf(`q${'\u0301'.repeat(limits.marksMax + 1)}`)).toContain('more than 8 marks');
  });

  test('must not claim to be the room or those who keep it, however it is spelt', () => {
    const claims = [
      'admin',
      'ADMIN',
      'аdmin',
      'АDМIN',
      'adm1n',
      'Adm\u0131n',
      'a.d.m.i.n',
      'ａdmin',
    ];
    for (const nick of [...claims, 'M0derator', 'rnod', 'Ѕystem', 'everyone', '-keeper-', 'nu11']) {
      expect(refusalOf(nick)).toEndWith('is kept for the room itself, choose another');
    }
    for (const nick of ['Ali', 'Adam', 'Mode', 'Roman', 'Systema', 'Meg', 'You and me']) {
      expect(nickOf(nick)).toBe(nick);
    }
  });

  test('is within its bounds whatever goes in, and stays as it is when cleaned again', () => {
    fc.assert(
      fc.property(nickLike, (raw) => {
        const clean = cleanNick(raw);
        if (!clean.ok) {
          expect(clean.code).toBe('BAD_NICK');
          return;
        }
        expect(cleanNick(clean.nick)).toEqual(clean);
        expect(countGraphemes(clean.nick)).toBeWithin(1, limits.nickMax + 1);
        expect(countBytes(clean.nick)).toBeLessThanOrEqual(limits.nickBytesMax);
        expect(clean.nick).not.toMatch(/\p{C}|\p{Default_Ignorable_Code_Point}|[^\P{Z} ]/u);
        expect(clean.skeleton).not.toBe('');
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a skeleton', () => {
  test('is the same for nicks that look alike', () => {
    const alike = [
      ['alice', 'аlice', 'a1ice', 'alіce', 'ａlice'],
      ['Bill', 'BiIl', 'B1ll', 'Вill'],
      ['ANNA', 'ΑΝΝΑ'],
      ['modern', 'modem'],
      ['Bob', 'B0b', 'Bοb', 'Воb'],
      ['eve', 'eνe', 'еvе', 'еνе'],
    ];
    for (const [first = '', ...others] of alike) {
      for (const other of others) expect(skeletonOf(other)).toBe(skeletonOf(first));
    }
  });

  test('is the same for both cases of every letter', () => {
    const letters = fc
      .integer({ min: 0x41, max: 0x1e943 })
      .map((point) => String.fromCodePoint(point));
    fc.assert(
      fc.property(letters, (letter) => {
        fc.pre(/\p{L}/u.test(letter) && letter.normalize('NFKC') === letter);
        expect(skeletonOf(letter.toUpperCase())).toBe(skeletonOf(letter));
        expect(skeletonOf(letter.toLowerCase())).toBe(skeletonOf(letter));
      }),
      { numRuns: 2000 },
    );
    for (const [upper, lower] of [
      ['ΝΙΚΟΣ ΥΔΡΑ', 'Νικος Υδρα'],
      ['ДМИТРИЙ', 'Дмитрий'],
      ['STRASSE', 'straße'],
      ['STRAẞE', 'strasse'],
    ] as const) {
      expect(skeletonOf(upper)).toBe(skeletonOf(lower));
    }
  });

  test('keeps plain letters and digits apart, but for those that cannot be told apart', () => {
    const classes = Map.groupBy('abcdefghijklmnopqrstuvwxyz0123456789', skeletonOf);
    const merged = [...classes.values()].filter((members) => members.length > 1);
    expect(merged.map((members) => members.join('')).sort()).toEqual(['il1', 'o0']);
  });

  test('follows the table of Unicode wherever case allows', () => {
    // Case and looks cannot both be kept (see `lookOf`). This is what that costs, as a number, so
    // that another table or a change of the rule is noticed.
    const letters = Object.entries(looks).filter(
      ([letter]) => /^[\p{L}\p{N}\p{M}]$/u.test(letter) && letter === letter.normalize('NFKC'),
    );
    const lost = letters.filter(([letter, look]) => skeletonOf(letter) !== skeletonOf(look));
    expect(letters.length).toBeGreaterThan(2000);
    expect(lost.length).toBeLessThan(90);
    const plain = lost.filter(([, look]) => /^[a-z0-9]$/.test(look)).map(([letter]) => letter);
    expect(plain.sort()).toEqual(Array.from('ƽνυ\u{118c4}\u{118c6}\u{118d5}\u{118dc}'));
  });

  test('can be made of any string', () => {
    fc.assert(
      fc.property(fc.oneof(nickLike, fc.string({ unit: 'binary' })), (raw) => {
        expect(skeletonOf(raw)).toBeString();
      }),
    );
  });
});
