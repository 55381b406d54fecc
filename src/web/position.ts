/** Where a client stands in the history, by the cursor that it took from a reply. */
import { gone } from '../chat/replies.ts';
import type { Journal } from '../journal/journal.ts';
import { parseCursor, type Cursor } from '../protocol/cursor.ts';
import { refuse, type Outcome } from '../protocol/errors.ts';

interface ReadCursor {
  readonly ok: true;
  readonly cursor: Cursor;
}

/** Those who were woken together come back with the same cursor, one after the other. */
let newest: { readonly text: string; readonly read: ReadCursor } | null = null;

/** Reads a cursor. Refuses with BAD_CURSOR. */
export function readCursor(text: string): Outcome<{ readonly cursor: Cursor }> {
  if (newest?.text === text) return newest.read;
  const cursor = parseCursor(text);
  if (cursor !== null) {
    const read: ReadCursor = { ok: true, cursor };
    newest = { text, read };
    return read;
  }
  const detail = `"${text.slice(0, 80)}" is not a cursor, take one from a reply`;
  return refuse('BAD_CURSOR', detail);
}

/**
 * Whether a reader is in this history. Seqs alone do not tell: in a room that went back to an older
 * copy they mean something else. Refuses with BAD_CURSOR, GONE, and what the journal refuses with.
 */
export async function checkHistory(journal: Journal, text: string): Promise<Outcome<object>> {
  const read = readCursor(text);
  if (!read.ok) return read;
  const { epoch, seq, hash } = read.cursor;
  const isOurs = epoch === journal.epoch && (await journal.hashAt(seq)) === hash;
  return isOurs ? { ok: true } : gone(seq);
}
