/**
 * What was said and done, in order, from whatever source: a snapshot, a poll, a page of history.
 * Sources overlap and arrive in any order, so taking an entry in is idempotent by its seq, and of
 * two forms of a message the one with the higher `rev` stays.
 */
import type { Message, Seq, WireEntry } from '../protocol/entries.ts';
import type { Gap } from '../protocol/replies.ts';
import { amended, type Amendment } from './amended.ts';
import type { GapLine, RecordedLine, ReplyLine } from './room-state.ts';

type TimeLine = RecordedLine | GapLine | ReplyLine;

/**
 * Lines kept; the oldest go first and `hasMore` says that they went. A day of a busy room, and what
 * the page was measured to scroll through smoothly (`bench/parts/scroll.ts`).
 */
export const linesMax = 10_000;

export interface Timeline {
  clear(): void;
  readonly take: (entry: WireEntry) => void;
  /** Shows a message of ours whose entry has not come yet. */
  readonly anticipate: (message: Message) => void;
  /** Shows an entry before its turn, while what lies before it is being read. */
  readonly preview: (entry: WireEntry) => void;
  /**
   * All up to a seq has come: what was anticipated there, or shown before its turn, and has not
   * come is of another history. False when a message here contains a change that has not come.
   */
  readonly known: (to: number) => boolean;
  /** What lies up to a seq will not be read. */
  readonly passed: (to: number) => void;
  /** Shows the answer to a command behind what is here now. */
  readonly tell: (id: string, text: string) => void;
  /**
   * Called when a page of history is asked for; the answer takes the page in. Amendments that are
   * taken in between concern messages that only the page brings, in a form that may be older. False
   * when the page has no place here any more.
   */
  expectPage(): (page: readonly WireEntry[]) => boolean;
  /** Puts one gap in the place of another; null for none. */
  replaceGap(was: Gap | null, now: Gap | null): void;
  /** Drops what is older than a seq; it is history then. */
  forget(through: Seq): void;
  setHasMore(hasMore: boolean): void;
  view(): { lines: readonly TimeLine[]; gaps: readonly Gap[]; hasMore: boolean };
  /** The newest amendment of a message that is contained in what is shown; 0 for none. */
  revOf(seq: Seq): number;
  /** Everything before this seq is older than what is here. 0 where there never was anything. */
  oldest(): Seq;
}

