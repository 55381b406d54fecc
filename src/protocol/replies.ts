/** The bodies of the replies of version 1 of the wire. Requests are in `web/requests.ts`. */
import type { Mode, Message, Seq, Who, WireEntry } from './entries.ts';

export interface RoomInfo {
  readonly title: string;
  readonly topic: string;
  readonly mode: Mode;
  readonly slowMs: number;
  readonly limits: { readonly textMax: number; readonly nickMax: number };
}

/** What is true now and is not in the journal. */
export interface Live {
  readonly online: number;
  /** Full: everybody's coming and going is told. Count: only how many there are. */
  readonly roster: 'full' | 'count';
  readonly typing: readonly string[];
}

/**
 * The room at one instant. Everything up to `cursor` is in it, everything after it comes by poll.
 */
export interface Snapshot {
  readonly cursor: string;
  readonly room: RoomInfo;
  readonly entries: readonly Message[];
  readonly live: Live;
  /** Present when the roster is full. */
  readonly members?: readonly Who[];
  /** Present when the request came from a member. */
  readonly you?: Who;
}

export interface Joined extends Snapshot {
  readonly token: string;
  /** When the token expires, in milliseconds since 1970. */
  readonly expires: number;
  readonly you: Who;
}

/** A range that the reply does not carry: after `from`, up to and including `to`. */
export interface Gap {
  readonly from: Seq;
  readonly to: Seq;
}

export interface PollReply {
  readonly cursor: string;
  /** The reply covers everything after `from`, up to and including `to`. */
  readonly from: Seq;
  readonly to: Seq;
  readonly entries: readonly WireEntry[];
  readonly live: Live;
  readonly next: { readonly waitMs: number; readonly hold: number };
  readonly gap?: Gap;
  readonly you?: Who;
  /** A fresh token; the old one is valid until it expires. */
  readonly token?: string;
  /** A newer poll of the same tab took over: do not poll again. */
  readonly superseded?: true;
  /** The server is about to stop: poll again after `next.waitMs`. */
  readonly draining?: true;
}

export interface Said {
  readonly seq: Seq;
  readonly at: number;
  readonly id: string;
}

/** The answer to a command: for its author alone, and not in the journal. */
export interface CommandReply {
  readonly reply: string;
}

export interface HistoryPage {
  readonly entries: readonly WireEntry[];
  readonly more: boolean;
}

export interface MembersPage {
  readonly members: readonly Who[];
  readonly online: number;
  readonly more: boolean;
}
