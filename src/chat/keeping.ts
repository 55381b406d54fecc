/**
 * Keeping order: what keepers (moderators) may do, and how one becomes one. Nobody is a keeper by
 * name, and there is no code that ships with the program: the installation makes its own at the
 * first start and tells it only to whoever can read the data folder.
 */
import type { EntryBody, MemberId, Mode, SanctionBody, Who } from '../protocol/entries.ts';
import { refuse, type Outcome } from '../protocol/errors.ts';
import { notices } from '../protocol/notices.ts';
import { cardOf, notHere, type Member } from './member.ts';
import { cleanNick } from './nick.ts';
import type { Record } from './room-parts.ts';
import { checkRepeat } from './repeat.ts';
import type { RoomState } from './room-state.ts';
import type { Turns } from './turns.ts';

export interface KeepingParts {
  readonly state: RoomState;
  readonly record: Record;
  readonly turns: Turns;
  readonly isKeeperCode: (given: string, address: string) => Outcome<{ isRight: boolean }>;
}

/** Who asks, and the key of what they ask: asked again with it, nothing happens again. */
export interface Asker {
  readonly id: MemberId;
  readonly key: string;
}

type Told = Outcome<{ readonly reply: string }>;

/** Characters of a nick that a refusal quotes. */
const nickShown = 40;

/** The longest slow mode, in seconds: an hour between two messages is a closed room. */
export const slowSecondsMax = 3_600;

export class Keeping {
  readonly #parts: KeepingParts;

  constructor(parts: KeepingParts) {
    this.#parts = parts;
  }

  /** Makes a member a keeper who knows the code. Refuses with FORBIDDEN and TOO_FAST. */
  async promote(asker: Asker, code: string, address: string): Promise<Told> {
    const { id } = asker;
    return await this.#parts.turns.take(id, async () => await this.#promote(asker, code, address));
  }

