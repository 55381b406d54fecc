/**
 * What to ask next, and what an answer means: the rules of the cursor, seen from the client.
 *
 * The client reads the journal in order and keeps its position: the cursor of the last reply it
 * took in, and `to`, the seq up to which it knows everything. A reply that begins behind `to`
 * leaves a hole, whether it says so (`gap`) or not. The hole is filled from the history before the
 * reply itself takes effect, so that whoever listens hears the entries in order. Only what cannot
 * be filled is told as a gap, with its exact range.
 *
 * A reply counts when all of it is taken in. Until then the cursor stays, and the next poll brings
 * the same again.
 */
import type { LeaveReason, MemberId, Seq, Who, WireEntry } from '../protocol/entries.ts';
import type { Gap, Live, PollReply, Snapshot } from '../protocol/replies.ts';
import { fail, isPassing, type Failure, type FailureCode } from './answer.ts';
import type { ClientClock } from './clock.ts';
import { adaptiveHold } from './hold.ts';
import type { Listeners } from './listeners.ts';
import type { Verdict } from './poll-loop.ts';
import { joined, page, pollReply, snapshot } from './shapes.ts';
import type { Status } from './status.ts';
import type { Ask } from './wire.ts';

/** How far the client has read. */
export interface Position {
  readonly cursor: string;
  /** The seq up to which everything is known at that cursor. */
  readonly to: Seq;
}

/** The room at a beginning. What it holds is not told again, except what came after `after`. */
export interface Beginning {
  readonly snapshot: Snapshot;
  /** Where an earlier client had read to, if entries are told from there; otherwise null. */
  readonly after: Seq | null;
  /** What was before it is of another history, and has no meaning any more. */
  readonly isReset: boolean;
}

export interface CourseEvents {
  /** The room was taken as a whole; entries follow from there. */
  readonly begin: Beginning;
  /** The next entry: each once, in order. */
  readonly entry: WireEntry;
  /** Something was missed and is being read. What comes behind it is known already. */
  readonly hole: Gap & { readonly behind: readonly WireEntry[] };
  /** What was missed and cannot be had. The entries go on behind it. */
  readonly gap: Gap;
  /** A reply was taken in as a whole. */
  readonly live: Live;
  /** Who we are in the room, whenever it is told; null for nobody. */
  readonly you: Who | null;
}

export interface Course {
  /** Where another client would go on reading. */
  position: Position | null;
  /** Who we are in the room; null for nobody. */
  you: Who | null;
  /** Grows with each beginning. What was asked in an earlier era is answered in vain. */
  era: number;
  readonly admit: (who: Who | null) => void;
  /** Goes on from a snapshot. */
  readonly begin: (from: Snapshot) => void;
  /** Asks for the room first, then goes on from where somebody had read to, if that is known. */
  readonly resume: (from: Position | null) => void;
  readonly step: (signal: AbortSignal, isHurried: boolean) => Promise<Verdict>;
}

type Step = (signal: AbortSignal, isHurried: boolean, you: Who) => Promise<Verdict>;

/** What is asked for until the server has said what it offers, in seconds. */
const holdSDefault = 25;
/** A poll is given up when it was not answered so long after its hold. */
const graceMs = 10_000;
/** A page of history of the largest size. */
const pageSize = 200;
/** A longer hole is told as a gap: ten pages are an hour of a busy room. */
const holeMax = 2_000;
/** Times in a row that filling a hole may fail before it is left as a gap. */
const fillTriesMax = 3;
/** What a poll costs at least where answers come at once and say nothing. */
const idleMs = 1_000;

