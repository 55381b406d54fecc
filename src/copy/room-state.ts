/** What a page shows, as one immutable value. Each change makes another. */
import type { Entry, Message, Seq, Who } from '../protocol/entries.ts';
import type { Gap, Live, RoomInfo } from '../protocol/replies.ts';
import type { Failure } from '../client/answer.ts';
import type { Status as Following } from '../client/status.ts';

export interface RoomState {
  readonly status: Status;
  /** Null for whoever is not in the room. */
  readonly you: Who | null;
  /** Null until the room has answered for the first time, as is `live`. */
  readonly room: RoomInfo | null;
  readonly live: Live | null;
  /** Who is here, by nick. Null in a room that only counts its members. */
  readonly members: readonly Who[] | null;
  /** The one list that a page renders, in order: what was recorded by seq, then what is pending. */
  readonly lines: readonly Line[];
  /** What is missing between lines, exactly. Each also stands as a line where it belongs. */
  readonly gaps: readonly Gap[];
  /** There are older messages: `history()` loads them. */
  readonly hasMore: boolean;
}

export type Status =
  | Following
  /** The machine has no network. Polls are still tried, since machines are wrong about this. */
  | { readonly kind: 'offline' };

/** An entry that is shown where it stands. The others (edits ...) show in what they change. */
export type RecordedLine =
  | Message
  | Extract<
      Entry,
      { type: 'join' | 'leave' | 'member' | 'topic' | 'mode' | 'notice' | 'sanction' }
    >;

/** Here something is missing: after the seq `from`, up to and including `to`. */
export interface GapLine extends Gap {
  readonly type: 'gap';
}

/** The answer to a command, for you alone. It stands behind the entry with the seq `after`. */
export interface ReplyLine {
  readonly type: 'reply';
  readonly id: string;
  readonly text: string;
  readonly after: Seq;
}

/** A message of yours that is not recorded yet, or, with a failure, will not be as it stands. */
export interface PendingLine {
  readonly type: 'pending';
  readonly id: string;
  readonly text: string;
  readonly replyTo?: Seq | undefined;
  readonly failure?: Failure | undefined;
  /** When it is sent again, in milliseconds since 1970: the server has asked to wait. */
  readonly retryAt?: number | undefined;
}

export type Line = RecordedLine | GapLine | ReplyLine | PendingLine;
