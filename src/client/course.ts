/**
 * What to ask next, and what an answer means: the rules of the cursor, seen from the client.
 *
 * The client reads the journal in order and keeps its position: the cursor of the last reply it
 * took in, and `to`, the seq up to which it knows everything. A reply that begins behind `to`
 * leaves a hole, whether it says so (`gap`) or not. The hole is filled from the history before the
 * reply itself takes effect, so that the room is always a fold over entries in order. Only what
 * cannot be filled stays as a gap, with its exact range.
 *
 * A reply counts when all of it is taken in. Until then the cursor stays, and the next poll brings
 * the same again.
 */
import type { LeaveReason, Message, Seq, Who, WireEntry } from '../protocol/entries.ts';
import type { Gap, PollReply, Snapshot } from '../protocol/replies.ts';
import { isPassing, type Failure } from './answer.ts';
import type { ClientClock } from './clock.ts';
import { adaptiveHold } from './hold.ts';
import type { Position } from './kept.ts';
import type { Verdict } from './poll-loop.ts';
import type { Replica } from './replica.ts';
import { isJoined, isPage, isPollReply, isSnapshot } from './shapes.ts';
import { linesMax } from './timeline.ts';
import type { Ask } from './wire.ts';

export interface CourseParts {
  readonly ask: Ask;
  readonly clock: ClientClock;
  readonly replica: Replica;
  readonly tab: string;
  /** The body of a join with this nick; the same for each retry of it. */
  readonly joinBody: (nick: string) => object;
  readonly tokenHeard: (token: string) => void;
  /** The next entry was taken in. Once for each, in order. */
  readonly entered: (entry: WireEntry) => void;
  /** The position or the room has changed. */
  readonly changed: () => void;
  /** The room began anew with another history. */
  readonly reset: () => void;
}

export interface Course {
  /** Where a reload would go on reading. */
  readonly position: Position | null;
  /** Goes on from a snapshot. */
  begin(snapshot: Snapshot): void;
  /** Asks for the room first, then goes on from where the page had read to, where that is known. */
  resume(from: Position | null): void;
  readonly step: (isHurried: boolean, signal: AbortSignal) => Promise<Verdict>;
}

/** What is asked for until the server has said what it offers, in seconds. */
const holdSDefault = 25;
/** A poll is given up when it was not answered so long after its hold. */
const graceMs = 10_000;
/** A page of history of the largest size. */
const pageSize = 200;
/** Times in a row that filling a hole may fail before it is left as a gap. */
const fillTriesMax = 3;
/** What a poll costs at least where answers come at once and say nothing. */
const idleMs = 1_000;

