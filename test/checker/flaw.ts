/**
 * What is wrong with a record by itself. Positions are whole numbers; what was given has one above
 * zero, and a range ends where it begins or later.
 */
import type { Delivered, HistoryRecord } from './record.ts';

/** Tells what is wrong, or null. */
export function flawIn(record: HistoryRecord): string | null {
  if (!Number.isFinite(record.at)) return `its time is ${record.at}`;
  if (record.is !== 'ok') {
    return record.do === 'poll' && record.is === 'invoke' ? flawInPosition(record.after) : null;
  }
  switch (record.do) {
    case 'say':
    case 'show':
      return flawInSeq(record.seq);
    case 'begin':
      return flawInPosition(record.seq) ?? flawInEntries(record.entries);
    case 'poll':
      return (
        flawInRange(record) ??
        (record.gap && flawInRange(record.gap)) ??
        flawInEntries(record.entries)
      );
    case 'page':
      return flawInRange(record) ?? flawInEntries(record.entries);
    case 'view':
      return flawInPosition(record.seq) ?? flawInEntries(record.lines);
    case 'journal':
      return flawInEntries(record.entries);
    case 'cut':
    case 'healed':
      return flawInPosition(record.seq);
    case 'fault':
      return null;
    default:
      throw new Error(`There is no operation "${String(record satisfies never)}"`);
  }
}

function flawInSeq(seq: number): string | null {
  return Number.isSafeInteger(seq) && seq > 0 ? null : `the seq ${seq} is no positive integer`;
}

function flawInPosition(seq: number): string | null {
  return Number.isSafeInteger(seq) && seq >= 0 ? null : `the position ${seq} is no whole number`;
}

function flawInRange({ from, to }: { readonly from: number; readonly to: number }): string | null {
  const flaw = flawInPosition(from) ?? flawInPosition(to);
  return flaw ?? (from > to ? `the range from ${from} to ${to} ends before it begins` : null);
}

function flawInEntries(entries: readonly Pick<Delivered, 'seq'>[]): string | null {
  for (const { seq } of entries) {
    const flaw = flawInSeq(seq);
    if (flaw !== null) return flaw;
  }
  return null;
}
