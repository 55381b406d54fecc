/** Saying: messages, their changes, reactions, the topic. Who may, and at what pace. */
import type { Journal } from '../journal/journal.ts';
import type { EntryBody, MemberId, Message, MessageBody, Seq, Who } from '../protocol/entries.ts';
import { refuse, type Outcome, type Refusal } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';
import type { CommandReply, Said } from '../protocol/replies.ts';
import { cleanEmoji } from './emoji.ts';
import { cardOf, notHere, type Member } from './member.ts';
import { PaceBook } from './pace.ts';
import type { Recent } from './recent.ts';
import type { Record, RoomParts } from './room-parts.ts';
import type { RoomState } from './room-state.ts';
import { checkRepeat, isSame } from './repeat.ts';
import { cleanText, cleanTopic } from './text.ts';
import type { Turns } from './turns.ts';

export interface SayRequest {
  /** The client's own id of the message. */
  readonly id: string;
  readonly text: string;
  readonly replyTo?: Seq | undefined;
}

/** What `say` answers: a message recorded (`isRepeat`: some time before), or a command's reply. */
export type Spoken = { readonly said: Said; readonly isRepeat: boolean } | CommandReply;

export interface SpeechParts extends Pick<RoomParts, 'clock' | 'settings'> {
  readonly journal: Journal;
  readonly state: RoomState;
  readonly recent: Recent;
  readonly record: Record;
  readonly turns: Turns;
}

export class Speech {
  readonly #parts: SpeechParts;
  readonly #pace: PaceBook<MemberId>;
  /** When members last said something, for slow mode, on the monotonic clock. */
  readonly #lastSaid = new Map<MemberId, number>();
  /** Kinds of reaction on their way, by message. */
  readonly #arriving = new Map<Seq, Set<string>>();

  constructor(parts: SpeechParts) {
    this.#parts = parts;
    const rules = { burst: limits.paceBurst, everyMs: parts.settings.pace };
    this.#pace = new PaceBook(rules, parts.settings.membersMax);
  }

  /** Records a message. `action` marks what `/me` says. */
  post(id: MemberId, request: SayRequest & { readonly action?: true }): Promise<Outcome<Spoken>> {
    // A retry whose first is still on its way waits for it. Who recorded it beside the first, as
    // the same by its key, would have it said although the first is refused in the end.
    return this.#parts.turns.take(`say ${id}:${request.id}`, () => this.#post(id, request));
  }

  /** Changes the text of a message: its author's right, or a keeper's. */
  async edit(id: MemberId, of: Seq, text: string): Promise<Outcome<{ message: Message }>> {
    return await this.#parts.turns.take(`${of}`, async () => await this.#edit(id, of, text));
  }

  /** Deletes the text of a message, for everyone: its author's right, or a keeper's. */
  async remove(id: MemberId, of: Seq): Promise<Outcome<object>> {
    return await this.#parts.turns.take(`${of}`, async () => await this.#remove(id, of));
  }

