/**
 * The room: who is here and what they may do. It is the only place with rules. Each verb decides,
 * from the state that the journal has given so far, whether something may be recorded; a refusal
 * is a value. What is recorded takes effect when the journal says so, in the order of `seq`, by
 * the same path for this process's own entries and for those of an earlier one.
 *
 * The rules stand in three rooms of their own: the door (who may come in), speech (who may say
 * what, at what pace), keeping (what moderators may do).
 *
 * A crash of the room loses nothing: the next one reads the saved state, folds what came after,
 * and stands where this one stood.
 */
import type { Appended, Committed, Journal, Position } from '../journal/journal.ts';
import type { EntryBody, LeaveReason, MemberId, Message, Seq, Who } from '../protocol/entries.ts';
import { refuse, type Outcome } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';
import type { MembersPage, RoomInfo } from '../protocol/replies.ts';
import { runCommand } from './commands.ts';
import { Door, type JoinRequest } from './door.ts';
import { newKey } from './ids.ts';
import { Keeping } from './keeping.ts';
import { cardOf, notHere, type Member } from './member.ts';
import { Recent } from './recent.ts';
import type { Actor, RoomParts } from './room-parts.ts';
import { RoomState } from './room-state.ts';
import { Roster } from './roster.ts';
import { Speech, type SayRequest, type Spoken } from './speech.ts';
import { trimUnseen } from './text.ts';
import { Turns } from './turns.ts';

/** How many are here, and whether they are told by name. */
export interface Presence {
  readonly online: number;
  readonly roster: 'full' | 'count';
}

export class Room {
  readonly #parts: RoomParts;
  readonly #state: RoomState;
  readonly #recent = new Recent();
  readonly #roster: Roster;
  readonly #door: Door;
  readonly #speech: Speech;
  readonly #keeping: Keeping;
  /** The last entry that has taken effect. */
  #position: Position;
  #savedAt: Seq;
  readonly #turns = new Turns();
  #isClosed = false;
  #unfollow: () => void = () => undefined;

