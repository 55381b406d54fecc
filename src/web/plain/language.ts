/**
 * The languages of the plain pages. Scripts choose a language in the browser; here the browser has
 * to say which it would like. What the page with scripts says as well is said in its words, and
 * only the rest is in catalogues of our own.
 */
import { limits } from '../../protocol/limits.ts';
import { ar as pageAr } from '../../ui/words/ar.ts';
import { de as pageDe } from '../../ui/words/de.ts';
import { enAside } from '../../ui/words/en-aside.ts';
import { en as pageEn } from '../../ui/words/en.ts';
import { es as pageEs } from '../../ui/words/es.ts';
import { fr as pageFr } from '../../ui/words/fr.ts';
import { grammarOf } from '../../ui/words/grammar.ts';
import { ja as pageJa } from '../../ui/words/ja.ts';
import { together } from '../../ui/words/sections.ts';
import type { Catalogue, Words } from '../../ui/words/words.ts';
import { ar } from './words/ar.ts';
import { de } from './words/de.ts';
import { en, type PlainCatalogue, type PlainWords } from './words/en.ts';
import { es } from './words/es.ts';
import { fr } from './words/fr.ts';
import { ja } from './words/ja.ts';

export interface Language {
  /** As HTML names it: `de`. */
  readonly code: string;
  readonly direction: 'ltr' | 'rtl';
  /** What the page with scripts says as well. */
  readonly page: Words;
  /** What only the plain pages say. */
  readonly plain: PlainWords;
  /** `12,345` */
  readonly number: (count: number) => string;
  /** The day of a time, in UTC: `Monday, 2 March 2026`. */
  readonly day: (at: number) => string;
}

/** English is loaded in two parts by a browser, and is one here. */
const wholeEn: Catalogue = (grammar) => together(enAside(grammar), pageEn(grammar));

export const english = languageOf('en', wholeEn, en);

/** All of them, English first. */
export const languages: readonly Language[] = [
  english,
  languageOf('de', pageDe, de),
  languageOf('es', pageEs, es),
  languageOf('fr', pageFr, fr),
  languageOf('ja', pageJa, ja),
  languageOf('ar', pageAr, ar, 'rtl'),
];

/**
 * The language that a browser likes best of those there are, by its `Accept-Language`, such as
 * `de-AT, de;q=0.9, en;q=0.8` (RFC 9110, 12.5.4). English where it names none of them.
 */
export function languageFor(accepted: string | null): Language {
  const liked = (accepted ?? '')
    .slice(0, limits.acceptedLanguagesMax)
    .split(',')
    .map(readRange)
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight);
  for (const { code } of liked) {
    const language = languages.find((known) => known.code === code);
    if (language !== undefined) return language;
  }
  return english;
}

function readRange(range: string): { readonly code: string; readonly weight: number } {
  const [tag = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  return { code: tag.replace(/-.*/, ''), weight: weight === undefined ? 1 : Number(weight) };
}

function languageOf(
  code: string,
  page: Catalogue,
  plain: PlainCatalogue,
  direction: Language['direction'] = 'ltr',
): Language {
  const grammar = grammarOf(code);
  const days = new Intl.DateTimeFormat(code, { dateStyle: 'full', timeZone: 'UTC' });
  return {
    code,
    direction,
    page: page(grammar),
    plain: plain(grammar),
    number: grammar.number,
    day: (at) => days.format(at),
  };
}
