/**
 * Searching the journal on disk: the index names messages, and each is looked at as it is now. It
 * runs in the worker, beside everything else that is done to the journal.
 */
import type { Message, Seq } from '../protocol/entries.ts';
import { hasWords } from '../protocol/words.ts';
import { troubleOf } from './disk.ts';
import { JournalFault, SearchIndex, type IndexedJournal } from './sqlite-index.ts';
import type { SearchAsk, SearchPart } from './sqlite-messages.ts';

/** The journal, as it is searched. */
export interface SearchedMessages extends IndexedJournal {
  /** A message in its present form. */
  message(seq: Seq): Message | null;
}

export class SqliteSearch {
  readonly #folder: string;
  readonly #journal: SearchedMessages;
  /** Opened when it is first needed: a room must not wait for it to come up. */
  #index: SearchIndex | null = null;

  constructor(folder: string, journal: SearchedMessages) {
    this.#folder = folder;
    this.#journal = journal;
  }

  /** Brings the index along by a slice; the answer is where it stands. */
  advance(): Seq {
    return this.#withIndex((index) => index.advance());
  }

  /** Looks at so many messages that may be found, until there are enough that are. */
  search({ words, before, count, wanted }: SearchAsk): SearchPart {
    const { named, at } = this.#withIndex((index) => ({
      named: index.candidates(words, before, count),
      at: index.at,
    }));
    const found: Message[] = [];
    for (const seq of named) {
      const message = this.#journal.message(seq);
      if (message !== null && hasWords(message.text, words)) found.push(message);
      if (found.length === wanted) return { found, reached: seq, at };
    }
    return { found, reached: named.length < count ? null : (named.at(-1) ?? null), at };
  }

  /** Gives back the pages that are kept for speed. */
  rest(): void {
    this.#index?.rest();
  }

  close(): void {
    this.#index?.[Symbol.dispose]();
    this.#index = null;
  }

  /**
   * Uses the index. When that fails the index goes, to be made anew, and with it the reason to
   * distrust the disk: nothing stood in it that is not in the journal. A journal that cannot be
   * read is another matter, which is told as it is; and for want of room nothing is thrown away.
   */
  #withIndex<T>(use: (index: SearchIndex) => T): T {
    try {
      this.#index ??= SearchIndex.open(this.#folder, this.#journal);
      return use(this.#index);
    } catch (reason) {
      if (reason instanceof JournalFault) throw reason.cause;
      this.close();
      if (troubleOf(reason, this.#folder) === 'full') {
        throw new Error('The index finds no room on the disk', { cause: reason });
      }
      SearchIndex.remove(this.#folder);
      throw new Error('The index cannot be used', { cause: reason });
    }
  }
}