  /** Sends a member out; they may come back. */
  async kick(by: Asker, nick: string): Promise<Told> {
    return await this.#inTurnOf(nick, async (member) => {
      const found = this.#subject(by.id, nick, member);
      if (!found.ok) return found;
      const { who } = found;
      const body: EntryBody = { type: 'leave', member: who, reason: 'kicked' };
      return await this.#tell(body, by.key, `"${who.nick}" was sent out`);
    });
  }

  /** Sends a member out for good: by id, and by what the nick looks like. */
  async ban(by: Asker, nick: string): Promise<Told> {
    return await this.#inTurnOf(nick, async (member) => {
      const banned = await this.#sanction(by, nick, 'ban', member);
      if (!banned.ok || !this.#parts.state.members.has(banned.who.id)) return banned;
      const body: EntryBody = { type: 'leave', member: banned.who, reason: 'banned' };
      return await this.#tell(body, `${by.key}:leave`, banned.reply);
    });
  }

  async unban(by: Asker, nick: string): Promise<Told> {
    return await this.#sanction(by, nick, 'unban');
  }

  /** Takes the right to write from a member, who may go on reading. */
  async mute(by: Asker, nick: string): Promise<Told> {
    const muted = await this.#sanction(by, nick, 'mute');
    return muted.ok ? await this.#notify(by, muted, notices.muted) : muted;
  }

  async unmute(by: Asker, nick: string): Promise<Told> {
    const unmuted = await this.#sanction(by, nick, 'unmute');
    if (!unmuted.ok) return unmuted;
    const told = await this.#notify(by, unmuted, notices.unmuted);
    // Who came back as another, and was muted by what the nick looks like, may write again as well.
    const now = this.#find(nick);
    if (!told.ok || now === null || now.id === unmuted.who.id) return told;
    const body: EntryBody = { type: 'notice', text: notices.unmuted, to: now.id };
    return await this.#tell(body, `${by.key}:notice:${now.id}`, unmuted.reply);
  }

  /** Opens or quiets the room, or slows it down. */
  async setMode(asker: Asker, mode: Mode, slowSeconds: number): Promise<Told> {
    const keeper = this.#keeper(asker.id);
    if (!keeper.ok) return keeper;
    const by = cardOf(keeper.member);
    const body: EntryBody = { type: 'mode', mode, slowMs: slowSeconds * 1_000, by };
    const isOpen = slowSeconds > 0 ? `One message each ${slowSeconds} s` : 'The room is open';
    const reply = mode === 'quiet' ? 'The room is quiet: only keepers write' : isOpen;
    return await this.#tell(body, asker.key, reply);
  }

  // --- Handling -------------------------------------------------------------------------------

  async #promote({ id, key }: Asker, code: string, address: string): Promise<Told> {
    const member = this.#parts.state.members.get(id);
    if (member === undefined) return notHere();
    const guess = this.#parts.isKeeperCode(code, address);
    if (!guess.ok) return guess;
    if (!guess.isRight) return refuse('FORBIDDEN', 'This is not the code of the keepers');
    if (member.role === 'keeper') return { ok: true, reply: 'You are a keeper already' };
    const was = cardOf(member);
    const body: EntryBody = { type: 'member', member: { ...was, role: 'keeper' }, was };
    return await this.#tell(body, key, 'You are a keeper now, /help shows what you may do');
  }

  async #sanction(
    { id, key }: Asker,
    nick: string,
    what: SanctionBody['what'],
    member = this.#find(nick),
  ): Promise<Outcome<{ reply: string; who: Who }>> {
    const isLifted = what === 'unban' || what === 'unmute';
    const list = what.endsWith('ban') ? this.#parts.state.bans : this.#parts.state.mutes;
    const found = isLifted ? this.#listed(id, nick, list) : this.#subject(id, nick, member);
    if (!found.ok) return found;
    const { who, by } = found;
    const body: SanctionBody = { type: 'sanction', what, member: who, by, for: 'keepers' };
    const checked = checkRepeat(await this.#parts.record(body, key), body);
    if (!checked.ok) return checked;
    return { ok: true, who, reply: `Done: ${what} "${who.nick}"` };
  }

  async #notify(
    { key }: Asker,
    done: { ok: true; reply: string; who: Who },
    text: string,
  ): Promise<Told> {
    const body: EntryBody = { type: 'notice', text, to: done.who.id };
    return await this.#tell(body, `${key}:notice`, done.reply);
  }

  async #tell(body: EntryBody, key: string, reply: string): Promise<Told> {
    const checked = checkRepeat(await this.#parts.record(body, key), body);
    return checked.ok ? { ok: true, reply } : checked;
  }

  /**
   * Waits for what the one concerned is doing, and hands them over as they are then: who renames
   * themselves just now is still meant. Null when there is nobody, or nobody any more.
   */
  async #inTurnOf(nick: string, run: (member: Member | null) => Promise<Told>): Promise<Told> {
    const member = this.#find(nick);
    if (member === null) return await run(null);
    const { members } = this.#parts.state;
    return await this.#parts.turns.take(
      member.id,
      async () => await run(members.get(member.id) ?? null),
    );
  }

  #find(nick: string): Member | null {
    // Cleaned first, which bounds the work: this is asked by anybody, before it is known who asks.
    const meant = cleanNick(nick);
    return meant.ok ? this.#parts.state.findBySkeleton(meant.skeleton) : null;
  }

  #keeper(id: MemberId): Outcome<{ member: Member }> {
    const member = this.#parts.state.members.get(id);
    if (member === undefined) return notHere();
    if (member.role !== 'keeper') return refuse('FORBIDDEN', 'Only keepers may do that');
    return { ok: true, member };
  }

  /** The member meant by a nick, and the keeper who asks. Keepers are safe from each other. */
  #subject(id: MemberId, nick: string, member: Member | null): Outcome<{ who: Who; by: Who }> {
    const keeper = this.#keeper(id);
    if (!keeper.ok) return keeper;
    if (member === null) return notFound(nick);
    if (member.role === 'keeper') return refuse('FORBIDDEN', `"${member.nick}" is a keeper`);
    return { ok: true, who: cardOf(member), by: cardOf(keeper.member) };
  }

  #listed(id: MemberId, nick: string, list: RoomState['bans']): Outcome<{ who: Who; by: Who }> {
    const keeper = this.#keeper(id);
    if (!keeper.ok) return keeper;
    // By the nick at the time of the sanction, or by the one that they have now.
    const meant = cleanNick(nick);
    if (!meant.ok) return notFound(nick);
    const { skeleton } = meant;
    const now = this.#parts.state.findBySkeleton(skeleton);
    const who = list.findBySkeleton(skeleton) ?? (now === null ? null : list.find(now.id));
    if (who === null) return notFound(nick);
    return { ok: true, who, by: cardOf(keeper.member) };
  }
}

function notFound(nick: string): Outcome<never> {
  const shown = nick.length <= nickShown ? nick : `${nick.slice(0, nickShown)}…`;
  return refuse('NOT_FOUND', `There is nobody called "${shown}", see /who`);
}
