/** What the post office is made with, what it is asked, and what it tells of itself. */
import type { Journal } from '../journal/journal.ts';
import type { Cursor } from '../protocol/cursor.ts';
import type { MemberId } from '../protocol/entries.ts';
import type { Clock } from '../supervisor/clock.ts';
import type { Log } from '../supervisor/log.ts';
import type { Memory } from '../supervisor/memory.ts';
import type { Ref } from '../supervisor/ref.ts';
import type { Mailbox } from './mailbox.ts';
import type { Room } from './room.ts';

export interface PostOfficeParts {
  readonly journal: Journal;
  readonly room: Ref<Room>;
  readonly clock: Clock;
  readonly log: Log;
  /** A number from 0 up to 1, for jitter and spread. */
  readonly random: () => number;
  readonly memory: Memory;
  /** On while many are being told something. */
  readonly telling: { isOn: boolean };
  readonly heldPollsMax: number;
  /** Hears of a broken assumption in what no caller waits for: a time-out, a wake-up. */
  readonly crashed: (reason: unknown) => void;
}

/** The turn of a poll whose client counts none: newer than all others. */
export const uncounted = Number.MAX_SAFE_INTEGER;

/** Somebody who polls again and again. */
export interface Poller {
  readonly member: MemberId;
  /** Their mailbox, where the office found it the last time. It sees to it that it still is. */
  mailbox: Mailbox | null;
}

export interface PollRequest {
  readonly by: Poller;
  readonly after: Cursor;
  /** How long the client agrees to wait, in milliseconds, already cut to what is allowed. */
  readonly holdMs: number;
  readonly tab: string;
  /**
   * Counts the polls of a tab, so that a late one does not push out its successor, and a copy not
   * its original. `uncounted` where the client does not count.
   */
  readonly turn: number;
  /** Further members of the reply's JSON; each begins with a comma. */
  readonly extra: string;
}

/** What the post office holds now, for `GET /readyz`. */
export interface PostOfficeLoad {
  readonly mailboxes: number;
  readonly held: number;
  readonly cohorts: number;
  readonly ringBytes: number;
}
