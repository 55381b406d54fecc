/**
 * The index of words: a file beside the journal, from which a search takes the messages that may
 * be found. It holds nothing that the journal does not: it lags behind, is brought along in slices,
 * and is thrown away and made anew when it is of another history, or cannot be read.
 *
 * It only narrows down: what it names is looked at again, in its present form. So an index that has
 * not heard of an edit yet shows nobody what is no longer there.
 */
import { Database } from 'bun:sqlite';
import type { Statement } from 'bun:sqlite';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Epoch, Hash, Message, Seq } from '../protocol/entries.ts';
import { indexed, termsFor, type Word } from '../protocol/words.ts';
import { hasRoomFor, troubleOf } from './disk.ts';
import type { Committed } from './journal.ts';

/** The journal, as the index reads it. */
export interface IndexedJournal {
  readonly epoch: Epoch;
  entriesAfter(after: Seq, limit: number): readonly Committed[];
  hashAt(seq: Seq): Hash | null;
}

/** The journal itself could not be read. The index is none the worse for it. */
export class JournalFault extends Error {
  override readonly name = 'JournalFault';
}

/** Entries of one slice: about 3 ms, for which a commit may have to wait. */
const sliceMax = 256;
/**
 * Characters of one slice. A term is made for each of them in scripts without gaps, and one that
 * folds into six makes six: 256 of the longest texts would hold up a commit for many seconds. As
 * many as these take some 20 ms.
 */
const sliceCharactersMax = 16 * 1024;
/** Entries that are read at once: what a slice has no room for is read again by the next. */
const readMax = 32;

/** What must be free besides. The index gives way to the journal, long before the disk is full. */
const spareBytes = 1024 * 1024;

/** The version of what is below. Another one is made anew. */
const indexVersion = 1;

// The texts are not stored once more ("contentless"), only which message has which term; where in
// it and how often is not asked ("detail=none"). Short beginnings of terms are terms of their own,
// or each letter that somebody types would gather the lists of all words that begin with it.
const tables = `
  CREATE VIRTUAL TABLE terms USING fts5 (
    text, content='', contentless_delete=1, detail=none, prefix='1 2 3', tokenize='ascii'
  );
  CREATE TABLE position (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;
`;

const candidates = `
  SELECT rowid AS seq FROM terms WHERE terms MATCH ?1 AND rowid < ?2 ORDER BY rowid DESC LIMIT ?3`;

interface Standing {
  readonly epoch: string;
  readonly seq: Seq;
  readonly hash: Hash;
}

export class SearchIndex {
  readonly #journal: IndexedJournal;
  readonly #folder: string;
  readonly #held = new DisposableStack();
  readonly #db: Database;
  readonly #candidates: Statement<{ seq: Seq }, [string, number, number]>;
  readonly #put: Statement<unknown, [number, string]>;
  readonly #drop: Statement<unknown, [number]>;
  readonly #stand: Statement<unknown, [string, number, string]>;
  #at: Seq;

