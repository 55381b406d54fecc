/**
 * The journal is the room's one ordered, durable record. Everything else that Encke knows (who is
 * here, the topic, what a message says after its edits) can be rebuilt from it, and is, after every
 * crash. So the promise of the whole system rests on what this interface promises:
 *
 * **Durable.** `append` resolves when the entry would survive the loss of power, never before. On a
 * disk that means after the fsync of the commit that contains it. Appends that arrive while a
 * commit is under way share the next one.
 *
 * **Ordered.** There is one writer. Entries get the numbers 1, 2, 3 ... in the order in which they
 * were committed; appends are acknowledged in that order; followers hear of an entry in that order,
 * after it is durable and before its `append` resolves. No number is skipped, none is used twice.
 *
 * **Idempotent.** A draft carries a key. A second append of the same key, at any time, by any
 * process, records nothing and resolves with the entry that the first one recorded, marked
 * `repeated`. That is what makes every retry harmless: a client's, ours after the worker died with
 * the answer on its way, and a proxy's that sends a request twice. The key's author must make it
 * unique to its owner: a client's own id is prefixed with the member's.
 *
 * **Identified.** `epoch` is made with the journal and never changes while its data is intact: a
 * restart does not change it, a new or restored journal has another. Each entry continues a rolling
 * hash over all entries before it. Epoch, seq and hash together name a position in one history, and
 * `hashAt` tells whether somebody else's position is in ours.
 *
 * **Bounded.** Waiting drafts and reads are limited in count and in bytes. Beyond the limit the
 * answer is `BUSY`, at once; the small reads, whose answers have no room for a refusal, reject with
 * `JournalUnavailable`, which carries it. A full disk answers `DISK_FULL`; reading goes on, and
 * appending comes back by itself when there is room. Any other failure of the storage is not an
 * outcome but a broken assumption: it rejects, and stops the process, because a journal that cannot
 * trust its disk must not acknowledge anything.
 *
 * Beside the raw entries the journal keeps messages in their present form, with edits, deletions
 * and reactions applied in the same commit that records them. That projection is what history is
 * served from, and why a deleted text is gone from every page at the moment of its deletion.
 *
 * Two implementations pass one contract suite (`test/contract/journal.ts`): `memory`, for tests,
 * and
 * `sqlite`, for one machine. The interface is meant to hold for a journal on many nodes as well.
 */
import type {
  Entry,
  EntryBody,
  Epoch,
  Hash,
  MemberId,
  Message,
  Role,
  Seq,
  WireEntry,
} from '../protocol/entries.ts';
import type { Outcome } from '../protocol/errors.ts';
import type { Word } from '../protocol/words.ts';

/** What is to be recorded. */
export interface Draft {
  /** Makes a retry harmless; see above. At most 128 characters. */
  readonly key: string;
  readonly body: EntryBody;
}

/**
 * A position in this journal: the last entry up to there, and the rolling hash that includes it.
 */
export interface Position {
  readonly seq: Seq;
  readonly hash: Hash;
}

/** An entry as followers hear of it. */
export interface Committed {
  readonly entry: Entry;
  /** The rolling hash up to and including this entry. */
  readonly hash: Hash;
  /**
   * For an edit, a deletion or a reaction: the message concerned, as it stands after it; when the
   * entry is read later, as it stands by then. Absent when there was no such message to amend.
   */
  readonly present?: Message;
}

/** What an append answers. `repeated`: the key was known, and `entry` is what it recorded then. */
export type Appended = Outcome<{ readonly entry: Entry; readonly repeated: boolean }>;

/** Who is reading. Null: somebody who has not joined. Addressed entries are left out for others. */
export type Viewer = { readonly id: MemberId; readonly role: Role } | null;

/**
 * Which part of the history.
 *
 * - `before`: the newest messages with a seq below it. `around`: messages about that seq, half
 *   before it. Both carry messages only.
 * - `after`: every visible entry above it, oldest first, as a poll would bring it, but messages in
 *   their present form; the text of edits of a deleted message is empty. What fills a gap.
 *
 * A page ends early at `limits.pageBytesMax`, and says so with `more`.
 */
export type PageQuery = { readonly limit: number; readonly viewer: Viewer } & (
  | { readonly before: Seq }
  | { readonly after: Seq }
  | { readonly around: Seq }
);

