/**
 * What the word at the caret may be completed to: `@` to a nick, `/` to a command, `:` to an emoji.
 * Here is what is asked for; who answers is in `suggestions.ts`.
 */

export type CompletionKind = 'member' | 'command' | 'emoji';

/** The part of a text that is to be completed, from its sign on. */
export interface Wanted {
  readonly kind: CompletionKind;
  /** What stands behind the sign. */
  readonly query: string;
  readonly from: number;
  readonly to: number;
}

/** What may be completed at the caret; null when it is nothing, or when a part is selected. */
export function wantedAt(text: string, start: number, end = start): Wanted | null {
  if (start !== end) return null;
  const before = text.slice(Math.max(0, start - reachMax), start);
  for (const [kind, pattern] of patterns) {
    const found = pattern.exec(before);
    const query = found?.[1];
    if (query === undefined) continue;
    const from = start - query.length - 1;
    // A command is one at the beginning only.
    if (kind === 'command' && from !== 0) continue;
    return { kind, query, from, to: start };
  }
  return null;
}

/** The text with the part replaced, and where the caret stands then. */
export function completed(text: string, { from, to }: Wanted, by: string) {
  const rest = text.slice(to);
  // The blank that is there already serves.
  const blank = /^\s/.test(rest) ? '' : ' ';
  return { text: text.slice(0, from) + by + blank + rest, caret: from + by.length + 1 };
}

/** So far back from the caret its word is looked for: longer than any nick. */
const reachMax = 80;

/** A sign counts where a word may begin. One letter behind a colon is a face as often as not. */
const patterns: readonly (readonly [CompletionKind, RegExp])[] = [
  ['command', /^\/(\w*)$/],
  ['member', /(?:^|[\s\p{Ps}\p{Pi}"'*_~])@([\p{L}\p{N}\p{M}._-]{0,40})$/u],
  // An input method may write the wide colon, which is one for whoever types it.
  ['emoji', /(?:^|[\s\p{Ps}])[:：]([\p{L}\p{N}\p{M}_+-]{2,30})$/u],
];
