/** The reply to a poll: which entries it carries, and how it is written. */
import type { Seq } from '../protocol/entries.ts';
import { limits } from '../protocol/limits.ts';
import type { Gap, Live } from '../protocol/replies.ts';
import type { Encoded } from './ring.ts';

export interface Part {
  readonly from: Seq;
  readonly to: Seq;
  /** Encoded entries, ascending. */
  readonly entries: readonly string[];
  readonly gap?: Gap;
}

export interface Reply extends Part {
  readonly cursor: string;
  readonly live: Live;
  readonly waitMs: number;
  /** Further members of the JSON; each begins with a comma. */
  readonly extra?: string;
}

/**
 * Chooses what a reply carries, from everything there is after a cursor. Further behind than
 * `pollEntriesMax`, or `isFarBehind`: the newest, and a gap. More than `pollBytesMax`: the first
 * that fit, and the rest comes with the next poll.
 */
export function readReply(
  from: Seq,
  head: Seq,
  entries: readonly Encoded[],
  addressed: readonly Encoded[],
  isFarBehind = false,
): Part {
  const all = addressed.length === 0 ? entries : merge(entries, addressed);
  const hasGap = isFarBehind || all.length > limits.pollEntriesMax;
  const chosen = hasGap ? all.slice(-limits.gapEntries) : all;
  const first = chosen[0];
  const gapTo = first === undefined ? head : ((first.seq - 1) as Seq);
  let bytes = 0;
  let count = 0;
  for (const entry of chosen) {
    bytes += entry.bytes;
    // The first goes in whatever its size: a reply that carries nothing would never end.
    if (count > 0 && bytes > limits.pollBytesMax) break;
    count++;
  }
  const isWhole = count === chosen.length;
  const last = chosen[count - 1];
  return {
    from: hasGap ? gapTo : from,
    to: isWhole || last === undefined ? head : last.seq,
    entries: chosen.slice(0, count).map((entry) => entry.json),
    ...(hasGap ? { gap: { from, to: gapTo } } : {}),
  };
}

/** Writes the body of a reply. */
export function writeReply(reply: Reply): string {
  const { cursor, from, to, entries, live, waitMs, gap, extra = '' } = reply;
  const next = `{"waitMs":${waitMs},"hold":${limits.holdMsMax / 1_000}}`;
  const hole = gap === undefined ? '' : `,"gap":${JSON.stringify(gap)}`;
  return (
    `{"cursor":"${cursor}","from":${from},"to":${to},"entries":[${entries.join(',')}],` +
    `"live":${JSON.stringify(live)},"next":${next}${hole}${extra}}`
  );
}

function merge(left: readonly Encoded[], right: readonly Encoded[]): readonly Encoded[] {
  return [...left, ...right].toSorted((a, b) => a.seq - b.seq);
}
