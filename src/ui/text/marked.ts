/** Where the words of a search stand in a text, so that they can be marked: as pieces. */

export interface Hit {
  readonly hit: string;
}

/**
 * Takes a text apart at the words of a query. As in the search itself, case and accents do not
 * matter and a word is also found as the beginning of another. The pieces, joined, are the text.
 */
export function marked(text: string, query: string): readonly (string | Hit)[] {
  const { folded, places } = fold(text);
  const words = fold(query).folded.match(word) ?? [];
  /** For each character of the text, whether it belongs to a word. */
  const isHit = new Uint8Array(text.length);
  for (const word of words) {
    for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + 1)) {
      if (!isJoined.test(word) && endsInLetter.test(folded.slice(Math.max(0, at - 2), at)))
        continue;
      isHit.fill(1, places[at], places[at + word.length]);
    }
  }
  const pieces: (string | Hit)[] = [];
  for (let from = 0, to = 0; from < text.length; from = to) {
    while (to < text.length && isHit[to] === isHit[from]) to += 1;
    const piece = text.slice(from, to);
    pieces.push(isHit[from] === 1 ? { hit: piece } : piece);
  }
  return pieces;
}

/** A text around the first of the words in it, when it is too long to be shown as a whole. */
export function excerptOf(text: string, query: string, charactersMax: number): string {
  const [first] = marked(text, query);
  const at = typeof first === 'string' && first.length < text.length ? first.length : 0;
  const from = at + charactersMax / 2 < charactersMax ? 0 : at - charactersMax / 2;
  const to = from + charactersMax;
  // By words, so that no character is cut in two.
  const begin = from === 0 ? 0 : text.lastIndexOf(' ', from) + 1;
  const end = to >= text.length ? text.length : text.lastIndexOf(' ', to);
  const cut = text.slice(begin, end > at ? end : undefined);
  return `${begin > 0 ? '… ' : ''}${cut}${end < text.length && end > at ? ' …' : ''}`;
}

/** A text as it is compared, and for each of its characters where it comes from. */
function fold(text: string): { folded: string; places: readonly number[] } {
  let folded = '';
  const places: number[] = [];
  let at = 0;
  for (const character of text) {
    const plain = character
      .normalize('NFKD')
      .replace(/[\u0300-\u036f]/g, '')
      .toUpperCase()
      .toLowerCase();
    places.push(...Array<number>(plain.length).fill(at));
    folded += plain;
    at += character.length;
  }
  places.push(at);
  return { folded, places };
}

const word = /[\p{L}\p{N}\p{M}]+/gu;
const endsInLetter = /[\p{L}\p{N}\p{M}]$/u;
/** Scripts in which a word may stand anywhere in a run of letters. */
const isJoined =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}\p{sc=Arab}\p{sc=Hebr}]/u;
