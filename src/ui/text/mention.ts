/** `@nick` in a text. */
import { endsInWord, startsWithWord } from './word.ts';

/**
 * The mention that begins at an index, with its `@`; null when there is none. A nick ends with its
 * word, unless it is one of those that are handed in.
 */
export function mentionAt(line: string, index: number, nicks: readonly string[]): string | null {
  if (endsInWord(line.slice(Math.max(0, index - 2), index))) return null;
  // No nick begins so. A row of `@` would be compared with every nick, for each of them.
  if (/[\s@]/.test(line.charAt(index + 1))) return null;
  for (const nick of nicks) {
    const end = index + 1 + nick.length;
    const written = line.slice(index, end);
    if (!isMentionOf(written, nick)) continue;
    const isCut = endsInWord(nick) && startsWithWord(line.slice(end, end + 2));
    if (!isCut) return written;
  }
  word.lastIndex = index;
  return word.exec(line)?.[0] ?? null;
}

/** Whether a mention, as it is written, is of this nick. */
export function isMentionOf(mention: string, nick: string): boolean {
  return folded(mention) === folded(`@${nick}`);
}

/** Of some nicks those that cannot be told from the text around them, the longest first. */
export function nicksToTell(nicks: readonly string[]): string[] {
  const isPlain = (nick: string): boolean =>
    endsInWord(nick) && mentionAt(`@${nick}`, 0, []) === `@${nick}`;
  return nicks.filter((nick) => !isPlain(nick)).sort((a, b) => b.length - a.length);
}

const word = /@[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}]|[._-](?=[\p{L}\p{N}]))*/uy;

/** The server tells nicks apart by more than this; what is typed differs by case and apostrophe. */
function folded(text: string): string {
  return text.replaceAll('’', "'").toLowerCase();
}