  private constructor(folder: string, journal: IndexedJournal) {
    this.#folder = folder;
    this.#journal = told(journal);
    const held = this.#held;
    try {
      const db = held.use(new Database(pathIn(folder), { create: true, readwrite: true }));
      this.#db = db;
      this.#at = prepare(db, this.#journal);
      this.#candidates = held.use(db.prepare(candidates));
      this.#put = held.use(db.prepare('INSERT OR REPLACE INTO terms (rowid, text) VALUES (?, ?)'));
      this.#drop = held.use(db.prepare('DELETE FROM terms WHERE rowid = ?'));
      this.#stand = held.use(
        db.prepare('INSERT OR REPLACE INTO position (id, epoch, seq, hash) VALUES (1, ?, ?, ?)'),
      );
    } catch (reason) {
      held.dispose();
      throw reason;
    }
  }

  /** Opens the index of a journal. One that cannot be used is made anew. */
  static open(folder: string, journal: IndexedJournal): SearchIndex {
    try {
      return new SearchIndex(folder, journal);
    } catch (reason) {
      const isItsOwn = !(reason instanceof JournalFault) && troubleOf(reason, folder) !== 'full';
      if (!isItsOwn) throw reason;
      SearchIndex.remove(folder);
      return new SearchIndex(folder, journal);
    }
  }

  /** Removes the index of a folder. Nobody may have it open. */
  static remove(folder: string): void {
    for (const suffix of ['', '-wal', '-shm']) rmSync(pathIn(folder) + suffix, { force: true });
  }

  [Symbol.dispose](): void {
    this.#held.dispose();
  }

  /** The last entry that it has taken in. */
  get at(): Seq {
    return this.#at;
  }

  /** Takes in the next entries; the answer is where it stands. A full disk leaves it there. */
  advance(): Seq {
    if (!hasRoomFor(spareBytes, this.#folder)) return this.#at;
    const slice = this.#slice();
    const last = slice.at(-1);
    if (last === undefined) return this.#at;
    try {
      this.#db.transaction(() => {
        for (const [seq, text] of textsIn(slice)) {
          if (text === null) this.#drop.run(seq);
          else this.#put.run(seq, indexed(text));
        }
        this.#stand.run(this.#journal.epoch, last.entry.seq, last.hash);
      })();
      this.#at = last.entry.seq;
    } catch (reason) {
      if (troubleOf(reason, this.#folder) !== 'full') throw reason;
    }
    return this.#at;
  }

  /** The next entries, as many as one slice takes: one at least, or it would never go on. */
  #slice(): readonly Committed[] {
    const slice: Committed[] = [];
    let characters = 0;
    while (slice.length < sliceMax) {
      const read = this.#journal.entriesAfter(slice.at(-1)?.entry.seq ?? this.#at, readMax);
      for (const committed of read) {
        characters += charactersIn(committed);
        if (slice.length > 0 && characters > sliceCharactersMax) return slice;
        slice.push(committed);
      }
      if (read.length < readMax) break;
    }
    return slice;
  }

  /** Gives back the pages that are kept for speed. */
  rest(): void {
    this.#db.run('PRAGMA shrink_memory');
  }

  /** Messages below a seq that may have all of these words, newest first. */
  candidates(words: readonly Word[], before: Seq, count: number): Seq[] {
    // A term has no sign of ASCII: nothing in it could end the quotes.
    const match = words.flatMap(termsFor).map((term) => `"${term}"*`);
    return this.#candidates.all(match.join(' AND '), before, count).map(({ seq }) => seq);
  }
}

function pathIn(folder: string): string {
  return join(folder, 'search.db');
}

/** The journal, whose failures are told from those of the index. */
function told(journal: IndexedJournal): IndexedJournal {
  const read = <T>(ask: () => T): T => {
    try {
      return ask();
    } catch (cause) {
      throw new JournalFault('The journal cannot be read', { cause });
    }
  };
  return {
    epoch: journal.epoch,
    entriesAfter: (after, limit) => read(() => journal.entriesAfter(after, limit)),
    hashAt: (seq) => read(() => journal.hashAt(seq)),
  };
}

/** Makes sure that the file is an index of this history; the answer is how far it reaches. */
function prepare(db: Database, journal: IndexedJournal): Seq {
  db.run('PRAGMA journal_mode = WAL');
  // What the power takes with it is indexed again; what is there is whole.
  db.run('PRAGMA synchronous = NORMAL');
  db.run('PRAGMA cache_size = -8192');
  db.run('PRAGMA trusted_schema = OFF');
  const version = db.query<{ user_version: number }, []>('PRAGMA user_version').get();
  if (version?.user_version === 0) {
    db.transaction(() => {
      db.run(tables);
      db.run(`PRAGMA user_version = ${indexVersion}`);
    })();
  } else if (version?.user_version !== indexVersion) {
    throw new Error('The index is of another version');
  }
  const standing = db.query<Standing, []>('SELECT epoch, seq, hash FROM position').get();
  if (standing === null) return 0 as Seq;
  const { epoch, seq, hash } = standing;
  const isOurs = epoch === journal.epoch && journal.hashAt(seq) === hash;
  if (!isOurs) throw new Error('The index is of another history');
  return seq;
}

/** How much there is to index in an entry. */
function charactersIn(committed: Committed): number {
  return textsIn([committed])
    .values()
    .reduce((sum, text) => sum + (text?.length ?? 0), 0);
}

/** What messages say after these entries; null for one that was deleted. */
function textsIn(entries: readonly Committed[]): ReadonlyMap<Seq, string | null> {
  const texts = new Map<Seq, string | null>();
  for (const { entry, present } of entries) {
    if (entry.type === 'message') texts.set(entry.seq, entry.text);
    else if (present !== undefined && entry.type !== 'reaction') {
      texts.set(present.seq, textOf(present));
    }
  }
  return texts;
}

function textOf({ text, deleted }: Message): string | null {
  return deleted === true ? null : text;
}
