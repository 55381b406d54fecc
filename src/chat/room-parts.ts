/** What the room is made with, and the words that its rules share. */
import type { Appended, Journal } from '../journal/journal.ts';
import type { EntryBody, MemberId } from '../protocol/entries.ts';
import type { Clock } from '../supervisor/clock.ts';
import type { Log } from '../supervisor/log.ts';
import type { RandomBytes } from './ids.ts';
import type { Settings } from './settings.ts';

export interface RoomParts {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: RandomBytes;
  /** The installation's secret: ids of joins are derived from it, sessions are signed with it. */
  readonly secret: Uint8Array;
  readonly settings: Settings;
}

/** Records something, under a key that makes a retry harmless; without one, under a fresh key. */
export type Record = (body: EntryBody, key?: string) => Promise<Appended>;

/** Who asks, and from where. */
export interface Actor {
  readonly id: MemberId;
  readonly address: string;
}