export function course(
  /** Asks. Once its signal is aborted, it is never heard of again. */
  ask: Ask,
  clock: ClientClock,
  tab: string,
  /** The body of a join with this nick; the same for each retry of it. */
  joinBody: (nick: string) => object,
  tokenHeard: (token: string | undefined) => void,
  tell: Listeners<CourseEvents>['tell'],
  become: (status: Status) => void,
): Course {
  const hold = adaptiveHold();
  let offeredS = holdSDefault;
  let turn = 0;

  /** What is asked next, as far as we are somebody. */
  let next: Step = takeRoom;
  /** Where a client before this one had read to. */
  let kept: Position | null = null;
  let cursor = '';
  /** Everything up to here is known. Null until the first poll says where its cursor stands. */
  let to: Seq | null = null;

  /** Since the last good poll: the history was taken anew, and the session was. */
  let hasReset = false;
  let hasJoined = false;
  let fillFailures = 0;

  const way: Course = { position: null, you: null, era: 0, admit, begin, resume, step };
  return way;

  function admit(who: Who | null): void {
    way.you = who;
    tell('you', who);
  }

  function begin(from: Snapshot): void {
    way.era++;
    ({ cursor } = from);
    to = null;
    let position = { cursor, to: from.entries.at(-1)?.seq ?? (0 as Seq) };
    // What the snapshot does not carry is read from where the client before had been, unless this
    // snapshot comes from a node that lags behind it: then its own cursor is right.
    if (from.you && kept && kept.to <= position.to) ({ cursor, to } = position = kept);
    way.position = position;
    kept = null;
    next = poll;
    tell('begin', { snapshot: from, after: to, isReset: hasReset });
    admit(from.you ?? null);
  }

  function resume(from: Position | null): void {
    kept = from;
    next = takeRoom;
  }

  function step(signal: AbortSignal, isHurried: boolean): Promise<Verdict> {
    // Polls are for members: whoever is nobody asks for the room, which says if they are.
    return way.you ? next(signal, isHurried, way.you) : takeRoom(signal);
  }

  async function takeRoom(signal: AbortSignal): Promise<Verdict> {
    const answer = await ask(signal, 'room', snapshot);
    if (!answer.ok && isPassing(answer)) return answer;
    if (way.you && !(answer.ok && answer.you)) {
      // We were a member of what was there before.
      next = joinAgain;
      return undefined;
    }
    if (answer.ok) begin(answer);
    if (!way.you) become({ kind: 'idle' });
    return undefined;
  }

  async function joinAgain(signal: AbortSignal, _: boolean, { id, nick }: Who): Promise<Verdict> {
    const farewell = await askFarewell(id, signal);
    if (farewell) return out(fail(farewell));
    const answer = await ask(signal, 'join', joined, { body: joinBody(nick) });
    if (!answer.ok) return isPassing(answer) ? answer : out(answer);
    tokenHeard(answer.token);
    hasJoined = true;
    next = poll;
    // In the same history the old cursor is still good, and nothing is missed by going on from it.
    if (hasReset) begin(answer);
    else admit(answer.you);
    return undefined;
  }

  /**
   * Why we are not a member any more, if it was meant. Who lapsed may come back unasked; who left
   * elsewhere or was sent out may not. In a crowd, or behind a passcode, this is not told: there it
   * is for the room to refuse.
   */
  async function askFarewell(id: MemberId, signal: AbortSignal): Promise<FailureCode | undefined> {
    const answer = await ask(
      signal,
      `messages?after=${way.position?.to ?? 0}&limit=${pageSize}`,
      page,
    );
    if (!answer.ok || answer.more) return undefined;
    const last = answer.entries.findLast((entry) => 'member' in entry && entry.member.id === id);
    return last?.type === 'leave' ? farewells[last.reason] : undefined;
  }

  async function poll(signal: AbortSignal, isHurried: boolean): Promise<Verdict> {
    const holdS = isHurried ? 0 : hold.ask(offeredS);
    const holdMs = holdS * 1_000;
    const asked = cursor;
    const beganMs = clock.monotonic();
    const path = `poll?after=${cursor}&hold=${holdS}&tab=${tab}&turn=${++turn}`;
    const answer = await ask(signal, path, pollReply, { deadlineMs: holdMs + graceMs });
    const ageMs = clock.monotonic() - beganMs;
    if (!answer.ok) {
      if (isPassing(answer)) hold.died(ageMs, holdMs);
      return verdictOn(answer);
    }
    hold.lasted(ageMs);
    if (answer.superseded) {
      become({ kind: 'superseded' });
      return undefined;
    }
    tokenHeard(answer.token);
    const failure = await takeIn(answer, signal);
    if (failure) return verdictOn(failure);
    hasReset = hasJoined = false;
    offeredS = answer.next.hold;
    // The same cursor means that nothing at all has changed, and a held poll says so after its
    // hold. Something on the way that answers it at once would be asked without end.
    const isIdle = cursor === asked && !isHurried && ageMs < idleMs;
    const waitMs = Math.max(answer.next.waitMs, isIdle ? idleMs : 0);
    // All of it was taken in, and so this one counts; but the next may not be answered for a while.
    return answer.draining ? fail('DRAINING', '', 0, waitMs) : waitMs;
  }

  function verdictOn(failure: Failure): Verdict {
    const { code } = failure;
    if (code === 'GONE' || code === 'BAD_CURSOR') {
      // Nodes that disagree about the history would send us round and round.
      next = takeRoom;
      if (hasReset) return failure;
      hasReset = true;
      return undefined;
    }
    if (code === 'NO_SESSION' && !hasJoined) {
      next = joinAgain;
      return undefined;
    }
    const isOver = code === 'NO_SESSION' || (failure.status === 403 && code !== 'UNREACHABLE');
    return isOver ? out(failure) : failure;
  }

  /** Takes a reply in, or tells why it does not count. */
  async function takeIn(reply: PollReply, signal: AbortSignal): Promise<Failure | undefined> {
    const failure = await bridge(reply, signal);
    if (failure) return failure;
    for (const entry of reply.entries) {
      learn(entry);
      // Whoever heard it may have begun anew.
      if (signal.aborted) return undefined;
    }
    to = Math.max(to ?? 0, reply.to) as Seq;
    ({ cursor } = reply);
    way.position = { cursor, to };
    if (reply.you) admit(reply.you);
    tell('live', reply.live);
    return undefined;
  }

  /** Fills the hole, if there is one, between what we know and what the reply goes on from. */
  async function bridge(reply: PollReply, signal: AbortSignal): Promise<Failure | undefined> {
    const until = reply.gap?.to ?? reply.from;
    let at = (to ??= reply.gap?.from ?? reply.from);
    const isTooLong = until - at > holeMax;
    while (at < until) {
      const gap = { from: at, to: until };
      let end = 0;
      if (!isTooLong) {
        tell('hole', { ...gap, behind: reply.entries });
        const path = `messages?after=${at}&limit=${pageSize}&cursor=${reply.cursor}`;
        const answer = await ask(signal, path, page);
        if (answer.ok) {
          const { entries, more } = answer;
          for (const entry of entries) if (entry.seq <= until) learn(entry);
          end = more ? (entries.at(-1)?.seq ?? 0) : until;
        } else {
          // Being asked to slow down is no failure: the page comes, only later.
          if (answer.code !== 'TOO_FAST') fillFailures++;
          const mayCome = isPassing(answer) && fillFailures < fillTriesMax;
          if (mayCome || ['NO_SESSION', 'GONE'].includes(answer.code)) return answer;
        }
      }
      // Nor is a page that leads nowhere asked for without end.
      if (end <= at) {
        tell('gap', gap);
        end = until;
      }
      to = at = Math.min(end, until) as Seq;
    }
    fillFailures = 0;
    return undefined;
  }

  function learn(entry: WireEntry): void {
    if (entry.seq <= (to ?? 0)) return;
    to = entry.seq;
    // Under another nick or with another role.
    const isComing = entry.type === 'join' || entry.type === 'member';
    if (isComing && entry.member.id === way.you?.id) admit(entry.member);
    tell('entry', entry);
  }

  /** There is nothing more to ask. */
  function out(failure: Failure): undefined {
    become({ kind: 'out', ...failure });
    return undefined;
  }
}

const farewells: Readonly<Partial<Record<LeaveReason, FailureCode>>> = {
  left: 'NO_SESSION',
  kicked: 'FORBIDDEN',
  banned: 'BANNED',
};