  /** Puts a reaction on a message, or takes it back. */
  async react(id: MemberId, of: Seq, emoji: string, on: boolean): Promise<Outcome<object>> {
    return await this.#parts.turns.take(
      `react ${id}`,
      async () => await this.#react(id, of, emoji, on),
    );
  }

  /** Sets the line under the title. Whose right it is, the settings say. */
  async setTopic(id: MemberId, raw: string, key: string): Promise<Outcome<{ topic: string }>> {
    const by = this.#who(id);
    if (by === null) return notHere();
    if (by.role !== 'keeper' && this.#parts.settings.topicBy === 'keepers') {
      return refuse('FORBIDDEN', 'Only keepers set the topic of this room');
    }
    const clean = cleanTopic(raw);
    if (!clean.ok) return clean;
    if (clean.topic === this.#parts.state.topic) return { ok: true, topic: clean.topic };
    const allowed = this.#mayWrite(id);
    if (!allowed.ok) return allowed;
    const body: EntryBody = { type: 'topic', topic: clean.topic, by };
    const recorded = await this.#parts.record(body, key);
    const checked = checkRepeat(recorded, body);
    return checked.ok ? { ok: true, topic: clean.topic } : checked;
  }

  /** Whether a member may be shown as typing: one who may not write does not write either. */
  mayType(id: MemberId): Outcome<object> {
    const member = this.#parts.state.members.get(id);
    if (member === undefined) return notHere();
    return this.#mayBeHeard(member);
  }

  // --- Handling -------------------------------------------------------------------------------

  async #post(
    id: MemberId,
    request: SayRequest & { readonly action?: true },
  ): Promise<Outcome<Spoken>> {
    const clean = cleanText(request.text);
    if (!clean.ok) return clean;
    const { replyTo, action } = request;
    // A retry whose first answer was lost is answered before any rule is asked: it costs no
    // pace, and a mute in between does not make a recorded message look refused.
    const known = this.#parts.recent.findOwn(id, request.id);
    // Who may not write has nothing looked up; they are refused below.
    if (known === null && replyTo !== undefined && this.mayType(id).ok) {
      if ((await this.#message(replyTo)) === null) {
        return refuse('NOT_FOUND', `There is no message "${replyTo}" to reply to`);
      }
    }
    // From here on nothing is waited for until it is on its way to the journal: who was muted or
    // sent out while the other message was looked up says nothing more.
    const by = this.#who(id);
    if (by === null) return notHere();
    const body: MessageBody = {
      type: 'message',
      id: request.id,
      by,
      text: clean.text,
      ...(replyTo === undefined ? {} : { replyTo }),
      ...(action === undefined ? {} : { action }),
    };
    if (known !== null) return repeatOf(known, body);
    const key = `${id}:${request.id}`;
    const allowed = this.#maySay(by);
    if (allowed.ok) return await this.#say(body, key);
    // What was recorded too long ago to be at hand is not refused either.
    const recorded = await this.#parts.journal.recorded(key);
    return recorded === null ? allowed : repeatOf(recorded, body);
  }

  #who(id: MemberId): Who | null {
    const member = this.#parts.state.members.get(id);
    return member === undefined ? null : cardOf(member);
  }

  #maySay({ id, role }: Who): Outcome<object> {
    const slow = role === 'keeper' ? 0 : this.#slowWait(id);
    if (slow > 0) return refuse('TOO_FAST', 'This room is in slow mode, wait a little', slow);
    return this.#mayWrite(id);
  }

  /** Records a message that may be said. What is not said in the end costs nothing. */
  async #say(body: MessageBody, key: string): Promise<Outcome<Spoken>> {
    const { id } = body.by;
    // Slow mode counts from the decision on, not from the commit: of many at once one is said.
    const before = this.#lastSaid.get(id);
    const now = this.#parts.clock.monotonic();
    this.#note(id, now);
    let isSaid = false;
    try {
      const recorded = await this.#parts.record(body, key);
      if (!recorded.ok) return recorded;
      if (recorded.repeated) return repeatOf(recorded.entry, body);
      isSaid = true;
      return { ok: true, said: saidOf(recorded.entry, body.id), isRepeat: false };
    } finally {
      if (!isSaid) {
        this.#pace.giveBack(id);
        if (this.#lastSaid.get(id) === now) this.#note(id, before);
      }
    }
  }

  async #edit(id: MemberId, of: Seq, raw: string): Promise<Outcome<{ message: Message }>> {
    const found = await this.#ownOrKept(id, of);
    if (!found.ok) return found;
    const { by, message } = found;
    if (message.deleted === true) return refuse('NOT_FOUND', `Message "${of}" was deleted`);
    const clean = cleanText(raw);
    if (!clean.ok) return clean;
    if (clean.text === message.text) return { ok: true, message };
    const allowed = this.#mayWrite(id);
    if (!allowed.ok) return allowed;
    const recorded = await this.#parts.record({ type: 'edit', of, text: clean.text, by });
    if (!recorded.ok) return recorded;
    const present = (await this.#message(of)) ?? message;
    return { ok: true, message: present };
  }

  async #remove(id: MemberId, of: Seq): Promise<Outcome<object>> {
    const found = await this.#ownOrKept(id, of);
    if (!found.ok) return found;
    if (found.message.deleted === true) return { ok: true };
    const wait = this.#takePace(id);
    if (wait > 0) return tooFast(wait);
    const recorded = await this.#parts.record({ type: 'delete', of, by: found.by });
    return recorded.ok ? { ok: true } : recorded;
  }

  async #react(id: MemberId, of: Seq, raw: string, on: boolean): Promise<Outcome<object>> {
    const by = this.#who(id);
    if (by === null) return notHere();
    const clean = cleanEmoji(raw);
    if (!clean.ok) return clean;
    const { emoji } = clean;
    const message = await this.#message(of);
    if (message === null || message.deleted === true) {
      return refuse('NOT_FOUND', `There is no message "${of}"`);
    }
    if ((await this.#parts.journal.hasReacted(of, emoji, id)) === on) return { ok: true };
    // Those on their way count as well: many members may each bring another kind at once.
    const arriving = this.#arriving.get(of) ?? new Set<string>();
    const present = this.#parts.recent.get(of) ?? message;
    const kinds = new Set(arriving);
    for (const reaction of present.reactions ?? []) kinds.add(reaction.emoji);
    if (on && !kinds.has(emoji) && kinds.size >= limits.reactionKindsMax) {
      return refuse(
        'TOO_MANY',
        `A message carries at most ${limits.reactionKindsMax} kinds of reaction`,
      );
    }
    const allowed = this.#mayWrite(id);
    if (!allowed.ok) return allowed;
    arriving.add(emoji);
    this.#arriving.set(of, arriving);
    try {
      const recorded = await this.#parts.record({ type: 'reaction', of, emoji, by, on });
      return recorded.ok ? { ok: true } : recorded;
    } finally {
      arriving.delete(emoji);
      if (arriving.size === 0) this.#arriving.delete(of);
    }
  }

  /** Whether a member may write now; takes the pace for it. */
  #mayWrite(id: MemberId): Outcome<object> {
    const member = this.#parts.state.members.get(id);
    if (member === undefined) return notHere();
    const heard = this.#mayBeHeard(member);
    if (!heard.ok) return heard;
    const wait = this.#takePace(id);
    return wait > 0 ? tooFast(wait) : { ok: true };
  }

  #mayBeHeard({ id, role, skeleton }: Member): Outcome<object> {
    if (role === 'keeper') return { ok: true };
    if (this.#parts.state.mutes.holds(id, skeleton)) {
      return refuse('MUTED', 'A keeper has muted you, you may still read');
    }
    return this.#parts.state.mode === 'quiet'
      ? refuse('MUTED', 'The room is quiet, only keepers write now')
      : { ok: true };
  }

  /** Takes a member's pace. Zero, or how long to wait. */
  #takePace(id: MemberId): number {
    return this.#pace.take(id, this.#parts.clock.monotonic());
  }

  /** Notes when a member last said something; undefined for never. Who leaves is not forgotten. */
  #note(id: MemberId, atMs: number | undefined): void {
    this.#lastSaid.delete(id);
    if (atMs === undefined) return;
    this.#lastSaid.set(id, atMs);
    const oldest = this.#lastSaid.keys().next().value;
    const { membersMax } = this.#parts.settings;
    if (this.#lastSaid.size > membersMax && oldest !== undefined) this.#lastSaid.delete(oldest);
  }

  #slowWait(id: MemberId): number {
    const last = this.#lastSaid.get(id);
    if (this.#parts.state.slowMs === 0 || last === undefined) return 0;
    return this.#parts.state.slowMs - (this.#parts.clock.monotonic() - last);
  }

  async #ownOrKept(id: MemberId, of: Seq): Promise<Outcome<{ by: Who; message: Message }>> {
    if (this.#who(id) === null) return notHere();
    const message = await this.#message(of);
    // Asked again: the member may have left while the journal was read.
    const by = this.#who(id);
    if (by === null) return notHere();
    if (message === null) return refuse('NOT_FOUND', `There is no message "${of}"`);
    if (message.by.id !== id && by.role !== 'keeper') {
      return refuse('FORBIDDEN', 'Only its author or a keeper may change a message');
    }
    return { ok: true, by, message };
  }

  async #message(seq: Seq): Promise<Message | null> {
    return this.#parts.recent.get(seq) ?? (await this.#parts.journal.message(seq));
  }
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
  return isSame(first, again)
    ? { ok: true, said: saidOf(first, again.id), isRepeat: true }
    : refuse(
        'ID_REUSED',
        `The id "${again.id}" belongs to another of your messages, make a new one`,
      );
}
