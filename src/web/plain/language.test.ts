import { describe, expect, test } from 'bun:test';
import { english, languageFor, languages } from './language.ts';

/** A number of each form that a language may have. */
const counts = [0, 1, 2, 3, 11, 100];

/** All that a language says on these pages alone: every text, and every function of each count. */
function saidIn(words: object): ReadonlyMap<string, readonly string[]> {
  const said = new Map<string, readonly string[]>();
  const visit = (path: string, node: unknown): void => {
    if (typeof node === 'string') said.set(path, [node]);
    else if (typeof node === 'function') {
      const sentence = node as (...pieces: unknown[]) => unknown;
      const flat = (piece: unknown): string =>
        Array.isArray(piece) ? piece.map(flat).join('') : String(piece);
      said.set(
        path,
        counts.map((count) => flat(sentence(count, count, count))),
      );
    } else {
      for (const [key, value] of Object.entries(node ?? {})) visit(`${path}.${key}`, value);
    }
  };
  visit('', words);
  return said;
}

describe('the language of a plain page', () => {
  test('is the one that the browser likes best of those there are', () => {
    for (const [accepted, code] of [
      ['de', 'de'],
      ['de-AT,de;q=0.9,en;q=0.8', 'de'],
      ['pt-BR, pt;q=0.9, es;q=0.7, en;q=0.8', 'en'],
      ['en;q=0.5, ja;q=0.501', 'ja'],
      ['AR-EG', 'ar'],
      ['fr ; q=1', 'fr'],
      ['nl, fr-CA;q=0.2', 'fr'],
    ] as const) {
      expect([accepted, languageFor(accepted).code]).toEqual([accepted, code]);
    }
  });

  test('is English where the browser names none, or nothing that can be understood', () => {
    for (const accepted of [null, '', '*', 'nl', 'de;q=0', 'de;q=x', ';;,,=', 'q=1', '__proto__']) {
      expect([accepted, languageFor(accepted).code]).toEqual([accepted, 'en']);
    }
  });

  test('is looked for among the first that are named, however many there are', () => {
    expect(languageFor(`de,${'nl,'.repeat(5_000)}`).code).toBe('de');
    expect(languageFor(`${'nl,'.repeat(5_000)}de`).code).toBe('en');
  });

  test('runs from right to left where it is written so', () => {
    const turned = languages.filter(({ direction }) => direction === 'rtl');
    expect(turned.map(({ code }) => code)).toEqual(['ar']);
  });
});

describe.each(languages.slice(1).map((language) => [language.code, language] as const))(
  'what the plain pages alone say in "%s"',
  (code, { plain }) => {
    const said = saidIn(plain);
    const texts = [...said.values()].flat();

    test('is not what they say in English', () => {
      const model = saidIn(english.plain);
      expect([...said.keys()].sort()).toEqual([...model.keys()].sort());
      const same = [...said].filter(([path, own]) =>
        own.some((text) => model.get(path)?.includes(text)),
      );
      expect(same).toEqual([]);
    });

    test('carries no markup, no code and no quotes of a typewriter', () => {
      const wrong = /<|&\w+;|\$\{|undefined|NaN|\[object|["'`]|#|\.\.\.|\S {2,}\S/;
      expect(texts.filter((text) => wrong.test(text))).toEqual([]);
    });

    test('is in its script', () => {
      const scripts: Readonly<Record<string, RegExp>> = {
        ar: /\p{Script=Arabic}/u,
        ja: /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u,
      };
      const script = scripts[code] ?? /\p{Script=Latin}/u;
      expect(texts.filter((text) => !script.test(text))).toEqual([]);
    });
  },
);

test('French sets off its tall signs with spaces that do not break', () => {
  const texts = languages
    .filter(({ code }) => code === 'fr')
    .flatMap(({ plain }) => [...saidIn(plain).values()].flat());
  expect(texts.filter((text) => /[^\u00a0\u202f][:;!?»]|«[^\u00a0]/.test(text))).toEqual([]);
});
