/** `@nick` in a text. */
import type { Message, Who } from '../../protocol/entries.ts';
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

/** Whether a message calls us by our nick: `@Ada`, and neither `@Adam` nor `@Ada-Lovelace`. */
export function isNaming({ text }: Message, you: Who | null): boolean {
  if (you === null || !text.includes('@')) return false;
  const nicks = nicksToTell([you.nick]);
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const mention = mentionAt(text, at, nicks);
    if (mention !== null && isMentionOf(mention, you.nick)) return true;
  }
  return false;
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
