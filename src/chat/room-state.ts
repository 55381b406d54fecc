/**
 * The state of the room: a fold over the journal. Applying the same entries gives the same state,
 * after every restart and on every machine, so nothing in here reads a clock, draws a random number
 * or knows who is connected. What an entry may be is decided in room.ts, before it is recorded;
 * here it only takes effect.
 */
import { limits } from '../protocol/limits.ts';
import type { Entry, MemberId, Mode, Role, Seq, Who } from '../protocol/entries.ts';
import type { Member } from './member.ts';
import { skeletonOf } from './nick.ts';

/** Somebody who may not come in, or may not write: by id, and by what the nick looks like. */
export interface Sanction {
  readonly id: MemberId;
  readonly nick: string;
  readonly skeleton: string;
}

interface Saved {
  readonly version: 1;
  readonly topic: string;
  readonly mode: Mode;
  readonly slowMs: number;
  readonly roster: 'full' | 'count';
  readonly members: readonly (readonly [MemberId, string, Role, Seq])[];
  readonly keepers: readonly MemberId[];
  readonly bans: readonly Who[];
  readonly mutes: readonly Who[];
}

export class RoomState {
  topic = '';
  mode: Mode = 'open';
  slowMs = 0;
  /** Whether comings and goings are told to all. A large room becomes quiet, see `applyRoster`. */
  roster: 'full' | 'count' = 'full';
  readonly members = new Map<MemberId, Member>();
  readonly bans = new SanctionList();
  readonly mutes = new SanctionList();
  readonly #bySkeleton = new Map<string, MemberId>();
  /** Who was made a keeper, so that one whose connection lapsed comes back as one. */
  readonly #keepers = new Set<MemberId>();

  /** The member who has a nick that looks like this one. */
  findBySkeleton(skeleton: string): Member | null {
    const id = this.#bySkeleton.get(skeleton);
    return id === undefined ? null : (this.members.get(id) ?? null);
  }

  /** The role in which somebody comes in. */
  roleOf(id: MemberId): Role {
    return this.#keepers.has(id) ? 'keeper' : 'member';
  }

  /** Lets an entry take effect. */
  apply(entry: Entry): void {
    switch (entry.type) {
      case 'join':
        this.#put(entry.member, entry.seq);
        break;
      case 'member':
        // Of somebody who left in the meantime it changes nothing: nobody comes in by another nick.
        if (this.members.has(entry.member.id)) this.#put(entry.member, entry.seq);
        break;
      case 'leave':
        this.#remove(entry.member.id);
        // Only who lapsed may come back as a keeper; who left or was sent away may not.
        if (entry.reason !== 'timeout') this.#keepers.delete(entry.member.id);
        break;
      case 'topic':
        this.topic = entry.topic;
        break;
      case 'mode':
        this.mode = entry.mode;
        this.slowMs = entry.slowMs;
        break;
      case 'sanction': {
        const list = entry.what.endsWith('ban') ? this.bans : this.mutes;
        if (entry.what.startsWith('un')) list.lift(entry.member);
        else list.impose(entry.member);
        break;
      }
      case 'message':
      case 'edit':
      case 'delete':
      case 'reaction':
      case 'notice':
        // What a message says is kept by the journal's projection, not here: the state of the
        // room does not grow with what was said in it.
        break;
    }
  }

  /** Writes the state down, so that a start needs to fold only what came after. */
  save(): string {
    const saved: Saved = {
      version: 1,
      topic: this.topic,
      mode: this.mode,
      slowMs: this.slowMs,
      roster: this.roster,
      members: Array.from(this.members.values(), (m) => [m.id, m.nick, m.role, m.changed]),
      keepers: [...this.#keepers],
      bans: this.bans.all(),
      mutes: this.mutes.all(),
    };
    return JSON.stringify(saved);
  }

  /**
   * Reads a state that `save` wrote. Null when it was written in another form: the caller then
   * folds the journal from its beginning, which gives the same state, only later.
   */
  static load(text: string): RoomState | null {
    const saved = JSON.parse(text) as Saved;
    if (saved.version !== 1) return null;
    const state = new RoomState();
    state.topic = saved.topic;
    state.mode = saved.mode;
    state.slowMs = saved.slowMs;
    for (const id of saved.keepers) state.#keepers.add(id);
    for (const [id, nick, role, changed] of saved.members) state.#put({ id, nick, role }, changed);
    state.roster = saved.roster;
    for (const who of saved.bans) state.bans.impose(who);
    for (const who of saved.mutes) state.mutes.impose(who);
    return state;
  }

  #put(who: Who, seq: Seq): void {
    const before = this.members.get(who.id);
    if (before !== undefined) this.#bySkeleton.delete(before.skeleton);
    const skeleton = skeletonOf(who.nick);
    this.members.set(who.id, { ...who, skeleton, changed: seq });
    this.#bySkeleton.set(skeleton, who.id);
    if (who.role === 'keeper') this.#keepers.add(who.id);
    this.#applyRoster();
  }

  #remove(id: MemberId): void {
    const member = this.members.get(id);
    if (member === undefined) return;
    this.members.delete(id);
    this.#bySkeleton.delete(member.skeleton);
    this.#applyRoster();
  }

  /** Between the two limits the room stays as it was, so that it does not flap at either. */
  #applyRoster(): void {
    if (this.members.size > limits.rosterMax) this.roster = 'count';
    else if (this.members.size <= limits.rosterAgain) this.roster = 'full';
  }
}

/** Who is banned, or muted. Bounded: the oldest is forgotten first. */
export class SanctionList {
  readonly #byId = new Map<MemberId, Sanction>();
  readonly #skeletons = new Map<string, MemberId>();

  /** Whether somebody is on the list, by id or by a nick that looks like one on it. */
  holds(id: MemberId, skeleton: string): boolean {
    return this.#byId.has(id) || this.#skeletons.has(skeleton);
  }

  /** Who is on the list under this id. */
  find(id: MemberId): Who | null {
    const sanction = this.#byId.get(id);
    return sanction === undefined ? null : whoIn(sanction);
  }

  /** Who is on the list under a nick that looks like this one. */
  findBySkeleton(skeleton: string): Who | null {
    const id = this.#skeletons.get(skeleton);
    return id === undefined ? null : this.find(id);
  }

  impose(who: Who): void {
    this.lift(who);
    const skeleton = skeletonOf(who.nick);
    this.#byId.set(who.id, { id: who.id, nick: who.nick, skeleton });
    this.#skeletons.set(skeleton, who.id);
    const oldest = this.#byId.values().next().value;
    if (this.#byId.size > limits.bansMax && oldest !== undefined) this.#forget(oldest);
  }

  lift(who: Who): void {
    const sanction = this.#byId.get(who.id);
    if (sanction !== undefined) this.#forget(sanction);
  }

  all(): readonly Who[] {
    return Array.from(this.#byId.values(), whoIn);
  }

  #forget(sanction: Sanction): void {
    this.#byId.delete(sanction.id);
    if (this.#skeletons.get(sanction.skeleton) === sanction.id) {
      this.#skeletons.delete(sanction.skeleton);
    }
  }
}

/** Who is meant. Keepers are never on a list. */
function whoIn({ id, nick }: Sanction): Who {
  return { id, nick, role: 'member' };
}
