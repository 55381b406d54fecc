/**
 * The write-ahead log as bytes, and what a cut of the power leaves of them. A transaction whose
 * sync has not returned may be on the disk as a whole, in part, in another order, or not at all;
 * what was synced before it stays. The format is SQLite's (sqlite.org/fileformat2.html, section 4).
 */
import type { Chance } from './chance.ts';

const headerBytes = 32;
const frameHeaderBytes = 24;
const sectorBytes = 512;
/** Where the index of the log says how many frames the database has already. */
const backfilledAt = 96;

export interface Span {
  readonly from: number;
  readonly to: number;
}

export type Tear = 'whole' | 'lost' | 'cut' | 'zeroed' | 'garbled' | 'shuffled';

/** The bytes of the last transaction in a log, as far as the database does not have it; or null. */
export function lastTransaction(log: Buffer, index: Buffer | null): Span | null {
  if (log.length < headerBytes) return null;
  const frameBytes = frameHeaderBytes + log.readUInt32BE(8);
  const salt = log.subarray(16, 24);
  let from = headerBytes;
  let last: Span | null = null;
  for (let at = headerBytes; at + frameBytes <= log.length; at += frameBytes) {
    // Frames of an earlier round, which the log has begun to write over.
    if (!log.subarray(at + 8, at + 16).equals(salt)) break;
    const isCommit = log.readUInt32BE(at + 4) !== 0;
    if (!isCommit) continue;
    last = { from, to: at + frameBytes };
    from = at + frameBytes;
  }
  if (last === null) return null;
  // The log is synced before any of it goes into the database.
  const backfilled = index === null || index.length < 100 ? 0 : index.readUInt32LE(backfilledAt);
  return headerBytes + backfilled * frameBytes > last.from ? null : last;
}

/** What is left of a log whose last transaction was being written when the power went. */
export function torn(log: Buffer, { from, to }: Span, how: Tear, chance: Chance): Buffer {
  const left = Buffer.from(log.subarray(0, to));
  switch (how) {
    case 'whole':
      return left;
    case 'lost':
      return left.subarray(0, from);
    case 'cut':
      return left.subarray(0, from + chance.below(to - from));
    case 'zeroed':
      sectorIn(left, from, to, chance).fill(0);
      return left;
    case 'garbled':
      sectorIn(left, from, to, chance).set(chance.bytes(8));
      return left;
    case 'shuffled':
      for (let at = from; at < to; at += sectorBytes) {
        if (chance.happens(0.5)) left.fill(0, at, Math.min(to, at + sectorBytes));
      }
      return left;
    default:
      throw new Error(`Nothing is torn so: "${String(how satisfies never)}"`);
  }
}

function sectorIn(bytes: Buffer, from: number, to: number, chance: Chance): Buffer {
  const sectors = Math.ceil((to - from) / sectorBytes);
  const at = from + chance.below(sectors) * sectorBytes;
  return bytes.subarray(at, Math.min(to, at + sectorBytes));
}
