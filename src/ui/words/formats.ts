/** Numbers, lists and dates as the language of the page writes them. */
import type { Piece } from './grammar.ts';

/** The reader's own variety of the language: English is written differently in two countries. */
const language = { locale: 'en' };

/** Everything that is formatted from now on is in this language. */
export function formatIn(locale: string): void {
  language.locale = locale;
}

/** `12,345` */
export function formatCount(count: number): string {
  return new Intl.NumberFormat(language.locale).format(count);
}

/** A list as a sentence has it, `Ada, Bo and 12 others`, of pieces that may be elements. */
export function formatList(pieces: readonly Piece[]): Piece {
  const list = new Intl.ListFormat(language.locale, { type: 'conjunction' });
  // The pieces go by their places: what they look like is not for the formatter.
  return list
    .formatToParts(pieces.map((_, index) => String(index)))
    .map(({ type, value }) => (type === 'element' ? pieces[Number(value)] : value));
}

/** A way to write dates. Making the formatter is dear, so it is made at the first use and kept. */
export function dateFormat(options: Intl.DateTimeFormatOptions): (at: number) => string {
  let made: { readonly locale: string; readonly format: Intl.DateTimeFormat } | null = null;
  return (at) => {
    const { locale } = language;
    if (made?.locale !== locale) {
      made = { locale, format: new Intl.DateTimeFormat(locale, options) };
    }
    return made.format.format(at);
  };
}