export function course(parts: CourseParts): Course {
  const { ask, clock, replica, tab, changed } = parts;
  const { timeline } = replica;
  const hold = adaptiveHold();
  let offeredS = holdSDefault;
  let turn = 0;

  /** What has to be asked before the next poll. */
  let need: 'room' | 'join' | null = 'room';
  /** Where a page before this one had read to. */
  let kept: Position | null = null;
  let cursor = '';
  /** Everything up to here is known. Null until the first poll says where its cursor stands. */
  let to: Seq | null = null;
  /** The newest message of the last snapshot: its cursor stands there or further. */
  let newest = 0 as Seq;
  /** The two, as they were when the last reply had been taken in as a whole. */
  let position: Position | null = null;

  /** Since the last good poll: the history was taken anew, and the session was. */
  let hasReset = false;
  let hasJoined = false;

  /** The hole that is being filled. */
  let hole: Gap | null = null;
  let fillFailures = 0;
  /** Something passed us by that changed the room: it has to be asked for as a whole. */
  let isStale = false;
  /**
   * The messages of a snapshot that is newer than our cursor, behind that cursor. Should the
   * history be cut before the next poll, the cursor may stand in both and tell nothing; these do.
   */
  let unproven: readonly Message[] = [];
  let unprovenFrom = 0;

  return {
    get position() {
      return position;
    },
    begin,
    resume(from) {
      kept = from;
      need = 'room';
    },
    step(isHurried, signal) {
      if (need === 'room') return takeRoom(signal);
      if (need === 'join') return joinAgain(signal);
      return poll(isHurried, signal);
    },
  };

  function begin(snapshot: Snapshot): void {
    // What is kept meanwhile must not pair the new room with the old place.
    position = null;
    replica.start(snapshot);
    ({ cursor } = snapshot);
    to = null;
    newest = snapshot.entries.at(-1)?.seq ?? (0 as Seq);
    position = { cursor, to: newest };
    // Notices and comings that the snapshot does not carry are read from where the page had been,
    // unless this snapshot comes from a node that lags behind it: then its own cursor is right.
    if (snapshot.you && kept && kept.to <= newest) {
      ({ cursor, to } = kept);
      position = kept;
    }
    const known = to;
    if (known !== null) timeline.passed(known);
    unproven = known === null ? [] : snapshot.entries.filter(({ seq }) => seq > known);
    unprovenFrom = snapshot.entries[0]?.seq ?? 0;
    kept = null;
    need = null;
    hole = null;
    isStale = false;
    changed();
  }

  async function takeRoom(signal: AbortSignal): Promise<Verdict> {
    const answer = await ask('room', { accept: isSnapshot, signal });
    if (signal.aborted) return null;
    if (!answer.ok && isPassing(answer)) return { failure: answer };
    if (replica.you && !(answer.ok && answer.body.you)) {
      // We were a member of what was there before.
      need = 'join';
      return null;
    }
    if (!answer.ok) return { end: { kind: 'idle' } };
    beginAnew(answer.body);
    return replica.you ? null : { end: { kind: 'idle' } };
  }

  async function joinAgain(signal: AbortSignal): Promise<Verdict> {
    const { you } = replica;
    if (!you) throw new Error('Only a member can join again');
    const farewell = await askFarewell(you, signal);
    if (signal.aborted) return null;
    if (farewell) return out(farewell);
    const body = parts.joinBody(you.nick);
    const answer = await ask('join', { method: 'POST', body, accept: isJoined, signal });
    if (signal.aborted) return null;
    if (!answer.ok) return isPassing(answer) ? { failure: answer } : out(answer);
    parts.tokenHeard(answer.body.token);
    hasJoined = true;
    need = null;
    // In the same history the old cursor is still good, and nothing is missed by going on from it.
    if (hasReset) beginAnew(answer.body);
    else replica.admit(answer.body.you);
    return null;
  }

  /**
   * Why we are not a member any more, if it was meant. Who lapsed may come back unasked; who left
   * elsewhere or was sent out may not. In a crowd, or behind a passcode, this is not told: there it
   * is for the room to refuse.
   */
  async function askFarewell({ id }: Who, signal: AbortSignal): Promise<Farewell | null> {
    const path = `messages?after=${to ?? newest}&limit=${pageSize}`;
    const page = await ask(path, { accept: isPage, signal });
    if (!page.ok || page.body.more) return null;
    const last = page.body.entries.findLast((entry) => {
      return (entry.type === 'join' || entry.type === 'leave') && entry.member.id === id;
    });
    return last?.type === 'leave' ? farewells[last.reason] : null;
  }

  function beginAnew(snapshot: Snapshot): void {
    begin(snapshot);
    if (hasReset) parts.reset();
  }

  async function poll(isHurried: boolean, signal: AbortSignal): Promise<Verdict> {
    const holdS = isHurried ? 0 : hold.ask(offeredS);
    const holdMs = holdS * 1_000;
    const asked = cursor;
    const beganMs = clock.monotonic();
    const path = `poll?after=${encodeURIComponent(cursor)}&hold=${holdS}&tab=${tab}&turn=${++turn}`;
    const answer = await ask(path, { accept: isPollReply, deadlineMs: holdMs + graceMs, signal });
    if (signal.aborted) return null;
    const ageMs = clock.monotonic() - beganMs;
    if (!answer.ok) {
      if ([0, 502, 504].includes(answer.status)) hold.died(ageMs, holdMs);
      return verdictOn(answer);
    }
    hold.lasted(ageMs);
    const reply = answer.body;
    if (reply.superseded) return { end: { kind: 'superseded' } };
    if (reply.token) parts.tokenHeard(reply.token);
    const failure = await takeIn(reply, signal);
    if (signal.aborted) return null;
    if (failure) return verdictOn(failure);
    if (need === 'room') return null;
    hasReset = false;
    hasJoined = false;
    offeredS = reply.next.hold;
    // The same cursor means that nothing at all has changed, and a held poll says so after its
    // hold. Something on the way that answers it at once would be asked without end.
    const isIdle = cursor === asked && !isHurried && ageMs < idleMs;
    return { waitMs: Math.max(reply.next.waitMs, isIdle ? idleMs : 0) };
  }

  function verdictOn(failure: Failure): Verdict {
    switch (failure.code) {
      case 'GONE':
      case 'BAD_CURSOR': {
        // Nodes that disagree about the history would send us round and round.
        const wasReset = hasReset;
        need = 'room';
        hasReset = true;
        return wasReset ? { failure } : null;
      }
      case 'NO_SESSION':
        if (hasJoined) return out(failure);
        need = 'join';
        return null;
      case 'UNREACHABLE':
        return { failure };
      default:
        return failure.status === 403 ? out(failure) : { failure };
    }
  }

  /** Takes a reply in, or tells why it does not count. */
  async function takeIn(reply: PollReply, signal: AbortSignal): Promise<Failure | null> {
    if (to === null) {
      to = reply.gap?.from ?? reply.from;
      timeline.passed(to);
    }
    const behind = reply.gap?.to ?? reply.from;
    if (to < behind) {
      const failure = await bridge(to, behind, reply, signal);
      if (signal.aborted || failure) return failure;
    }
    showHole(null);
    for (const entry of reply.entries) learn(entry);
    to = Math.max(to, reply.to) as Seq;
    if (!timeline.known(to)) startOver();
    ({ cursor } = reply);
    position = { cursor, to };
    replica.heed(reply.live);
    if (reply.you) replica.admit(reply.you);
    changed();
    if (isStale || replica.isRosterWrong()) await refresh(signal);
    return null;
  }

  /** Fills the hole between what we know and what the reply goes on from. */
  async function bridge(
    from: Seq,
    behind: Seq,
    reply: PollReply,
    signal: AbortSignal,
  ): Promise<Failure | null> {
    if (behind - from > linesMax) {
      // More than we keep. What is left of the old lines goes, and all of this is older history.
      timeline.forget(behind);
      return passBy(behind);
    }
    // The newest is shown while the hole is filled. Amendments wait for their turn: one before
    // them may be in the hole, and two reactions to a message make sense in their order only.
    for (const entry of reply.entries) if (!('of' in entry)) timeline.preview(entry);
    for (let at = from; at < behind;) {
      showHole({ from: at, to: behind });
      const path = `messages?after=${at}&limit=${pageSize}&cursor=${reply.cursor}`;
      const answer = await ask(path, { accept: isPage, signal });
      if (signal.aborted) return null;
      if (!answer.ok) {
        // Being asked to slow down is no failure: the page comes, only later.
        const counts = answer.code !== 'TOO_FAST';
        if (counts) fillFailures++;
        const mayFail = isPassing(answer) && fillFailures < fillTriesMax;
        const isOver = answer.code === 'NO_SESSION' || answer.code === 'GONE';
        return mayFail || isOver ? answer : passBy(behind);
      }
      const { entries, more } = answer.body;
      const end = more ? (entries.at(-1)?.seq ?? at) : behind;
      // A page that leads nowhere would be asked for without end.
      if (end <= at) return passBy(behind);
      for (const entry of entries) if (entry.seq <= behind) learn(entry);
      at = Math.min(end, behind) as Seq;
    }
    fillFailures = 0;
    return null;
  }

  /** Goes on without what is missing, and has the room asked for that it may have changed. */
  function passBy(behind: Seq): null {
    to = behind;
    timeline.passed(behind);
    hole = null;
    fillFailures = 0;
    unproven = [];
    isStale = true;
    return null;
  }

  /** Shows what is missing just now in place of what was. Once passed by, it stays. */
  function showHole(now: Gap | null): void {
    timeline.replaceGap(hole, now);
    hole = now;
    changed();
  }

  function learn(entry: WireEntry): void {
    const isNew = entry.seq > (to ?? 0);
    if (isNew && !agrees(entry)) startOver();
    replica.learn(entry);
    if (!isNew) return;
    to = entry.seq;
    parts.entered(entry);
  }

  /** What we were shown is not what comes: it is of a history that was cut. */
  function startOver(): void {
    need = 'room';
    hasReset = true;
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
   * Takes the room as a whole, but not its cursor. From ours, the next poll brings what the
   * snapshot contains already, which is harmless; and should this be another history, it is our
   * cursor that tells.
   */
  async function refresh(signal: AbortSignal): Promise<void> {
    const answer = await ask('room', { accept: isSnapshot, signal });
    if (signal.aborted || !answer.ok || !answer.body.you) return;
    replica.refresh(answer.body);
    isStale = false;
    changed();
  }
}

function out({ code, detail }: Farewell): Verdict {
  return { end: { kind: 'out', code, detail } };
}

type Farewell = Pick<Failure, 'code' | 'detail'>;

const farewells: Readonly<Record<LeaveReason, Farewell | null>> = {
  timeout: null,
  left: { code: 'NO_SESSION', detail: 'You left the room in another tab' },
  kicked: { code: 'FORBIDDEN', detail: 'A keeper sent you out' },
  banned: { code: 'BANNED', detail: 'A keeper banned you from this room' },
};
