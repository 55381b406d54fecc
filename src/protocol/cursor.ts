/**
 * A cursor says how far a client has read: the epoch of the journal, the seq of the last entry, a
 * few bytes of the rolling hash at that seq, and the version of what is live (typing, roster).
 *
 *     kJ8x0Qf2mZw.1z4.9fK3dQ2a.0
 *     epoch       seq hash     live      (seq and live in base 36)
 *
 * To a client it is opaque. The hash is what tells a restored backup, grown past old cursors, from
 * the history that those cursors were read in.
 */
import type { Epoch, Hash, Seq } from './entries.ts';

export interface Cursor {
  readonly epoch: Epoch;
  readonly seq: Seq;
  readonly hash: Hash;
  readonly live: number;
}

/** No cursor is longer: 11 + 11 + 8 + 11 characters and three points, with room to spare. */
export const cursorLengthMax = 64;

/** A number in base 36, written in the one way in which `formatCursor` writes it. */
const number = '(0|[1-9a-z][0-9a-z]{0,10})';
const shape = new RegExp(`^([\\w-]{11})\\.${number}\\.([\\w-]{8})\\.${number}$`);

/** Writes a cursor. */
export function formatCursor(cursor: Cursor): string {
  return `${cursor.epoch}.${cursor.seq.toString(36)}.${cursor.hash}.${cursor.live.toString(36)}`;
}

/** Reads a cursor; null when it is malformed. Only what `formatCursor` writes is well formed. */
export function parseCursor(text: string): Cursor | null {
  if (text.length > cursorLengthMax) return null;
  const parts = shape.exec(text);
  if (parts === null) return null;
  const seq = Number.parseInt(parts[2] as string, 36);
  const live = Number.parseInt(parts[4] as string, 36);
  if (!Number.isSafeInteger(seq) || !Number.isSafeInteger(live)) return null;
  return { epoch: parts[1] as Epoch, seq: seq as Seq, hash: parts[3] as Hash, live };
}
