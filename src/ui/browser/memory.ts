/** What the browser remembers for whoever comes in and writes. */
import { read, storageOf, write } from './storage.ts';

const nickKey = 'encke:nick';
const draftKey = 'encke:draft';
const emojiKey = 'encke:emoji';

/** The nick under which this browser was last in the room; empty when it never was. */
export function rememberedNick(): string {
  return read('localStorage', nickKey);
}

export function rememberNick(nick: string): void {
  write('localStorage', nickKey, nick);
}

/**
 * What was being written before the page was loaded again: in this tab, or, in a new one, in the
 * tab where somebody wrote last.
 */
export function rememberedDraft(): string {
  return storageOf('sessionStorage')?.getItem(draftKey) ?? read('localStorage', draftKey);
}

export function rememberDraft(draft: string): void {
  write('sessionStorage', draftKey, draft);
  write('localStorage', draftKey, draft);
}

/** The emoji that were chosen last, with blanks between them. */
export function readRecent(): string {
  return read('localStorage', emojiKey);
}

export function writeRecent(emoji: string): void {
  write('localStorage', emojiKey, emoji);
}
