/**
 * The room: who is here and what they may do. It is the only place with rules. Each verb decides,
 * from the state that the journal has given so far, whether something may be recorded; a refusal
 * is a value. What is recorded takes effect when the journal says so, in the order of `seq`, by
 * the same path for this process's own entries and for those of an earlier one.
 *
 * A crash of the room loses nothing: the next one reads the saved state, folds what came after,
 * and stands where this one stood.
 */
import { timingSafeEqual } from 'node:crypto';
import type { Appended, Committed, Journal, Position } from '../journal/journal.ts';
import type {
  EntryBody,
  LeaveReason,
  MemberId,
  Message,
  MessageBody,
  Seq,
  Who,
} from '../protocol/entries.ts';
import { refuse, type Outcome, type Refusal } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';
import type { CommandReply, MembersPage, RoomInfo, Said } from '../protocol/replies.ts';
import type { Clock } from '../supervisor/clock.ts';
import type { Log } from '../supervisor/log.ts';
import { runCommand } from './commands.ts';
import { cleanEmoji } from './emoji.ts';
import { memberIdOfJoin, newKey, newMemberId, type RandomBytes } from './ids.ts';
import { Keeping } from './keeping.ts';
import { cardOf, type Member } from './member.ts';
import { cleanNick } from './nick.ts';
import { PaceBook } from './pace.ts';
import { Recent } from './recent.ts';
import { compareNicks, RoomState, rosterOf } from './room-state.ts';
import type { Settings } from './settings.ts';
import { cleanText, cleanTopic } from './text.ts';

export interface RoomParts {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: RandomBytes;
  /** The installation's secret: ids of joins are derived from it, sessions are signed with it. */
  readonly secret: Uint8Array;
  readonly settings: Settings;
}

/** Who asks, and from where. */
export interface Actor {
  readonly id: MemberId;
  readonly address: string;
}

export interface JoinRequest {
  readonly nick: string;
  /** The client's own random id of this join: sent again, it is the same join. */
  readonly joinId?: string | undefined;
  readonly passcode?: string | undefined;
  /** Who the session says they are: a member, or one whose connection lapsed. */
  readonly session: MemberId | null;
  readonly address: string;
}

export interface SayRequest {
  readonly id: string;
  readonly text: string;
  readonly replyTo?: Seq | undefined;
}

/** How many are here, and whether they are told by name. */
export interface Presence {
  readonly online: number;
  readonly roster: 'full' | 'count';
}

/** What `say` answers: a message recorded (`isRepeat`: some time before), or a command's reply. */
export type Spoken = { readonly said: Said; readonly isRepeat: boolean } | CommandReply;

const notHere = (): Refusal => refuse('NO_SESSION', 'You are not in the room, join it first');

export class Room {
  readonly #parts: RoomParts;
  readonly #state: RoomState;
  readonly #recent = new Recent();
  readonly #keeping: Keeping;
  #position: Position;
  #savedAt: number;
  /** Nicks of joins and renamings on their way to the journal, by skeleton. */
  readonly #reserved = new Map<string, MemberId>();
  readonly #joining = new Map<MemberId, Promise<Outcome<{ member: Who }>>>();
  readonly #pace: PaceBook<MemberId>;
  readonly #joinPace: PaceBook<string>;
  readonly #guessPace: PaceBook<string>;
  readonly #lastSaid = new Map<MemberId, number>();
  /** The members in the order of their nicks; made when asked for, dropped when it changes. */
  #sorted: readonly Who[] | null = null;
  #unfollow: () => void = () => undefined;

