/**
 * The entries of the journal, as they stand on disk and on the wire. A client ignores types that it
 * does not know, so that a newer server may add some.
 */

declare const brand: unique symbol;
type Brand<T, Name> = T & { readonly [brand]: Name };

/** Who a member is for as long as their session lasts: 16 URL-safe characters, random. */
export type MemberId = Brand<string, 'MemberId'>;
/** The position of an entry in the journal: 1, 2, 3 ... 0 stands before the first entry. */
export type Seq = Brand<number, 'Seq'>;
/** The identity of one journal: 11 URL-safe characters. */
export type Epoch = Brand<string, 'Epoch'>;
/** The rolling hash over the journal up to an entry: 8 URL-safe characters (6 bytes). */
export type Hash = Brand<string, 'Hash'>;

/** A keeper is a moderator. */
export type Role = 'member' | 'keeper';

/** Open: members may write. Quiet: only keepers may. */
export type Mode = 'open' | 'quiet';

/** How a member is shown: on messages as they were when they wrote, elsewhere as they are. */
export interface Who {
  readonly id: MemberId;
  readonly nick: string;
  readonly role: Role;
}

export interface MessageBody {
  readonly type: 'message';
  /** The client's own id of the message: what makes a retry harmless. */
  readonly id: string;
  readonly by: Who;
  readonly text: string;
  readonly replyTo?: Seq;
  /** Set by `/me`: the text tells what the author does. */
  readonly action?: true;
}

export interface JoinBody {
  readonly type: 'join';
  readonly member: Who;
  /** The room was too big for names: the entry is kept but not sent, and wakes nobody. */
  readonly quiet?: true;
}

export type LeaveReason = 'left' | 'timeout' | 'kicked' | 'banned';

export interface LeaveBody {
  readonly type: 'leave';
  readonly member: Who;
  readonly reason: LeaveReason;
  readonly quiet?: true;
}

/** A member has another nick or role. `was` is what stood there before. */
export interface MemberBody {
  readonly type: 'member';
  readonly member: Who;
  readonly was: Who;
  readonly quiet?: true;
}

export interface EditBody {
  readonly type: 'edit';
  readonly of: Seq;
  readonly text: string;
  readonly by: Who;
}

export interface DeleteBody {
  readonly type: 'delete';
  readonly of: Seq;
  readonly by: Who;
}

export interface ReactionBody {
  readonly type: 'reaction';
  readonly of: Seq;
  readonly emoji: string;
  readonly by: Who;
  readonly on: boolean;
}

export interface TopicBody {
  readonly type: 'topic';
  readonly topic: string;
  readonly by: Who;
}

export interface ModeBody {
  readonly type: 'mode';
  readonly mode: Mode;
  /** Milliseconds that a member waits between two messages; 0 for the ordinary pace. */
  readonly slowMs: number;
  readonly by: Who;
}

/** A sanction, or its end. Addressed to keepers; the member concerned gets a notice. */
export interface SanctionBody {
  readonly type: 'sanction';
  readonly what: 'ban' | 'unban' | 'mute' | 'unmute';
  readonly member: Who;
  readonly by: Who;
  readonly for: 'keepers';
}

export interface NoticeBody {
  readonly type: 'notice';
  readonly text: string;
  /** The one member it is addressed to; without it, everyone. */
  readonly to?: MemberId;
}

/** What is recorded, before the journal gives it a position and a time. */
export type EntryBody =
  | MessageBody
  | JoinBody
  | LeaveBody
  | MemberBody
  | EditBody
  | DeleteBody
  | ReactionBody
  | TopicBody
  | ModeBody
  | SanctionBody
  | NoticeBody;

/** Where and when an entry was recorded. `at` is in milliseconds since 1970 and orders nothing. */
export interface Recorded {
  readonly seq: Seq;
  readonly at: number;
}

export type Entry = EntryBody & Recorded;

/** One kind of reaction on a message. `by` names the first few; `count` is exact. */
export interface Reaction {
  readonly emoji: string;
  readonly count: number;
  readonly by: readonly MemberId[];
}

/**
 * A message as it stands now: edited, deleted, with its reactions. Snapshots and history carry
 * messages in this form, polls in the form in which they were written.
 */
export interface Message extends MessageBody, Recorded {
  /** When the text was last changed. */
  readonly edited?: number;
  /** The text is gone, here and everywhere it is served from. */
  readonly deleted?: true;
  readonly reactions?: readonly Reaction[];
  /**
   * The seq of the last edit, deletion or reaction that this form contains. A client that meets
   * such an entry with a seq up to `rev` has it already and applies it no second time.
   */
  readonly rev?: Seq;
}

/** Anything that stands in `entries` of a reply. */
export type WireEntry = Exclude<Entry, { type: 'message' }> | Message;

/** Who may see an entry. */
export type Audience = 'everyone' | 'keepers' | MemberId;

/** The audience of an entry: one member, the keepers, or everyone. */
export function audienceOf(entry: EntryBody): Audience {
  if (entry.type === 'notice' && entry.to !== undefined) return entry.to;
  if (entry.type === 'sanction') return entry.for;
  return 'everyone';
}

/** A quiet entry is part of the history but is sent to nobody. */
export function isQuiet(entry: EntryBody): boolean {
  switch (entry.type) {
    case 'join':
    case 'leave':
    case 'member':
      return entry.quiet === true;
    default:
      return false;
  }
}

/** Whether somebody may be shown an entry. `viewer` is null for a spectator. */
export function isVisibleTo(
  entry: EntryBody,
  viewer: { readonly id: MemberId; readonly role: Role } | null,
): boolean {
  if (isQuiet(entry)) return false;
  const audience = audienceOf(entry);
  if (audience === 'everyone') return true;
  if (viewer === null) return false;
  return audience === 'keepers' ? viewer.role === 'keeper' : audience === viewer.id;
}