/**
 * Entries in ascending order. `more`: there are further ones in the direction of reading, for
 * `around` in either.
 */
export type Page = Outcome<{ readonly entries: readonly WireEntry[]; readonly more: boolean }>;

/**
 * Which messages to find: those below a seq that have all of these words, by `hasWords`. At least
 * one word: of nothing, everything would be found.
 */
export interface SearchQuery {
  readonly words: readonly Word[];
  readonly before: Seq;
  /** 1 to `limits.pageMax`. */
  readonly limit: number;
  /** Ends it early: nobody waits for it any more, and what it answers nobody reads. */
  readonly signal?: AbortSignal;
}

/**
 * What a read does when too many wait: a client's is refused, a service's takes its place at the
 * end. Services read when they start; one that was refused then could not be restarted just when
 * the journal is busiest. `read`, `follow` and `loadState` are theirs, and always wait.
 */
export type Patience = 'refuse' | 'wait';

/** Hears of every entry, in order, once. Must not throw: what follows is in `follow`. */
export type Follower = (committed: Committed) => void;

/** A saved state of the room: the fold over all entries up to `at`. Opaque to the journal. */
export interface SavedState {
  readonly at: Position;
  readonly state: string;
}

export interface Journal {
  /** The identity of this journal's history. */
  readonly epoch: Epoch;

  /** The last entry that is durable and that followers have heard of. Seq 0 in an empty journal. */
  head(): Position;

  /** Records a draft. Refuses with `BUSY` or `DISK_FULL`; see the essay above. */
  append(draft: Draft): Promise<Appended>;

  /**
   * Resolves when every append that was asked for until now has been answered, and followers have
   * heard of it. Whoever starts to follow then knows of all that was decided before.
   */
  settled(): Promise<void>;

  /** The raw entries after a seq, ascending, at most `limit` (1 to 10,000). For folding. */
  read(range: { readonly after: Seq; readonly limit: number }): Promise<readonly Committed[]>;

  /**
   * Calls the follower with every entry after `after`, first those already recorded, then each new
   * one as it is committed, with no gap and no repeat between the two. Resolves, with a function
   * that ends it, when the follower has heard of everything that was recorded at the time of the
   * call. A follower that throws is ended, and `failed` is called with what it threw.
   */
  follow(after: Seq, follower: Follower, failed: (reason: unknown) => void): Promise<() => void>;

  /** A page of history. Refuses with `BUSY`. */
  page(query: PageQuery, patience?: Patience): Promise<Page>;

  /**
   * The newest messages that are found, in their present form, ascending; `more`: there are older
   * ones. Everything that was acknowledged before the call is searched. Refuses with `BUSY`, also
   * while a journal from before there was an index is being indexed, and with `BAD_REQUEST` when
   * `limits.searchLookedMax` messages are nearly what is asked for and too few are it.
   */
  search(query: SearchQuery): Promise<Page>;

  /** One message in its present form, or null when there is no message with that seq. */
  message(seq: Seq): Promise<Message | null>;

  /**
   * Those of these messages that there are, all as they stand at one moment: a page that is printed
   * from them tells nothing that was deleted before any of it was read. One read, as a page is.
   */
  messages(seqs: readonly Seq[]): Promise<readonly Message[]>;

  /** What was recorded under a key, or null. */
  recorded(key: string): Promise<Entry | null>;

  /** Whether a member's reaction stands on a message. */
  hasReacted(of: Seq, emoji: string, by: MemberId): Promise<boolean>;

  /**
   * The rolling hash up to a seq, or null when the journal has no such entry. Seq 0 has one too.
   */
  hashAt(seq: Seq, patience?: Patience): Promise<Hash | null>;

  /**
   * Keeps a state of the room. Only the newest two are kept, and on a full disk none: a state saves
   * time, it holds nothing that the entries do not.
   */
  saveState(saved: SavedState): Promise<void>;

  /** The newest saved state whose position is in this history, or null. */
  loadState(): Promise<SavedState | null>;

  /**
   * Writes a row, durably, that is no entry. The heartbeat's proof that the journal can write.
   * Resolves with false when the disk is full.
   */
  beat(): Promise<boolean>;

  /** Commits what is waiting, then closes. Afterwards everything is refused with `DRAINING`. */
  close(): Promise<void>;
}
