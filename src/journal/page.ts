/**
 * How a page of history is cut, from whatever a journal has its entries in. A page ends at the
 * asked count or at `limits.pageBytesMax`, whichever comes first, and says whether there is more.
 */
import type { Message, Seq, WireEntry } from '../protocol/entries.ts';
import { limits } from '../protocol/limits.ts';
import type { PageQuery, SearchQuery, Viewer } from './journal.ts';

/** What a journal must be able to list. `count` is how many at most will be looked at. */
export interface History {
  /** Messages with a lower seq, newest first. */
  messagesBelow(seq: Seq, count: number): Iterable<Message>;
  /** Messages from a seq on, oldest first. */
  messagesFrom(seq: Seq, count: number): Iterable<Message>;
  /** Everything a viewer may see with a higher seq, oldest first. */
  visibleAfter(seq: Seq, viewer: Viewer, count: number): Iterable<WireEntry>;
}

export interface PageEntries {
  readonly entries: readonly WireEntry[];
  readonly more: boolean;
}

/** Entries of one `read` at most: about 100 ms of handing over. */
export const readMax = 10_000;

/** Refuses a range that no caller means. */
export function checkRange({
  after,
  limit,
}: {
  readonly after: Seq;
  readonly limit: number;
}): void {
  if (Number.isSafeInteger(after) && after >= 0 && Number.isInteger(limit)) {
    if (limit >= 1 && limit <= readMax) return;
  }
  throw new RangeError(`A read starts at 0 or later and takes 1 to ${readMax}, not "${limit}"`);
}

/** Refuses a page that is larger than any. */
export function checkPage({ limit }: Pick<PageQuery, 'limit'>): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= limits.pageMax) return;
  throw new RangeError(`A page holds 1 to ${limits.pageMax} entries, not "${limit}"`);
}

/** Refuses a search for nothing, and one that is larger than any. */
export function checkSearch({ words, limit }: SearchQuery): void {
  if (words.length === 0) throw new RangeError('A search is for at least one word');
  checkPage({ limit });
}

/** The page of what was found, newest first. */
export function newestOf(found: Iterable<Message>, limit: number): PageEntries {
  const { entries, more } = fitting(found, limit, limits.pageBytesMax);
  return { entries: entries.reverse(), more };
}

/** Cuts the page that was asked for. */
export function pageOf(history: History, query: PageQuery): PageEntries {
  const { limit } = query;
  // One entry beyond the page tells whether there is more.
  if ('after' in query) {
    const visible = history.visibleAfter(query.after, query.viewer, limit + 1);
    const { entries, more } = fitting(visible, limit, limits.pageBytesMax);
    return { entries, more };
  }
  if ('before' in query) {
    return newestOf(history.messagesBelow(query.before, limit + 1), limit);
  }
  const half = Math.floor(limit / 2);
  const older = fitting(
    history.messagesBelow(query.around, half + 1),
    half,
    limits.pageBytesMax / 2,
  );
  const rest = limit - half;
  const newer = fitting(
    history.messagesFrom(query.around, rest + 1),
    rest,
    limits.pageBytesMax - older.bytes,
  );
  return {
    entries: [...older.entries.reverse(), ...newer.entries],
    more: older.more || newer.more,
  };
}

interface Fitting {
  readonly entries: WireEntry[];
  readonly bytes: number;
  readonly more: boolean;
}

/** The first of the entries. One always fits: a page empty for its size would never be passed. */
function fitting(entries: Iterable<WireEntry>, countMax: number, bytesMax: number): Fitting {
  const taken: WireEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    // One more for the comma between two entries.
    const size = Buffer.byteLength(JSON.stringify(entry)) + 1;
    if (taken.length === countMax || (taken.length > 0 && bytes + size > bytesMax)) {
      return { entries: taken, bytes, more: true };
    }
    taken.push(entry);
    bytes += size;
  }
  return { entries: taken, bytes, more: false };
}