  private constructor(parts: RoomParts, state: RoomState, position: Position) {
    this.#parts = parts;
    this.#state = state;
    this.#position = position;
    this.#savedAt = position.seq;
    const recent = this.#recent;
    const turns = this.#turns;
    const record = this.#record.bind(this);
    this.#roster = new Roster(state);
    this.#door = new Door({ ...parts, state, record, turns });
    this.#speech = new Speech({ ...parts, state, recent, record, turns });
    this.#keeping = new Keeping({
      state,
      record,
      turns,
      isKeeperCode: (given, address) => this.#door.isKeeperCode(given, address),
    });
  }

  /** Opens the room at the journal's head. `crashed` hears of an entry that cannot be applied. */
  static async open(parts: RoomParts, crashed: (reason: unknown) => void): Promise<Room> {
    const { journal } = parts;
    // What a room before this one has decided may still be on its way to the disk. Not knowing of
    // it, this one would let somebody leave twice, or two have one nick.
    await journal.settled();
    const saved = await journal.loadState();
    const loaded = saved === null ? null : RoomState.load(saved.state);
    const room =
      saved === null || loaded === null
        ? new Room(parts, new RoomState(), await beginningOf(journal))
        : new Room(parts, loaded, saved.at);
    const from = room.#position.seq;
    room.#unfollow = await journal.follow(from, (entry) => room.#apply(entry), crashed);
    await room.#readRecent();
    return room;
  }

  /** Stops following, and saves the state so that the next start is short. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#unfollow();
    if (this.#position.seq > this.#savedAt) await this.#save();
  }

  // --- Coming and going -----------------------------------------------------------------------

  /** Lets somebody in; see `Door.join`. */
  async join(request: JoinRequest): Promise<Outcome<{ member: Who }>> {
    return await this.#door.join(request);
  }

  /** Gives a member another nick; see `Door.rename`. */
  async rename(id: MemberId, nick: string, key?: string): Promise<Outcome<{ member: Who }>> {
    return await this.#door.rename(id, nick, key);
  }

  /** Lets somebody go. Who is not here is gone already, so it is done. */
  async leave(id: MemberId, reason: LeaveReason): Promise<Outcome<object>> {
    return await this.#turns.take(id, async () => {
      const member = this.who(id);
      if (member === null) return { ok: true };
      const recorded = await this.#record({ type: 'leave', member, reason });
      return recorded.ok ? { ok: true } : recorded;
    });
  }

  // --- Saying ---------------------------------------------------------------------------------

  /**
   * Records a message, or runs a command when the text begins with `/`. Refuses with NO_SESSION,
   * BAD_TEXT, MUTED, TOO_FAST, NOT_FOUND (of `replyTo`), ID_REUSED, and what a command refuses.
   */
  async say(actor: Actor, request: SayRequest): Promise<Outcome<Spoken>> {
    if (this.who(actor.id) === null) return notHere();
    // A blank before the stroke makes it no message, be it one that cannot be seen: what follows
    // may be the keepers' code.
    const text = trimUnseen(request.text);
    if (!text.startsWith('/')) return await this.post(actor.id, request);
    // Two strokes write one: the way to begin a message with a stroke.
    if (text.startsWith('//')) {
      return await this.post(actor.id, { ...request, text: text.slice(1) });
    }
    return await runCommand(this, this.#keeping, { ...actor, request: { ...request, text } });
  }

  /** Records a message; see `Speech.post`. */
  post(id: MemberId, request: SayRequest & { action?: true }): Promise<Outcome<Spoken>> {
    return this.#speech.post(id, request);
  }

  async edit(id: MemberId, of: Seq, text: string): Promise<Outcome<{ message: Message }>> {
    return await this.#speech.edit(id, of, text);
  }

  async remove(id: MemberId, of: Seq): Promise<Outcome<object>> {
    return await this.#speech.remove(id, of);
  }

  async react(id: MemberId, of: Seq, emoji: string, on: boolean): Promise<Outcome<object>> {
    return await this.#speech.react(id, of, emoji, on);
  }

  async setTopic(id: MemberId, topic: string, key: string): Promise<Outcome<{ topic: string }>> {
    return await this.#speech.setTopic(id, topic, key);
  }

  mayType(id: MemberId): Outcome<object> {
    return this.#speech.mayType(id);
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
    return this.#state.roster === 'count' ? null : this.#roster.all();
  }

  membersPage(query: { after: string; prefix: string; limit: number }): MembersPage {
    return this.#roster.page(query);
  }

  // --- What is told of the room ---------------------------------------------------------------

  info(): RoomInfo {
    const { topic, mode, slowMs } = this.#state;
    const { textMax, nickMax } = limits;
    const { title } = this.#parts.settings;
    return { title, topic, mode, slowMs, limits: { textMax, nickMax } };
  }

  /** The newest messages in their present form, ascending. */
  recent(count: number): readonly Message[] {
    return this.#recent.newest(count);
  }

  /** A recent message in its present form; null for an older one, and where there is none. */
  recentMessage(seq: Seq): Message | null {
    return this.#recent.get(seq);
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
      this.#roster.changed();
    }
    if (entry.seq - this.#savedAt < limits.snapshotEvery) return;
    this.#save().catch((reason: unknown) => {
      this.#parts.log.warn('The state of the room was not saved', { reason: String(reason) });
    });
  }

  async #save(): Promise<void> {
    this.#savedAt = this.#position.seq;
    await this.#parts.journal.saveState({ at: this.#position, state: this.#state.save() });
  }

  async #record(body: EntryBody, key = newKey(this.#parts.random)): Promise<Appended> {
    // Whoever was waiting for something in here meanwhile decides by what is no longer true.
    if (this.#isClosed) return refuse('BUSY', 'The room is being restarted, try again', 200);
    return await this.#parts.journal.append({ key, body: this.#quieted(body) });
  }

  /** In a room too big for names, who comes and goes is recorded but told to nobody. */
  #quieted(body: EntryBody): EntryBody {
    if (body.type !== 'join' && body.type !== 'leave' && body.type !== 'member') return body;
    // Whoever is just coming in is among those on their way.
    const then = this.#state.members.size + this.#door.joining();
    const isQuiet = this.#state.roster === 'count' || then > limits.rosterMax;
    return isQuiet ? { ...body, quiet: true } : body;
  }

  async #readRecent(): Promise<void> {
    const before = Number.MAX_SAFE_INTEGER as Seq;
    const page = await this.#parts.journal.page(
      { before, limit: limits.recentMax, viewer: null },
      'wait',
    );
    if (!page.ok) throw new Error(`The recent messages cannot be read: ${page.detail}`);
    this.#recent.merge(page.entries.filter((entry): entry is Message => entry.type === 'message'));
  }
}

/** The position before the first entry. */
async function beginningOf(journal: Journal): Promise<Position> {
  const seq = 0 as Seq;
  const hash = await journal.hashAt(seq, 'wait');
  if (hash === null) throw new Error('The journal has no beginning');
  return { seq, hash };
}