export function timeline(): Timeline {
  /** In order. The gaps are kept apart, and put between them when they are shown. */
  const lines: (RecordedLine | ReplyLine)[] = [];
  const expected = new Set<Amendment[]>();
  const anticipated = new Set<Seq>();
  const previewed = new Set<Seq>();
  /** Amendments that messages contain already and that have not come yet: whose, by their seq. */
  const ahead = new Map<Seq, Seq>();
  let through = 0;
  let gaps: readonly Gap[] = [];
  let hasMore = false;
  /** What `oldest` is when everything was dropped. */
  let floor = 0 as Seq;

  return {
    clear() {
      lines.length = 0;
      expected.clear();
      anticipated.clear();
      previewed.clear();
      ahead.clear();
      through = 0;
      gaps = [];
      hasMore = false;
      floor = 0 as Seq;
    },

    take,

    anticipate(message) {
      // One from before the oldest line is history, where a page will bring it in its place.
      if (find(message.seq) || message.seq < oldest()) return;
      take(message);
      anticipated.add(message.seq);
    },

    preview(entry) {
      take(entry);
      previewed.add(entry.seq);
    },

    known(to) {
      through = to;
      for (const seq of previewed) put(seq);
      previewed.clear();
      for (const seq of anticipated) {
        const isMissing = gaps.some((gap) => gap.from < seq && seq <= gap.to);
        if (seq > to || isMissing) continue;
        anticipated.delete(seq);
        put(seq);
      }
      return ![...ahead.keys()].some((rev) => rev <= to);
    },

    passed(to) {
      through = to;
      for (const rev of ahead.keys()) if (rev <= to) ahead.delete(rev);
    },

    tell(id, text) {
      const after = lines.findLast((line) => 'seq' in line)?.seq ?? (0 as Seq);
      lines.push({ type: 'reply', id, text, after });
    },

    expectPage() {
      const amendments: Amendment[] = [];
      expected.add(amendments);
      return (page) => {
        // A timeline that began anew meanwhile has no place for a page of the old one.
        if (!expected.delete(amendments)) return false;
        for (const entry of page) take(entry);
        for (const amendment of amendments) amend(amendment);
        return true;
      };
    },

    replaceGap(was, now) {
      gaps = gaps.filter((gap) => gap.to !== was?.to);
      if (now) gaps = [...gaps, now].sort((a, b) => a.from - b.from);
    },

    forget(through) {
      floor = (through + 1) as Seq;
      // A page of what is dropped would stand before a hole that nobody sees.
      expected.clear();
      drop(placeOf(floor));
    },

    setHasMore(value) {
      hasMore = value;
    },

    view() {
      if (lines.length > linesMax) drop(lines.length - linesMax);
      const all: TimeLine[] = [...lines];
      // From the end, so that the places of the others stay what they are.
      for (const gap of gaps.toReversed()) {
        all.splice(placeOf(gap.from + 1), 0, { type: 'gap', ...gap });
      }
      return { lines: all, gaps, hasMore };
    },

    revOf(seq) {
      const line = find(seq);
      return line?.type === 'message' ? (line.rev ?? 0) : 0;
    },

    oldest,
  };

  function take(entry: WireEntry): void {
    if (!('of' in entry)) {
      anticipated.delete(entry.seq);
      previewed.delete(entry.seq);
    }
    switch (entry.type) {
      case 'edit':
      case 'delete':
      case 'reaction':
        return amend(entry);
      case 'message': {
        const known = find(entry.seq);
        // Equal ones are replaced: what we knew may be our own text as we sent it, before the
        // server cleaned it.
        if (known?.type === 'message' && (known.rev ?? 0) > (entry.rev ?? 0)) return;
        put(entry.seq, entry);
        if ((entry.rev ?? 0) > through) ahead.set(entry.rev as Seq, entry.seq);
        return;
      }
      case 'join':
      case 'leave':
      case 'member':
      case 'topic':
      case 'mode':
      case 'notice':
      case 'sanction':
        put(entry.seq, entry);
    }
  }

  function amend(amendment: Amendment): void {
    if (ahead.get(amendment.seq) === amendment.of) ahead.delete(amendment.seq);
    for (const amendments of expected) amendments.push(amendment);
    const message = find(amendment.of);
    if (message?.type === 'message') put(message.seq, amended(message, amendment));
  }

  /** From now on this line stands at a seq, or none. */
  function put(seq: Seq, ...line: readonly RecordedLine[]): void {
    lines.splice(placeOf(seq), find(seq) ? 1 : 0, ...line);
  }

  function find(seq: Seq): RecordedLine | undefined {
    const line = lines[placeOf(seq)];
    return line && 'seq' in line && line.seq === seq ? line : undefined;
  }

  /** How many lines stand before a seq. */
  function placeOf(seq: number): number {
    let [low, high] = [0, lines.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (positionOf(lines[middle]) < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Drops the oldest lines, and what is missing before those that stay. */
  function drop(count: number): void {
    lines.splice(0, count);
    gaps = gaps.filter((gap) => gap.to >= oldest());
    hasMore = true;
  }

  function oldest(): Seq {
    return lines.find((line) => 'seq' in line)?.seq ?? floor;
  }
}

/** Where a line stands among the seqs: an entry at its own, an answer to a command behind one. */
function positionOf(line: RecordedLine | ReplyLine | undefined): number {
  if (line === undefined) return Infinity;
  return 'seq' in line ? line.seq : line.after + 0.5;
}
