/** Reading back: the page before what is shown, and what a gap has left out. */
import type { Seq } from '../protocol/entries.ts';
import type { Gap, HistoryPage } from '../protocol/replies.ts';
import { fail, type Answer } from '../client/answer.ts';
import type { Client, HistoryQuery } from '../client/client.ts';
import type { Replica } from './replica.ts';
import { linesMax } from './timeline.ts';

/** `more`: there is more to read in this direction. */
export type Read = Answer<{ readonly more: boolean }>;

/** Older messages at once: three screens. */
const olderSize = 50;
const gapSize = 200;

/**
 * Reads a page: of a gap, or without one, of what is older than everything that is shown. What
 * a gap had left out may have changed messages that are shown elsewhere: `missed` tells of that.
 */
export function history(
  client: Client,
  replica: Replica,
  changed: () => void,
  missed: () => void,
): (gap?: Gap) => Promise<Read> {
  const { timeline } = replica;
  /** The older page on its way; whoever asks meanwhile gets the same. */
  let older: Promise<Read> | null = null;

  return async (gap) => {
    const reading = gap ? readGap(gap) : (older ??= readOlder());
    const read = await reading;
    if (older === reading) older = null;
    changed();
    return read;
  };

  async function readOlder(): Promise<Read> {
    const { lines, hasMore } = timeline.view();
    if (!hasMore) return { ok: true, more: false };
    // What is read back would push itself out again at once.
    if (lines.length >= linesMax) return fail('TOO_MANY', `"${linesMax}" lines are shown at most`);
    const page = await read({ before: timeline.oldest(), limit: olderSize });
    if (!page.ok) return page;
    if (page.isTaken) timeline.setHasMore(page.more);
    return { ok: true, more: timeline.view().hasMore };
  }

  async function readGap({ from, to }: Gap): Promise<Read> {
    const page = await read({ after: from, limit: gapSize }, to);
    if (!page.ok) return page;
    // The gap went with the lines around it.
    if (!page.isTaken) return { ok: true, more: false };
    // An older message that was amended in the gap and again after it has the later change only.
    // Changes make sense in their order, so it is read again as it stands.
    const overtaken = new Set<Seq>();
    for (const entry of page.entries) {
      if ('of' in entry && entry.of <= from && timeline.revOf(entry.of) > to)
        overtaken.add(entry.of);
    }
    for (const seq of overtaken) await read({ after: (seq - 1) as Seq, limit: 1 }, seq);
    const end = page.entries.at(-1)?.seq ?? to;
    const more = page.more && end < to;
    timeline.replaceGap({ from, to }, more ? { from: end, to } : null);
    missed();
    return { ok: true, more };
  }

  /** `isTaken`: what is shown is still the history that the page is of. */
  async function read(
    query: HistoryQuery,
    to = Infinity,
  ): Promise<Answer<HistoryPage & { readonly isTaken: boolean }>> {
    const takePage = timeline.expectPage();
    const answer = await client.history(query);
    const isTaken = takePage(answer.ok ? answer.entries.filter(({ seq }) => seq <= to) : []);
    return answer.ok ? { ...answer, isTaken } : answer;
  }
}