  private constructor(parts: RoomParts, state: RoomState, position: Position) {
    this.#parts = parts;
    this.#state = state;
    this.#position = position;
    this.#savedAt = position.seq;
    this.#pace = new PaceBook({ burst: limits.paceBurst, everyMs: limits.paceMs });
    this.#joinPace = new PaceBook({ burst: limits.joinBurst, everyMs: limits.joinMs });
    this.#guessPace = new PaceBook({ burst: limits.guessBurst, everyMs: limits.guessMs });
    this.#keeping = new Keeping({
      state,
      record: async (body) =>
        await this.#record(
          body.type === 'leave' || body.type === 'member' ? { ...body, ...this.#quietly() } : body,
        ),
      isKeeperCode: (given, address) => this.#guess(given, parts.settings.keeperCode, address),
    });
  }

  /** Opens the room at the journal's head. `crashed` hears of an entry that cannot be applied. */
  static async open(parts: RoomParts, crashed: (reason: unknown) => void): Promise<Room> {
    const { journal } = parts;
    const saved = await journal.loadState();
    const loaded = saved === null ? null : RoomState.load(saved.state);
    const room =
      saved === null || loaded === null
        ? new Room(parts, new RoomState(), await beginningOf(journal))
        : new Room(parts, loaded, saved.at);
    const from = room.#position.seq;
    room.#unfollow = await journal.follow(from, (entry) => room.#apply(entry), crashed);
    const page = await journal.page({
      before: Number.MAX_SAFE_INTEGER as Seq,
      limit: limits.recentMax,
      viewer: null,
    });
    if (!page.ok) throw new Error(`The recent messages cannot be read: ${page.detail}`);
    room.#recent.merge(page.entries.filter((entry): entry is Message => entry.type === 'message'));
    return room;
  }

  /** Stops following, and saves the state so that the next start is short. */
  async close(): Promise<void> {
    this.#unfollow();
    if (this.#position.seq > this.#savedAt) await this.#save();
  }

  // --- Who is here ----------------------------------------------------------------------------

  who(id: MemberId): Who | null {
    const member = this.#state.members.get(id);
    return member === undefined ? null : cardOf(member);
  }

  /** Everybody, for the post office, which gives each a mailbox when it starts. */
  members(): readonly Member[] {
    return [...this.#state.members.values()];
  }

  presence(): Presence {
    return { online: this.#state.members.size, roster: this.#state.roster };
  }

  /** The roster of a small room; null in a large one, where only the count is told. */
  roster(): readonly Who[] | null {
    if (this.#state.roster === 'count') return null;
    return this.#sortedMembers();
  }

  membersPage(query: { after: string; prefix: string; limit: number }): MembersPage {
    const sorted = this.#sortedMembers();
    const prefix = query.prefix.toLowerCase();
    // Both bounds are positions in the sorted list, so a page costs a search, not a walk.
    let at = lowerBound(sorted, query.prefix === '' ? '' : prefix);
    if (query.after !== '') at = Math.max(at, upperBound(sorted, query.after));
    const members: Who[] = [];
    for (; at < sorted.length && members.length < query.limit; at++) {
      const member = sorted[at] as Who;
      if (!member.nick.toLowerCase().startsWith(prefix)) break;
      members.push(member);
    }
    const next = sorted[at];
    return {
      members,
      online: sorted.length,
      more: next !== undefined && next.nick.toLowerCase().startsWith(prefix),
    };
  }

  // --- What is told of the room ---------------------------------------------------------------

  info(): RoomInfo {
    return {
      title: this.#parts.settings.title,
      topic: this.#state.topic,
      mode: this.#state.mode,
      slowMs: this.#state.slowMs,
      limits: { textMax: limits.textMax, nickMax: limits.nickMax },
    };
  }

  /** The last entry that has taken effect here. */
  position(): Position {
    return this.#position;
  }

  recent(count: number): readonly Message[] {
    return this.#recent.newest(count);
  }

  /** Whether somebody who gives this passcode may look into the room. */
  checkPasscode(given: string | undefined, address: string): Outcome<object> {
    const { passcode } = this.#parts.settings;
    if (passcode === null) return { ok: true };
    if (given === undefined) {
      return refuse('WRONG_PASSCODE', 'This room has a passcode, send it as "passcode"');
    }
    const guess = this.#guess(given, passcode, address);
    if (!guess.ok) return guess;
    return guess.isRight
      ? { ok: true }
      : refuse('WRONG_PASSCODE', 'This is not the passcode of the room, ask who invited you');
  }

  // --- Coming and going -----------------------------------------------------------------------

  /**
   * Lets somebody in. Sent again with the same session or the same `joinId` it is the same join.
   * Refuses with BAD_NICK, NICK_TAKEN, BANNED, WRONG_PASSCODE, ID_REUSED, TOO_FAST, TOO_MANY, and
   * what the journal refuses with.
   */
  async join(request: JoinRequest): Promise<Outcome<{ member: Who }>> {
    const { joinId, session, address } = request;
    const nick = cleanNick(request.nick);
    if (!nick.ok) return nick;
    const id =
      session ??
      (joinId === undefined
        ? newMemberId(this.#parts.random)
        : memberIdOfJoin(this.#parts.secret, joinId));
    const here = this.#state.members.get(id);
    if (here !== undefined) {
      if (here.nick === nick.nick) return { ok: true, member: cardOf(here) };
      if (session === null) {
        return refuse('ID_REUSED', `This join's id belongs to "${here.nick}", make a new one`);
      }
      return await this.rename(id, request.nick);
    }
    const underWay = this.#joining.get(id);
    if (underWay !== undefined) return await underWay;
    if (session === null) {
      const passcode = this.checkPasscode(request.passcode, address);
      if (!passcode.ok) return passcode;
    }
    if (this.#state.bans.holds(id, nick.skeleton)) {
      return refuse('BANNED', `"${nick.nick}" may not come in, a keeper decided so`);
    }
    const taken = this.#checkNick(id, nick);
    if (!taken.ok) return taken;
    if (this.#state.members.size + this.#joining.size >= this.#parts.settings.membersMax) {
      return refuse('TOO_MANY', 'The room is full, try again later', 10_000);
    }
    const wait = this.#parts.settings.addressLimits ? this.#take(this.#joinPace, address) : 0;
    if (wait > 0) return refuse('TOO_FAST', 'Too many joins from your network, wait a little', wait);
    const joining = this.#admit({ id, nick: nick.nick, role: this.#state.roleOf(id) }, nick.skeleton);
    this.#joining.set(id, joining);
    try {
      return await joining;
    } finally {
      this.#joining.delete(id);
    }
  }

  /** Lets somebody go. Who is not here is gone already, so it is done. */
  async leave(id: MemberId, reason: LeaveReason): Promise<Outcome<object>> {
    const member = this.who(id);
    if (member === null) return { ok: true };
    const recorded = await this.#record({ type: 'leave', member, reason, ...this.#quietly() });
    return recorded.ok ? { ok: true } : recorded;
  }

  /** Gives a member another nick. Refuses with BAD_NICK and NICK_TAKEN. */
  async rename(id: MemberId, raw: string): Promise<Outcome<{ member: Who }>> {
    const was = this.who(id);
    if (was === null) return notHere();
    const nick = cleanNick(raw);
    if (!nick.ok) return nick;
    if (nick.nick === was.nick) return { ok: true, member: was };
    const taken = this.#checkNick(id, nick);
    if (!taken.ok) return taken;
    this.#reserved.set(nick.skeleton, id);
    try {
      const member: Who = { ...was, nick: nick.nick };
      const recorded = await this.#record({ type: 'member', member, was, ...this.#quietly() });
      return recorded.ok ? { ok: true, member } : recorded;
    } finally {
      this.#reserved.delete(nick.skeleton);
    }
  }

  // --- Saying ---------------------------------------------------------------------------------

  /**
   * Records a message, or runs a command when the text begins with `/`. Refuses with NO_SESSION,
   * BAD_TEXT, MUTED, TOO_FAST, NOT_FOUND (of `replyTo`), ID_REUSED.
   */
  async say(actor: Actor, request: SayRequest): Promise<Outcome<Spoken>> {
    const by = this.who(actor.id);
    if (by === null) return notHere();
    if (request.text.startsWith('/') && !request.text.startsWith('//')) {
      return await runCommand(this, this.#keeping, { ...actor, request });
    }
    // Two strokes write one: the way to begin a message with a stroke.
    const text = request.text.startsWith('//') ? request.text.slice(1) : request.text;
    return await this.post(actor.id, { ...request, text });
  }

  /** Records a message. `action` marks what `/me` says. */
  async post(
    id: MemberId,
    request: SayRequest & { readonly action?: true },
  ): Promise<Outcome<Spoken>> {
    const by = this.who(id);
    if (by === null) return notHere();
    const clean = cleanText(request.text);
    if (!clean.ok) return clean;
    const { replyTo, action } = request;
    const body: MessageBody = {
      type: 'message',
      id: request.id,
      by,
      text: clean.text,
      ...(replyTo === undefined ? {} : { replyTo }),
      ...(action === undefined ? {} : { action }),
    };
    // A retry whose first answer was lost is answered before any rule is asked: it costs no
    // pace, and a mute in between does not make a recorded message look refused.
    const known = this.#recent.findOwn(id, request.id);
    if (known !== null && known.rev === undefined) return repeatOf(known, body);
    const allowed = this.#mayWrite(id);
    if (!allowed.ok) return allowed;
    if (replyTo !== undefined && (await this.#message(replyTo)) === null) {
      return refuse('NOT_FOUND', `There is no message "${replyTo}" to reply to`);
    }
    const recorded = await this.#record(body, `${id}:${request.id}`);
    if (!recorded.ok) {
      this.#pace.giveBack(id);
      return recorded;
    }
    if (!recorded.repeated) {
      this.#lastSaid.set(id, this.#parts.clock.monotonic());
      return { ok: true, said: saidOf(recorded.entry, request.id), isRepeat: false };
    }
    this.#pace.giveBack(id);
    return repeatOf(recorded.entry, body);
  }

  /** Changes the text of a message: its author's right, or a keeper's. */
  async edit(id: MemberId, of: Seq, raw: string): Promise<Outcome<{ message: Message }>> {
    const found = await this.#ownOrKept(id, of);
    if (!found.ok) return found;
    const { by, message } = found;
    if (message.deleted === true) return refuse('NOT_FOUND', `Message "${of}" was deleted`);
    const clean = cleanText(raw);
    if (!clean.ok) return clean;
    if (clean.text === message.text) return { ok: true, message };
    const allowed = this.#mayWrite(id);
    if (!allowed.ok) return allowed;
    const recorded = await this.#record({ type: 'edit', of, text: clean.text, by });
    if (!recorded.ok) return recorded;
    const present = (await this.#message(of)) ?? message;
    return { ok: true, message: present };
  }

  /** Deletes the text of a message, for everyone: its author's right, or a keeper's. */
  async remove(id: MemberId, of: Seq): Promise<Outcome<object>> {
    const found = await this.#ownOrKept(id, of);
    if (!found.ok) return found;
    if (found.message.deleted === true) return { ok: true };
    const wait = this.#take(this.#pace, id);
    if (wait > 0) return tooFast(wait);
    const recorded = await this.#record({ type: 'delete', of, by: found.by });
    return recorded.ok ? { ok: true } : recorded;
  }

  /** Puts a reaction on a message, or takes it back. */
  async react(id: MemberId, of: Seq, raw: string, on: boolean): Promise<Outcome<object>> {
    const by = this.who(id);
    if (by === null) return notHere();
    const clean = cleanEmoji(raw);
    if (!clean.ok) return clean;
    const { emoji } = clean;
    const message = await this.#message(of);
    if (message === null || message.deleted === true) {
      return refuse('NOT_FOUND', `There is no message "${of}"`);
    }
    if ((await this.#parts.journal.hasReacted(of, emoji, id)) === on) return { ok: true };
    const kinds = message.reactions ?? [];
    const isNewKind = on && !kinds.some((reaction) => reaction.emoji === emoji);
    if (isNewKind && kinds.length >= limits.reactionKindsMax) {
      return refuse('TOO_MANY', `A message carries at most ${limits.reactionKindsMax} kinds of reaction`);
    }
    const allowed = this.#mayWrite(id);
    if (!allowed.ok) return allowed;
    const recorded = await this.#record({ type: 'reaction', of, emoji, by, on });
    return recorded.ok ? { ok: true } : recorded;
  }

  /** Sets the line under the title. Whose right it is, the settings say. */
  async setTopic(id: MemberId, raw: string): Promise<Outcome<{ topic: string }>> {
    const by = this.who(id);
    if (by === null) return notHere();
    if (by.role !== 'keeper' && this.#parts.settings.topicBy === 'keepers') {
      return refuse('FORBIDDEN', 'Only keepers set the topic of this room');
    }
    const clean = cleanTopic(raw);
    if (!clean.ok) return clean;
    if (clean.topic === this.#state.topic) return { ok: true, topic: clean.topic };
    const allowed = this.#mayWrite(id);
    if (!allowed.ok) return allowed;
    const recorded = await this.#record({ type: 'topic', topic: clean.topic, by });
    return recorded.ok ? { ok: true, topic: clean.topic } : recorded;
  }

  /** Whether a member may be shown as typing: one who may not write does not write either. */
  mayType(id: MemberId): Outcome<object> {
    const member = this.#state.members.get(id);
    if (member === undefined) return notHere();
    return this.#mayBeHeard(member);
  }

  /** Takes a member's pace for something that is not written. Zero: go on; else wait so long. */
  takePace(id: MemberId): number {
    return this.#take(this.#pace, id);
  }

  // --- Handling -------------------------------------------------------------------------------

  #apply(committed: Committed): void {
    const { entry, hash } = committed;
    if (entry.seq !== this.#position.seq + 1) {
      throw new Error(`The room stands at ${this.#position.seq} and was given ${entry.seq}`);
    }
    this.#state.apply(entry);
    this.#recent.apply(committed);
    this.#position = { seq: entry.seq, hash };
    if (entry.type === 'join' || entry.type === 'leave' || entry.type === 'member') {
      this.#sorted = null;
      if (entry.type === 'leave') this.#lastSaid.delete(entry.member.id);
    }
    if (entry.seq - this.#savedAt >= limits.snapshotEvery) {
      this.#save().catch((reason: unknown) => {
        this.#parts.log.warn('The state of the room was not saved', { reason: String(reason) });
      });
    }
  }

  async #save(): Promise<void> {
    this.#savedAt = this.#position.seq;
    await this.#parts.journal.saveState({ at: this.#position, state: this.#state.save() });
  }

  async #admit(member: Who, skeleton: string): Promise<Outcome<{ member: Who }>> {
    this.#reserved.set(skeleton, member.id);
    try {
      const recorded = await this.#record({ type: 'join', member, ...this.#quietly() });
      return recorded.ok ? { ok: true, member } : recorded;
    } finally {
      this.#reserved.delete(skeleton);
    }
  }

  async #record(body: EntryBody, key = newKey(this.#parts.random)): Promise<Appended> {
    return await this.#parts.journal.append({ key, body });
  }

  /** Above the limit a coming or going is recorded but told to nobody. */
  #quietly(): { quiet?: true } {
    const coming = this.#state.members.size + this.#reserved.size;
    return this.#state.roster === 'count' || coming > limits.rosterMax ? { quiet: true } : {};
  }

  #checkNick(id: MemberId, { nick, skeleton }: { nick: string; skeleton: string }): Outcome<object> {
    const holder = this.#state.findBySkeleton(skeleton)?.id ?? this.#reserved.get(skeleton);
    if (holder === undefined || holder === id) return { ok: true };
    return refuse('NICK_TAKEN', `"${nick}" is taken, or looks like a nick that is, choose another`);
  }

  /** Whether a member may write now; takes the pace for it. */
  #mayWrite(id: MemberId): Outcome<object> {
    const member = this.#state.members.get(id);
    if (member === undefined) return notHere();
    const heard = this.#mayBeHeard(member);
    if (!heard.ok) return heard;
    const slow = member.role === 'keeper' ? 0 : this.#slowWait(id);
    if (slow > 0) return refuse('TOO_FAST', 'This room is in slow mode, wait a little', slow);
    const wait = this.#take(this.#pace, id);
    return wait > 0 ? tooFast(wait) : { ok: true };
  }

  #mayBeHeard({ id, role, skeleton }: Member): Outcome<object> {
    if (role === 'keeper') return { ok: true };
    if (this.#state.mutes.holds(id, skeleton)) {
      return refuse('MUTED', 'A keeper has muted you, you may still read');
    }
    return this.#state.mode === 'quiet'
      ? refuse('MUTED', 'The room is quiet, only keepers write now')
      : { ok: true };
  }

  #slowWait(id: MemberId): number {
    const last = this.#lastSaid.get(id);
    if (this.#state.slowMs === 0 || last === undefined) return 0;
    return this.#state.slowMs - (this.#parts.clock.monotonic() - last);
  }

  async #ownOrKept(id: MemberId, of: Seq): Promise<Outcome<{ by: Who; message: Message }>> {
    if (this.who(id) === null) return notHere();
    const message = await this.#message(of);
    // Asked again: the member may have left while the journal was read.
    const by = this.who(id);
    if (by === null) return notHere();
    if (message === null) return refuse('NOT_FOUND', `There is no message "${of}"`);
    if (message.by.id !== id && by.role !== 'keeper') {
      return refuse('FORBIDDEN', 'Only its author or a keeper may change a message');
    }
    return { ok: true, by, message };
  }

  async #message(seq: Seq): Promise<Message | null> {
    return this.#recent.get(seq) ?? (await this.#parts.journal.message(seq));
  }

  #guess(given: string, secret: string, address: string): Outcome<{ isRight: boolean }> {
    const left = Buffer.from(given);
    const right = Buffer.from(secret);
    // The pace is asked before the guess is looked at: otherwise the answer itself would tell a
    // wrong guess from a right one, as fast as anybody cares to ask.
    const wait = this.#take(this.#guessPace, address);
    if (wait > 0) {
      return refuse('TOO_FAST', 'Too many wrong guesses from your network, wait a little', wait);
    }
    const isRight = left.length === right.length && timingSafeEqual(left, right);
    if (isRight) this.#guessPace.giveBack(address);
    return { ok: true, isRight };
  }

  #take<Key>(book: PaceBook<Key>, key: Key): number {
    return book.take(key, this.#parts.clock.monotonic());
  }

  #sortedMembers(): readonly Who[] {
    this.#sorted ??= rosterOf(this.#state);
    return this.#sorted;
  }
}

