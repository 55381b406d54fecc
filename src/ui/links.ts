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

const address = /(?<![\p{L}\p{N}_])https?:\/\/[^\s<>"`|\\^{}]+/giu;

/** What ends a sentence rather than an address. */
const trailing = /[.,;:!?'"*_~…。、，．；：！？»”’」』】）]$/u;
const brackets: Readonly<Record<string, string>> = { ')': '(', ']': '[' };

function linkOf(written: string): Link | null {
  const text = trimmed(written);
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null;
  // `https://bank.example@evil.example` leads to the second, and is read as the first.
  if (url.username !== '' || url.password !== '') return null;
  return { href: url.href, text };
}

/** Without what belongs to the sentence around it: its stop, and a bracket opened before it. */
function trimmed(written: string): string {
  let text = written;
  for (;;) {
    const last = text.at(-1) ?? '';
    const opening = brackets[last];
    const isUnmatched = opening !== undefined && count(text, opening) < count(text, last);
    if (!isUnmatched && !trailing.test(text)) return text;
    text = text.slice(0, -1);
  }
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
