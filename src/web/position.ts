/** Where a client stands in the history, by the cursor that it took from a reply. */
import { gone } from '../chat/replies.ts';
import type { Journal } from '../journal/journal.ts';
import { parseCursor, type Cursor } from '../protocol/cursor.ts';
import { refuse, type Outcome } from '../protocol/errors.ts';

/** Reads a cursor. Refuses with BAD_CURSOR. */
export function readCursor(text: string): Outcome<{ readonly cursor: Cursor }> {
  const cursor = parseCursor(text);
  if (cursor !== null) return { ok: true, cursor };
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
