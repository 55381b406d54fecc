/**
 * Markup, written so that only what stands in our own source can be markup. A text that comes from
 * anywhere else is escaped where it is put in; there is no way to say that it should not be.
 */

/** What may be put into markup: text and numbers, which are escaped, and markup. */
export type Piece = string | number | Html | readonly Html[] | null;

export class Html {
  readonly #markup: string;

  private constructor(markup: string) {
    this.#markup = markup;
  }

  /** See `html`. */
  static of(parts: TemplateStringsArray, pieces: readonly Piece[]): Html {
    let markup = parts[0] ?? '';
    for (const [index, piece] of pieces.entries()) markup += escaped(piece) + parts[index + 1];
    return new Html(markup);
  }

  toString(): string {
    return this.#markup;
  }
}

/** Writes markup: html`<b>${nick}</b>`. A value of an attribute stands in double quotes. */
export function html(parts: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  return Html.of(parts, pieces);
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(piece: Piece): string {
  if (piece === null) return '';
  if (piece instanceof Html) return piece.toString();
  if (typeof piece === 'object') return piece.map(escaped).join('');
  return String(piece).replaceAll(/[&<>"']/g, (sign) => escapes[sign] ?? '');
}
