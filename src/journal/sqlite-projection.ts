/**
 * Messages in their present form, on disk: kept in the same transaction that records an entry, and
 * read back for pages. Every query goes by an index, as a test makes sure.
 */
import type { Database, Statement } from 'bun:sqlite';
import { isVisibleTo } from '../protocol/entries.ts';
import type {
  Entry,
  EntryBody,
  MemberId,
  Message,
  MessageBody,
  Reaction,
  ReactionBody,
  Recorded,
  Seq,
  WireEntry,
} from '../protocol/entries.ts';
import { limits } from '../protocol/limits.ts';
import type { Viewer } from './journal.ts';
import type { History } from './page.ts';
import { deleted, edited, entryOf, isAmendment, reacted, withoutDeletedText } from './present.ts';

/** A message as two tables have it. */
interface MessageRow {
  readonly seq: number;
  readonly at: number;
  readonly body: string;
  readonly present: string | null;
}

interface EntryRow extends MessageRow {
  readonly of: number | null;
}

// CROSS JOIN is SQLite's way to fix the order of the loops: first the few messages, then their
// entries by number.
const messageColumns = `
  SELECT seq, at, body, present FROM messages CROSS JOIN entries USING (seq)`;

const one = `${messageColumns} WHERE seq = ?1`;
const below = `${messageColumns} WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2`;
const from = `${messageColumns} WHERE seq >= ?1 ORDER BY seq LIMIT ?2`;

// One branch for each audience that the viewer belongs to; SQLite merges them in order of seq.
const visible = (audiences: number): string => `
  WITH visible (seq) AS (
    ${Array.from(
      { length: audiences },
      (_, index) => `SELECT seq FROM entries WHERE audience = ?${index + 3} AND seq > ?1`,
    ).join(' UNION ALL ')}
    ORDER BY seq LIMIT ?2
  )
  SELECT e.seq, e.at, e.of, e.body, m.present
  FROM visible CROSS JOIN entries e USING (seq)
  LEFT JOIN messages m ON m.seq = coalesce(e.of, e.seq)
  ORDER BY visible.seq`;

/** What the pages are read with, for the test that asks SQLite how it would go about them. */
export const queries = { one, below, from, visible: [visible(1), visible(2), visible(3)] } as const;

export class Projection implements History {
  readonly #held = new DisposableStack();
  readonly #one: Statement<MessageRow, [number]>;
  readonly #below: Statement<MessageRow, [number, number]>;
  readonly #from: Statement<MessageRow, [number, number]>;
  readonly #visible: readonly Statement<EntryRow, (number | string)[]>[];
  readonly #add: Statement<unknown, [number]>;
  readonly #amend: Statement<unknown, [string, number]>;
  readonly #react: Statement<unknown, [number, string, string, number]>;
  readonly #unreact: Statement<unknown, [number, string, string]>;
  readonly #hasReacted: Statement<unknown, [number, string, string]>;
  readonly #reactors: Statement<{ member: string }, [number, string, number]>;

  constructor(db: Database) {
    const held = this.#held;
    this.#one = held.use(db.prepare(queries.one));
    this.#below = held.use(db.prepare(queries.below));
    this.#from = held.use(db.prepare(queries.from));
    this.#visible = queries.visible.map((sql) => held.use(db.prepare(sql)));
    this.#add = held.use(db.prepare('INSERT INTO messages (seq) VALUES (?)'));
    this.#amend = held.use(db.prepare('UPDATE messages SET present = ? WHERE seq = ?'));
    this.#react = held.use(
      db.prepare(
        'INSERT INTO reactions (of, emoji, member, seq) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
      ),
    );
    this.#unreact = held.use(
      db.prepare('DELETE FROM reactions WHERE of = ? AND emoji = ? AND member = ?'),
    );
    this.#hasReacted = held.use(
      db.prepare('SELECT 1 FROM reactions WHERE of = ? AND emoji = ? AND member = ?'),
    );
    this.#reactors = held.use(
      db.prepare('SELECT member FROM reactions WHERE of = ? AND emoji = ? ORDER BY seq LIMIT ?'),
    );
  }

  [Symbol.dispose](): void {
    this.#held.dispose();
  }

  /** Applies an entry that is about to be recorded; the answer is the message that it amends. */
  apply(entry: Entry): Message | null {
    if (entry.type === 'message') {
      this.#add.run(entry.seq);
      return null;
    }
    if (!isAmendment(entry)) return null;
    const message = this.message(entry.of);
    if (message === null) return null;
    const present =
      entry.type === 'edit'
        ? edited(message, entry)
        : entry.type === 'delete'
          ? deleted(message, entry)
          : reacted(message, this.#standing(message, entry), entry.seq);
    this.#amend.run(JSON.stringify(present), entry.of);
    return present;
  }

  message(seq: Seq): Message | null {
    const row = this.#one.get(seq);
    return row === null ? null : messageOf(row);
  }

  hasReacted(of: Seq, emoji: string, by: MemberId): boolean {
    return this.#hasReacted.get(of, emoji, by) !== null && this.message(of)?.deleted !== true;
  }

  messagesBelow(seq: Seq, count: number): Message[] {
    return this.#below.all(seq, count).map(messageOf);
  }

  messagesFrom(seq: Seq, count: number): Message[] {
    return this.#from.all(seq, count).map(messageOf);
  }

  visibleAfter(seq: Seq, viewer: Viewer, count: number): WireEntry[] {
    const audiences = ['everyone'];
    if (viewer !== null) audiences.push(viewer.id);
    if (viewer?.role === 'keeper') audiences.push('keepers');
    const rows = this.#visible[audiences.length - 1]?.all(seq, count, ...audiences) ?? [];
    return rows.map((row) => {
      const entry = entryIn(row);
      // The rows were chosen by a column; what they say themselves must agree.
      if (!isVisibleTo(entry, viewer)) throw new Error(`Entry ${row.seq} has a wrong audience`);
      if (entry.type === 'message') return messageOf(row);
      return withoutDeletedText(entry, row.present === null ? null : parsed(row.present));
    });
  }

  /**
   * One kind of reaction after one more change. The count is carried along and the names are looked
   * up: counting fifty thousand reactors again for each of them would not end.
   */
  #standing(message: Message, { of, emoji, by, on, seq }: ReactionBody & Recorded): Reaction {
    const before = message.reactions?.find((kind) => kind.emoji === emoji);
    const { changes } = on
      ? this.#react.run(of, emoji, by.id, seq)
      : this.#unreact.run(of, emoji, by.id);
    const count = (before?.count ?? 0) + (on ? changes : -changes);
    const named = this.#reactors.all(of, emoji, limits.reactorsNamed);
    return { emoji, count, by: named.map((row) => row.member as MemberId) };
  }
}

/** The entry in a row. */
export function entryIn({ seq, at, body }: Omit<MessageRow, 'present'>): Entry {
  return entryOf(seq, at, JSON.parse(body) as EntryBody);
}

function messageOf(row: MessageRow): Message {
  if (row.present !== null) return parsed(row.present);
  return { seq: row.seq as Seq, at: row.at, ...(JSON.parse(row.body) as MessageBody) };
}

/** A message that was stored in its present form. */
export function parsed(present: string): Message {
  return JSON.parse(present) as Message;
}