/** The position before the first entry. */
async function beginningOf(journal: Journal): Promise<Position> {
  const seq = 0 as Seq;
  const hash = await journal.hashAt(seq);
  if (hash === null) throw new Error('The journal has no beginning');
  return { seq, hash };
}

function tooFast(waitMs: number): Refusal {
  return refuse('TOO_FAST', 'You are faster than the room allows, wait a little', waitMs);
}

function saidOf(entry: { readonly seq: Seq; readonly at: number }, id: string): Said {
  return { seq: entry.seq, at: entry.at, id };
}

/** The answer to an id that is known: the same message again, or another one under its id. */
function repeatOf(
  first: EntryBody & { readonly seq: Seq; readonly at: number },
  again: MessageBody,
): Outcome<Spoken> {
  const isSame =
    first.type === 'message' &&
    first.text === again.text &&
    first.replyTo === again.replyTo &&
    first.action === again.action;
  return isSame
    ? { ok: true, said: saidOf(first, again.id), isRepeat: true }
    : refuse('ID_REUSED', `The id "${again.id}" belongs to another of your messages, make a new one`);
}

/** Where the first nick not before `key` stands, without regard to case. */
function lowerBound(sorted: readonly Who[], key: string): number {
  return bisect(sorted.length, (at) => (sorted[at] as Who).nick.toLowerCase() < key);
}

/** Where the first nick behind `nick` stands. */
function upperBound(sorted: readonly Who[], nick: string): number {
  return bisect(sorted.length, (at) => compareNicks((sorted[at] as Who).nick, nick) <= 0);
}

function bisect(length: number, isBefore: (at: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
