/** Addresses in a text, so that the page can make them links: as pieces, never as HTML. */

export interface Link {
  /** The address as the browser understands it. */
  readonly href: string;
  /** The address as it was written. */
  readonly text: string;
}

/** Takes a text apart. The texts of all pieces, joined, are the text again. */
export function piecesOf(text: string): readonly (string | Link)[] {
  const pieces: (string | Link)[] = [];
  let end = 0;
  for (const match of text.matchAll(address)) {
    const link = linkOf(match[0]);
    if (link === null) continue;
    if (match.index > end) pieces.push(text.slice(end, match.index));
    pieces.push(link);
    end = match.index + link.text.length;
  }
  if (end < text.length) pieces.push(text.slice(end));
  return pieces;
}

/** The address that begins at an index of a text; null when none does. */
export function addressAt(text: string, index: number): Link | null {
  addressHere.lastIndex = index;
  const match = addressHere.exec(text);
  return match && linkOf(match[0]);
}

const address = /(?<![\p{L}\p{N}])https?:\/\/[^\s<>"`|\\^{}]+/giu;
const addressHere = new RegExp(address.source, 'iuy');

/** What ends a sentence rather than an address. */
const trailing = /[.,;:!?'"*_~…。、，．；：！？»”’」』】）]$/u;

function linkOf(written: string): Link | null {
  const text = trimmed(written);
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null;
  // `https://bank.example@evil.example` leads to the second, and is read as the first.
  if (url.username !== '' || url.password !== '') return null;
  return { href: url.href, text };
}

/**
 * Without what belongs to the sentence around it: its stop, and a bracket opened before it. The
 * brackets are counted once: a thousand of them in a row are no more work than any other text.
 */
function trimmed(written: string): string {
  const surplus = { ')': 0, ']': 0 };
  for (const character of written) {
    if (character === ')' || character === ']') surplus[character] += 1;
    else if (character === '(') surplus[')'] -= 1;
    else if (character === '[') surplus[']'] -= 1;
  }
  let end = written.length;
  for (; end > 0; end -= 1) {
    const last = written.charAt(end - 1);
    const isBracket = last === ')' || last === ']';
    if (isBracket ? surplus[last] <= 0 : !trailing.test(last)) break;
    if (isBracket) surplus[last] -= 1;
  }
  return written.slice(0, end);
}
