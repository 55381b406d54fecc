/**
 * Where the Socket.IO chat keeps its messages: one table, each message under a number of its own
 * and with the client's name for it unique, as the tutorial has it. Committed to disk before
 * `add` returns, with the same care as Encke's journal (WAL, `synchronous=FULL`).
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Line, Place, Said } from './said.ts';

export interface Store {
  /** The identity of this history: another database, or another run in memory, has another. */
  readonly epoch: string;
  /** The number of the newest message; 0 for none. */
  head(): number;
  /** Adds a message and tells where. One that is there already is told as such, and not added. */
  add(line: Line): Place & { readonly isNew: boolean };
  /** What was said after a number, in order. */
  after(seq: number): readonly Said[];
}

export function openStore(folder: string): Store {
  mkdirSync(folder, { recursive: true });
  const db = new DatabaseSync(join(folder, 'chat.db'));
  db.exec('PRAGMA journal_mode = WAL');
  db.exec('PRAGMA synchronous = FULL');
  db.exec(`CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, client_offset TEXT UNIQUE, content TEXT)`);
  db.exec('CREATE TABLE IF NOT EXISTS history (epoch TEXT)');
  db.exec(`INSERT INTO history SELECT '${randomUUID()}' WHERE NOT EXISTS (SELECT * FROM history)`);
  const insert = db.prepare(
    'INSERT INTO messages (client_offset, content) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  const find = db.prepare('SELECT id FROM messages WHERE client_offset = ?');
  const newest = db.prepare('SELECT max(id) AS id FROM messages');
  const rest = db.prepare('SELECT id, client_offset, content FROM messages WHERE id > ?');
  const epoch = String(db.prepare('SELECT epoch FROM history').get()?.['epoch']);
  return {
    epoch,
    head: () => Number(newest.get()?.['id'] ?? 0),
    add({ key, text }) {
      const { changes, lastInsertRowid } = insert.run(key, text);
      if (Number(changes) === 1) return { seq: Number(lastInsertRowid), epoch, isNew: true };
      return { seq: Number(find.get(key)?.['id']), epoch, isNew: false };
    },
    after: (seq) =>
      rest.all(seq).map((row) => ({
        seq: Number(row['id']),
        epoch,
        key: String(row['client_offset']),
        text: String(row['content']),
      })),
  };
}

/** What a chat without a store has instead: a counter. It knows no message, old or new. */
export function openCounter(): Store {
  const epoch = randomUUID();
  let seq = 0;
  return {
    epoch,
    head: () => seq,
    add: () => ({ seq: ++seq, epoch, isNew: true }),
    after: () => [],
  };
}
