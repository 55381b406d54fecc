/**
 * What the journal's thread and its worker say to each other. The worker answers in the order in
 * which it was asked, and says nothing unasked but that it failed.
 */
import type { Entry, Epoch, Hash, MemberId, Message, Seq } from '../protocol/entries.ts';
import type { Word } from '../protocol/words.ts';
import type { Committed, PageQuery, Position, SavedState } from './journal.ts';
import type { PageEntries } from './page.ts';
import type { RefusedCode } from './refused.ts';

/** A draft with the time that it is recorded with. */
export interface TimedDraft {
  readonly key: string;
  readonly at: number;
  readonly json: string;
}

/** What shares one commit. */
export interface Batch {
  readonly drafts: readonly TimedDraft[];
  /** The time of a heartbeat that goes along. */
  readonly beatAt: number | null;
}

/** What became of a draft. Known: its key was recorded earlier, as this entry. */
export type Recording =
  | { readonly kind: 'new'; readonly seq: Seq; readonly hash: Hash; readonly present?: Message }
  | { readonly kind: 'known'; readonly entry: Entry }
  | { readonly kind: 'full' };

/** In the order of the drafts. */
export interface BatchResult {
  readonly recordings: readonly Recording[];
  readonly isFull: boolean;
}

/** A part of a search: so many messages that may be found are looked at, until enough are. */
export interface SearchAsk {
  readonly words: readonly Word[];
  readonly before: Seq;
  readonly count: number;
  readonly wanted: number;
}

/** What was found among them, newest first, and the last that was looked at; null at the end. */
export interface SearchPart {
  readonly found: readonly Message[];
  readonly reached: Seq | null;
  /** How far the index reaches. */
  readonly at: Seq;
}

/** Everything that can be read: what is asked, and what is answered. */
export interface Reads {
  readonly entries: {
    readonly ask: { readonly after: Seq; readonly limit: number };
    readonly answer: readonly Committed[];
  };
  readonly page: { readonly ask: PageQuery; readonly answer: PageEntries };
  readonly messages: { readonly ask: readonly Seq[]; readonly answer: readonly Message[] };
  readonly key: { readonly ask: string; readonly answer: Entry | null };
  readonly reacted: {
    readonly ask: { readonly of: Seq; readonly emoji: string; readonly by: MemberId };
    readonly answer: boolean;
  };
  readonly hash: { readonly ask: Seq; readonly answer: Hash | null };
  readonly state: { readonly ask: null; readonly answer: SavedState | null };
  /** One slice of the index more; the answer is where it stands. */
  readonly index: { readonly ask: null; readonly answer: Seq };
  readonly search: { readonly ask: SearchAsk; readonly answer: SearchPart };
}

export type ReadKind = keyof Reads;

/** One question of any kind. */
export type Question = { [Kind in ReadKind]: { kind: Kind; ask: Reads[Kind]['ask'] } }[ReadKind];

export interface OpenOrder {
  readonly folder: string;
  /** The identity to give to a journal that does not exist yet. */
  readonly freshEpoch: Epoch;
  /** The last entry that followers heard of from an earlier worker. */
  readonly after: Seq | null;
}

export interface Opened {
  readonly epoch: Epoch;
  readonly head: Position;
  /** When the last entry was recorded; 0 in an empty journal. */
  readonly at: number;
  /** The hash at `after`, or null when the journal has no such entry. */
  readonly hashAfter: Hash | null;
  /** What was recorded after `after`. */
  readonly missed: readonly Committed[];
}

export type ToWorker =
  | { readonly kind: 'open'; readonly order: OpenOrder }
  | { readonly kind: 'commit'; readonly batch: Batch }
  | { readonly kind: 'save'; readonly saved: SavedState }
  | { readonly kind: 'read'; readonly id: number; readonly question: Question }
  | { readonly kind: 'stop' };

export type FromWorker =
  | { readonly kind: 'opened'; readonly opened: Opened }
  | { readonly kind: 'refused'; readonly code: RefusedCode; readonly message: string }
  | { readonly kind: 'committed'; readonly result: BatchResult }
  | { readonly kind: 'saved'; readonly isFull: boolean }
  | { readonly kind: 'answered'; readonly id: number; readonly answer: Reads[ReadKind]['answer'] }
  | { readonly kind: 'unanswered'; readonly id: number; readonly message: string }
  | { readonly kind: 'stopped' }
  /** The disk cannot be trusted: nothing helps but stopping the process. */
  | { readonly kind: 'broken'; readonly message: string }
  /** Anything unforeseen: another worker may do better. */
  | { readonly kind: 'crashed'; readonly message: string };
