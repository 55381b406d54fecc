/** Ages and lists as the language of the page writes them, for what is loaded later. */
import { localeNow } from './formats.ts';
import type { Piece } from './grammar.ts';

/** `3 minutes ago`, `yesterday` */
export function formatAgo(count: number, unit: Intl.RelativeTimeFormatUnit): string {
  return new Intl.RelativeTimeFormat(localeNow(), { numeric: 'auto' }).format(count, unit);
}

/** `Ada, Bo and 12 others` */
export function formatNames(names: readonly string[]): string {
  return new Intl.ListFormat(localeNow(), { type: 'conjunction' }).format(names);
}

/** A list as a sentence has it, `Ada, Bo and 12 others`, of pieces that may be elements. */
export function formatList(pieces: readonly Piece[]): Piece {
  const list = new Intl.ListFormat(localeNow(), { type: 'conjunction' });
  // The pieces go by their places: what they look like is not for the formatter.
  return list
    .formatToParts(pieces.map((_, index) => String(index)))
    .map(({ type, value }) => (type === 'element' ? pieces[Number(value)] : value));
}
