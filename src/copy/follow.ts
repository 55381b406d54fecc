/**
 * How the copy follows the client: what it hears goes into the replica, in order. Beside that the
 * copy sees what a program that only listens does not: whether what it shows already is what comes.
 * Where it is not, the history was cut in between, and the copy begins anew.
 */
import type { Client } from '../client/client.ts';
import type { Message, Seq, WireEntry } from '../protocol/entries.ts';
import type { Gap } from '../protocol/replies.ts';
import type { Replica } from './replica.ts';

/** What is read at once of what a spectator has not been told: a page of the largest size. */
const pageSize = 200;
/** A gap up to this is shown as one. Of a longer one nobody reads what was missed from its end. */
const gapMax = 2_000;

export interface FollowParts {
  readonly client: Client;
  readonly replica: Replica;
  readonly changed: () => void;
  /** The next entry was taken in. */
  readonly entered: (entry: WireEntry) => void;
  /** Something passed us by: what was read before may have changed since. */
  readonly missed: () => void;
  /** The room began anew with another history. */
  readonly reset: () => void;
}

export interface Following {
  /**
   * Shows what has come since to somebody who is nobody here, and so is told nothing. What is shown
   * stays, as long as it is the same history. Tells whether we are somebody after all.
   */
  readonly lookAgain: () => Promise<boolean>;
}

/** Follows for as long as the client does. */
export function follow(parts: FollowParts): Following {
  const { client, replica, changed, entered, missed, reset } = parts;
  const { timeline } = replica;
  /** The hole that is being filled. */
  let hole: Gap | null = null;
  /** What we were shown is not what came: nothing counts until the room begins. */
  let isLost = false;
  /** Something passed us by that changed the room: it has to be asked for as a whole. */
  let isStale = false;
  /** What came since the room was asked for; null while it is not. */
  let since: WireEntry[] | null = null;
  /**
   * The messages of a snapshot that is newer than our cursor, behind that cursor. Should the
   * history be cut before the next poll, the cursor may stand in both and tell nothing; these do.
   */
  let unproven: readonly Message[] = [];
  let unprovenFrom = 0;
  /** Up to where a spectator has seen the room. */
  let seen = 0 as Seq;

  client.on('begin', ({ snapshot, after, isReset }) => {
    const isAnew = isLost || isReset;
    replica.start(snapshot);
    // All that a snapshot tells lies before the entries that follow it, unless they begin earlier.
    timeline.passed(after ?? Infinity);
    unproven = after === null ? [] : snapshot.entries.filter(({ seq }) => seq > after);
    unprovenFrom = snapshot.entries[0]?.seq ?? 0;
    seen = newestOf(snapshot.entries);
    hole = null;
    isLost = false;
    isStale = false;
    since = null;
    changed();
    if (isAnew) reset();
    if (after === null) missed();
  });

  client.on('you', (who) => {
    replica.admit(who);
    changed();
  });

  client.on('hole', ({ from, to, behind }) => {
    if (isLost) return;
    // The newest is shown while the hole is filled. Amendments wait for their turn: one before
    // them may be in the hole, and two reactions to a message make sense in their order only.
    for (const entry of behind) if (!('of' in entry)) timeline.preview(entry);
    showHole({ from, to });
  });

  client.on('gap', ({ from, to }) => {
    if (isLost) return;
    // What is left of the old lines goes, and all of this is older history.
    if (to - from > gapMax) timeline.forget(to);
    else showHole({ from, to });
    hole = null;
    timeline.passed(to);
    unproven = [];
    isStale = true;
    missed();
  });

  client.on('entry', (entry) => {
    if (isLost) return;
    if (!agrees(entry)) return beginAnew();
    if (hole && entry.seq < hole.to) showHole({ from: entry.seq, to: hole.to });
    replica.learn(entry);
    since?.push(entry);
    entered(entry);
  });

  client.on('live', (live) => {
    if (!isLost) showHole(null);
    // Whoever was lost and had lapsed is let in again, and polls on instead of beginning.
    if (isLost || !timeline.known(client.position?.to ?? 0)) return beginAnew();
    replica.heed(live);
    changed();
    if (isStale || replica.isRosterWrong()) void refresh();
  });

  return { lookAgain };

  async function lookAgain(): Promise<boolean> {
    const now = await client.look();
    if (!now.ok) return false;
    if (now.you) return await client.resume();
    // Who was a member a moment ago has followed the room beyond its beginning.
    const after = Math.max(seen, client.position?.to ?? 0) as Seq;
    const takePage = timeline.expectPage();
    const page = await client.history({ after, limit: pageSize });
    const isTaken = takePage(page.ok ? page.entries : []);
    if (!page.ok && page.code === 'GONE') beginAnew();
    // Or somebody has joined meanwhile, and the room has begun.
    if (!page.ok || !isTaken || replica.you) return replica.you !== null;
    replica.refresh(now);
    const [first] = now.entries;
    const end = Math.max(after, newestOf(page.entries)) as Seq;
    if (page.more && first && first.seq > end + 1) {
      timeline.replaceGap(null, { from: end, to: (first.seq - 1) as Seq });
    }
    for (const message of now.entries) timeline.take(message);
    seen = Math.max(end, newestOf(now.entries)) as Seq;
    changed();
    if (page.entries.length > 0) missed();
    return false;
  }

  /** Shows what is missing just now in place of what was. Once passed by, it stays. */
  function showHole(now: Gap | null): void {
    timeline.replaceGap(hole, now);
    hole = now;
    changed();
  }

  function beginAnew(): void {
    isLost = true;
    void client.resume(null);
  }

  /** Whether the next entry is what the snapshot has there, which we began with. */
  function agrees(entry: WireEntry): boolean {
    const [next, ...others] = unproven;
    if (!next || entry.seq < unprovenFrom) return true;
    if (entry.type !== 'message') return entry.seq < next.seq;
    unproven = others;
    return entry.seq === next.seq && entry.id === next.id;
  }

  /**
   * Takes the room as a whole. What came while it was on its way may stand in it or not, and is
   * taken in once more: that ends in the same state.
   */
  async function refresh(): Promise<void> {
    if (since) return;
    const came: WireEntry[] = (since = []);
    const answer = await client.look();
    if (since !== came) return;
    since = null;
    if (!answer.ok || !answer.you) return;
    const { live } = replica.view();
    replica.refresh(answer);
    for (const entry of came) replica.learn(entry);
    if (live) replica.heed(live);
    isStale = false;
    changed();
  }
}

function newestOf(entries: readonly WireEntry[]): Seq {
  return entries.at(-1)?.seq ?? (0 as Seq);
}
