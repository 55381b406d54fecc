/**
 * Those who follow a journal. A follower that starts in the past first reads what is recorded and
 * then joins the live ones, at a moment when nothing lies between the two: both steps are taken on
 * one thread, and the head moves only in `announce`.
 */
import type { Seq } from '../protocol/entries.ts';
import type { Committed, Follower, Position } from './journal.ts';

/** Where a follower that starts in the past catches up. */
export interface Source {
  head(): Position;
  read(range: { readonly after: Seq; readonly limit: number }): Promise<readonly Committed[]>;
}

/** Entries read at once while catching up: about 10 ms of the event loop to hand over. */
const chunk = 1_000;

interface Following {
  readonly follower: Follower;
  readonly failed: (reason: unknown) => void;
  heard: Seq;
  hasEnded: boolean;
}

export class Followers {
  readonly #live = new Set<Following>();
  readonly #source: Source;

  constructor(source: Source) {
    this.#source = source;
  }

  /** Tells everyone who follows of an entry that is now durable. */
  announce(committed: Committed): void {
    // A follower that joins while an entry is announced has caught up with the one before it, and
    // a set visits what is added on the way: it hears of this one too.
    for (const following of this.#live) tell(following, committed);
    for (const following of this.#live) if (following.hasEnded) this.#live.delete(following);
  }

  /** See `Journal.follow`. */
  async follow(
    after: Seq,
    follower: Follower,
    failed: (reason: unknown) => void,
  ): Promise<() => void> {
    const following: Following = { follower, failed, heard: after, hasEnded: false };
    while (!following.hasEnded && following.heard < this.#source.head().seq) {
      const entries = await this.#source.read({ after: following.heard, limit: chunk });
      if (entries.length === 0)
        throw new Error(`Entry ${following.heard + 1} is not in the journal`);
      for (const committed of entries) tell(following, committed);
    }
    if (!following.hasEnded) this.#live.add(following);
    return () => {
      following.hasEnded = true;
      this.#live.delete(following);
    };
  }

  /** Ends all of them, when the journal closes. */
  clear(): void {
    for (const following of this.#live) following.hasEnded = true;
    this.#live.clear();
  }
}

function tell(following: Following, committed: Committed): void {
  const { seq } = committed.entry;
  if (following.hasEnded || seq <= following.heard) return;
  try {
    if (seq !== following.heard + 1) {
      throw new Error(`A follower that heard of entry ${following.heard} was told ${seq} next`);
    }
    following.heard = seq;
    following.follower(committed);
  } catch (reason) {
    following.hasEnded = true;
    following.failed(reason);
  }
}
