/**
 * The rows in stretches of about a screen or two, so that what is far from the view can be drawn
 * as plain text, and what has not changed need not be looked at again.
 */
import type { Seq } from '../../protocol/entries.ts';
import type { Row } from './rows.ts';

export interface Stretch {
  readonly key: number;
  readonly rows: readonly Row[];
}

/** Seqs in a stretch. Fewer would be more boxes to watch, more would draw more than is seen. */
const seqsMax = 64;

/**
 * Takes rows apart. A row belongs to its stretch by its seq alone, so that the stretches stay the
 * same whatever is put before or after. Of what was there `before`, what is the same keeps its
 * identity: a stretch without a change is the very object that it was.
 */
export function stretchesOf(
  rows: readonly Row[],
  before: readonly Stretch[] = [],
): readonly Stretch[] {
  const stretches: { key: number; rows: Row[] }[] = [];
  for (const row of rows) {
    const seq = seqOf(row);
    let stretch = stretches.at(-1);
    const key = seq === null ? (stretch?.key ?? 0) : Math.floor(seq / seqsMax);
    // Never back: a key names one stretch, also if the order were wrong.
    if (stretch === undefined || key > stretch.key) {
      stretch = { key, rows: [] };
      stretches.push(stretch);
    }
    stretch.rows.push(row);
  }
  const known = new Map(before.map((stretch) => [stretch.key, stretch]));
  return stretches.map((stretch) => settled(stretch, known.get(stretch.key)));
}

/** The seqs of the messages in the order in which they stand: what the keyboard goes through. */
export function messagesOf(rows: readonly Row[]): readonly Seq[] {
  return rows.flatMap((row) => (row.kind === 'message' ? [row.message.seq] : []));
}

/** Where a row belongs; null for what stands behind everything that is recorded. */
function seqOf(row: Row): Seq | null {
  switch (row.kind) {
    case 'message':
      return row.message.seq;
    case 'day':
    case 'unread':
      return row.seq;
    case 'event':
      return row.line.seq;
    case 'traffic':
      return row.lines[0]?.seq ?? null;
    default:
      return null;
  }
}

function settled(stretch: Stretch, before: Stretch | undefined): Stretch {
  if (before === undefined) return stretch;
  const rows = stretch.rows.map((row, index) => {
    const there = before.rows[index];
    // Only where rows have come or gone is one not where it was.
    const was = there?.key === row.key ? there : before.rows.find(({ key }) => key === row.key);
    return was !== undefined && isSame(row, was) ? was : row;
  });
  return areSame(rows, before.rows) ? before : { key: stretch.key, rows };
}

/** Whether two rows of the same key are drawn alike. */
function isSame(row: Row, was: Row): boolean {
  if ('stand' in row && 'stand' in was) {
    const { isFirst, isLast } = row.stand;
    if (isFirst !== was.stand.isFirst || isLast !== was.stand.isLast) return false;
  }
  switch (row.kind) {
    case 'message':
      return was.kind === 'message' && was.message === row.message;
    case 'pending':
      return was.kind === 'pending' && was.line === row.line;
    case 'traffic':
      return was.kind === 'traffic' && areSame(row.lines, was.lines);
    case 'event':
      return was.kind === 'event' && was.line === row.line;
    case 'reply':
      return was.kind === 'reply' && was.line === row.line;
    case 'gap':
      return was.kind === 'gap' && was.gap.from === row.gap.from && was.gap.to === row.gap.to;
    default:
      return true;
  }
}

function areSame<T>(list: readonly T[], was: readonly T[]): boolean {
  return list.length === was.length && list.every((one, index) => one === was[index]);
}
