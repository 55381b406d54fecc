/** The door: who may come in, under which nick, and at what pace. */
import { timingSafeEqual } from 'node:crypto';
import type { EntryBody, MemberId, Who } from '../protocol/entries.ts';
import { refuse, type Outcome, type Refusal } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';
import { memberIdOfJoin, newMemberId } from './ids.ts';
import { cardOf, notHere } from './member.ts';
import { cleanNick } from './nick.ts';
import { PaceBook } from './pace.ts';
import type { Record, RoomParts } from './room-parts.ts';
import { checkRepeat } from './repeat.ts';
import type { RoomState } from './room-state.ts';
import type { Turns } from './turns.ts';

export interface JoinRequest {
  readonly nick: string;
  /** The client's own random id of this join: sent again, it is the same join. */
  readonly joinId?: string | undefined;
  readonly passcode?: string | undefined;
  /** Who the session says they are: a member, or one whose connection lapsed. */
  readonly session: MemberId | null;
  readonly address: string;
}

export interface DoorParts extends Pick<RoomParts, 'clock' | 'settings' | 'random' | 'secret'> {
  readonly state: RoomState;
  readonly record: Record;
  readonly turns: Turns;
}

/** A nick that may be used, and what it looks like. */
interface Nick {
  readonly nick: string;
  readonly skeleton: string;
}

export class Door {
  readonly #parts: DoorParts;
  /** Nicks of joins and renamings on their way to the journal, by skeleton. */
  readonly #reserved = new Map<string, MemberId>();
  #joining = 0;
  readonly #joinPace = new PaceBook<string>({ burst: limits.joinBurst, everyMs: limits.joinMs });
  readonly #guessPace = new PaceBook<string>({ burst: limits.guessBurst, everyMs: limits.guessMs });
  readonly #renamePace: PaceBook<MemberId>;

  constructor(parts: DoorParts) {
    this.#parts = parts;
    const rules = { burst: limits.paceBurst, everyMs: parts.settings.pace };
    this.#renamePace = new PaceBook(rules, parts.settings.membersMax);
  }

