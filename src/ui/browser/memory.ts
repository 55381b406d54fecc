/** What the browser remembers for whoever comes in and writes. */
import { read, storageOf, write } from './storage.ts';

const nickKey = 'encke:nick';
const draftKey = 'encke:draft';
const emojiKey = 'encke:emoji';
const editsKey = 'encke:edits';
const editedKey = 'encke:edited';
const muteKey = 'encke:mute';

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

/** The changes of messages that were begun, as they were written; empty when there are none. */
export function readEdits(): string {
  return read('localStorage', editsKey);
}

export function writeEdits(edits: string): void {
  write('localStorage', editsKey, edits);
}

/** The message that is being changed in this tab, by its own id; empty for none. */
export function rememberedEdited(): string {
  return read('sessionStorage', editedKey);
}

export function rememberEdited(id: string): void {
  write('sessionStorage', editedKey, id);
}

/**
 * As whom we are muted, by the id of the member; empty when we are not. It is kept as long as the
 * place up to which this tab has read: from there on the room tells what has changed.
 */
export function rememberedMute(): string {
  return read('sessionStorage', muteKey);
}

export function rememberMute(member: string): void {
  write('sessionStorage', muteKey, member);
}

/** The emoji that were chosen last, with blanks between them. */
export function readRecent(): string {
  return read('localStorage', emojiKey);
}

export function writeRecent(emoji: string): void {
  write('localStorage', emojiKey, emoji);
}
