/**
 * Changes of messages that were begun and neither saved nor given up. The browser keeps them as it
 * keeps what is written anew: for all its tabs, and over a reload. A message goes by its own id
 * here; its seq would name another one in another history.
 */
import { isSecret } from '../../copy/pending.ts';
import type { Line } from '../../copy/room-state.ts';
import type { Message } from '../../protocol/entries.ts';
import { readEdits, rememberEdited, rememberedEdited, writeEdits } from '../browser/memory.ts';

export interface KeptEdit {
  /** The message's own id. */
  readonly id: string;
  /** Its text when the change was begun. */
  readonly before: string;
  readonly text: string;
}

/** More changes that nobody came back to are not kept; the oldest goes first. */
export const keptEditsMax = 10;
/** Longer than any text that can be saved, in code units. */
export const keptLengthMax = 10_000;

/** The change of a message that was begun; null when there is none. */
export function keptEdit({ id, text }: Message): KeptEdit | null {
  return read().find((edit) => edit.id === id && edit.text !== text) ?? null;
}

/** Keeps a change as far as it has come. The tab that is loaded again goes on with it. */
export function keepEdit(edit: KeptEdit): void {
  const { id, before, text } = edit;
  if (text === before || isSecret(text)) return dropEdit(id);
  if (text.length > keptLengthMax) return;
  write([...read().filter((other) => other.id !== id), edit].slice(-keptEditsMax));
  rememberEdited(id);
}

/** It is saved, or given up. */
export function dropEdit(id: string): void {
  write(read().filter((edit) => edit.id !== id));
  leaveEdit();
}

/** Nothing is being changed in this tab any more. What was begun stays kept. */
export function leaveEdit(): void {
  rememberEdited('');
}

/**
 * The message that was being changed in this tab before it was loaded again, if it is among these
 * lines; null otherwise. Of messages that were deleted no change is kept.
 */
export function editToResume(lines: readonly Line[]): Message | null {
  const edits = read();
  if (edits.length === 0) return null;
  const messages = lines.filter((line) => line.type === 'message');
  const gone = new Set(messages.filter(({ deleted }) => deleted).map(({ id }) => id));
  write(edits.filter(({ id }) => !gone.has(id)));
  const edited = rememberedEdited();
  return messages.find((message) => message.id === edited && keptEdit(message)) ?? null;
}

function read(): readonly KeptEdit[] {
  try {
    const kept: unknown = JSON.parse(readEdits() || '[]');
    return Array.isArray(kept) ? kept.filter(isKeptEdit) : [];
  } catch {
    return [];
  }
}

function write(edits: readonly KeptEdit[]): void {
  writeEdits(edits.length === 0 ? '' : JSON.stringify(edits));
}

/** Another version of the page may have written it. */
function isKeptEdit(value: unknown): value is KeptEdit {
  const { id, before, text } = { ...(value as Partial<Record<keyof KeptEdit, unknown>> | null) };
  return [id, before, text].every((part) => typeof part === 'string');
}