  /**
   * Lets somebody in. Sent again with the same session or the same `joinId` it is the same join.
   * Refuses with BAD_NICK, NICK_TAKEN, BANNED, WRONG_PASSCODE, ID_REUSED, TOO_FAST, TOO_MANY, and
   * what the journal refuses with.
   */
  async join(request: JoinRequest): Promise<Outcome<{ member: Who }>> {
    const { joinId, session } = request;
    const nick = cleanNick(request.nick);
    if (!nick.ok) return nick;
    const id =
      session ??
      (joinId === undefined
        ? newMemberId(this.#parts.random)
        : memberIdOfJoin(this.#parts.secret, joinId));
    return await this.#parts.turns.take(id, async () => await this.#join(id, nick, request));
  }

  /** Gives a member another nick. Refuses with BAD_NICK, BANNED, NICK_TAKEN, TOO_FAST. */
  async rename(id: MemberId, raw: string, key?: string): Promise<Outcome<{ member: Who }>> {
    const nick = cleanNick(raw);
    if (!nick.ok) return nick;
    return await this.#parts.turns.take(id, async () => await this.#rename(id, nick, key));
  }

  /** How many are on their way in. */
  joining(): number {
    return this.#joining;
  }

  /** Whether this is the keepers' code. Guesses are paced by address; refuses with TOO_FAST. */
  isKeeperCode(given: string, address: string): Outcome<{ isRight: boolean }> {
    return this.#guess(given, this.#parts.settings.keeperCode, address);
  }

  // --- Handling -------------------------------------------------------------------------------

  async #join(
    id: MemberId,
    nick: Nick,
    { session, passcode, address }: JoinRequest,
  ): Promise<Outcome<{ member: Who }>> {
    const here = this.#parts.state.members.get(id);
    if (here !== undefined) {
      if (here.nick === nick.nick) return { ok: true, member: cardOf(here) };
      if (session !== null) return await this.#rename(id, nick);
      return refuse('ID_REUSED', `This join's id belongs to "${here.nick}", make a new one`);
    }
    const allowed = this.#mayComeIn(id, nick, session === null ? passcode : null, address);
    if (!allowed.ok) return allowed;
    const member: Who = { id, nick: nick.nick, role: this.#parts.state.roleOf(id) };
    this.#joining++;
    try {
      return await this.#recordAs(member, nick, { type: 'join', member });
    } finally {
      this.#joining--;
    }
  }

  async #rename(id: MemberId, nick: Nick, key?: string): Promise<Outcome<{ member: Who }>> {
    const here = this.#parts.state.members.get(id);
    if (here === undefined) return notHere();
    const was = cardOf(here);
    if (nick.nick === was.nick) return { ok: true, member: was };
    if (this.#parts.state.bans.holds(id, nick.skeleton)) return banned(nick.nick);
    const free = this.#checkNick(id, nick);
    if (!free.ok) return free;
    const wait = this.#renamePace.take(id, this.#parts.clock.monotonic());
    if (wait > 0) return refuse('TOO_FAST', 'You change your nick too often, wait a little', wait);
    const member: Who = { ...was, nick: nick.nick };
    return await this.#recordAs(member, nick, { type: 'member', member, was }, key);
  }

  /** Whether somebody may come in. `passcode` is null for who was let in before. */
  #mayComeIn(
    id: MemberId,
    nick: Nick,
    passcode: string | undefined | null,
    address: string,
  ): Outcome<object> {
    const { state, settings } = this.#parts;
    const knows =
      passcode === null ? { ok: true as const } : this.#checkPasscode(passcode, address);
    if (!knows.ok) return knows;
    if (state.bans.holds(id, nick.skeleton)) return banned(nick.nick);
    const free = this.#checkNick(id, nick);
    if (!free.ok) return free;
    if (state.members.size + this.#joining >= settings.membersMax) {
      return refuse('TOO_MANY', 'The room is full, try again later', 10_000);
    }
    const wait = settings.addressLimits ? this.#take(this.#joinPace, address) : 0;
    return wait > 0
      ? refuse('TOO_FAST', 'Too many joins from your network, wait a little', wait)
      : { ok: true };
  }

  #checkPasscode(given: string | undefined, address: string): Outcome<object> {
    const { passcode } = this.#parts.settings;
    if (passcode === null) return { ok: true };
    if (given === undefined) {
      return refuse('WRONG_PASSCODE', 'This room has a passcode, send it as "passcode"');
    }
    const guess = this.#guess(given, passcode, address);
    if (!guess.ok || guess.isRight) return guess;
    return refuse('WRONG_PASSCODE', 'This is not the passcode of the room, ask who invited you');
  }

  /** Records what makes somebody known by a nick; until it is, nobody else can have it. */
  async #recordAs(
    member: Who,
    { skeleton }: Nick,
    body: EntryBody,
    key?: string,
  ): Promise<Outcome<{ member: Who }>> {
    this.#reserved.set(skeleton, member.id);
    try {
      const checked = checkRepeat(await this.#parts.record(body, key), body);
      return checked.ok ? { ok: true, member } : checked;
    } finally {
      this.#reserved.delete(skeleton);
    }
  }

  #checkNick(id: MemberId, { nick, skeleton }: Nick): Outcome<object> {
    const holder = this.#parts.state.findBySkeleton(skeleton)?.id ?? this.#reserved.get(skeleton);
    if (holder === undefined || holder === id) return { ok: true };
    return refuse('NICK_TAKEN', `"${nick}" is taken, or looks like a nick that is, choose another`);
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

  #take(book: PaceBook<string>, address: string): number {
    return book.take(address, this.#parts.clock.monotonic());
  }
}

function banned(nick: string): Refusal {
  return refuse('BANNED', `Nobody may be here as "${nick}", a keeper decided so`);
}
