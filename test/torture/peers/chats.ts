/** The chats that are compared: how each is started, who its members are, what it has recorded. */
import { Database } from 'bun:sqlite';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EntryBody } from '../../../src/protocol/entries.ts';
import type { Delivered } from '../../checker/record.ts';

export interface Chat {
  readonly name: string;
  /** The server: a program and its options, without where it listens and where it stores. */
  readonly server: readonly string[];
  /** The program that runs its members. */
  readonly crew: string;
  /** Something large that its server gives to everybody, for those who hang up on it. */
  readonly large: string;
  /** What stands in its data folder when the server has ended; null for a chat without a store. */
  readonly recorded: ((folder: string) => readonly Delivered[]) | null;
}

const root = join(import.meta.dirname, '..', '..', '..');
const peers = join(root, 'bench', 'peers');

const socketIo = {
  crew: join(peers, 'socket-io-member.ts'),
  large: '/socket.io/socket.io.js',
};

export const chats: readonly Chat[] = [
  {
    name: 'encke',
    // Without the guard, which would start it again: here that is done for all by the same hand.
    server: [join(root, 'src', 'encke.ts'), 'run', '--address-limits', 'off'],
    crew: join(import.meta.dirname, 'encke-member.ts'),
    large: '/',
    recorded: recordedByEncke,
  },
  {
    name: 'socket-io',
    server: [join(peers, 'socket-io-chat.ts')],
    recorded: recordedBySocketIo,
    ...socketIo,
  },
  {
    name: 'socket-io-memory',
    server: [join(peers, 'socket-io-chat.ts'), '--memory'],
    recorded: null,
    ...socketIo,
  },
  {
    name: 'faye',
    server: [join(peers, 'faye-chat.ts')],
    crew: join(peers, 'faye-member.ts'),
    large: '/chat/client.js',
    recorded: null,
  },
];

/** Whether the packages of the peers are there. */
export function arePeersInstalled(): boolean {
  return existsSync(join(root, 'bench', 'node_modules', 'socket.io'));
}

/** In the comparison a message is known by its text, which is unique, in every chat. */
function recordedByEncke(folder: string): readonly Delivered[] {
  const rows = rowsOf(join(folder, 'journal.db'), 'SELECT seq, body FROM entries ORDER BY seq');
  return rows.map(({ seq, body }) => {
    const entry = JSON.parse(String(body)) as EntryBody;
    if (entry.type === 'message') return { seq: Number(seq), key: entry.text, text: entry.text };
    // Comings and goings are not compared: the others have none.
    return { seq: Number(seq), key: entry.type, quiet: true };
  });
}

function recordedBySocketIo(folder: string): readonly Delivered[] {
  const rows = rowsOf(join(folder, 'chat.db'), 'SELECT * FROM messages ORDER BY id');
  return rows.map(({ id, client_offset: key, content }) => {
    return { seq: Number(id), key: String(key), text: String(content) };
  });
}

function rowsOf(file: string, question: string): readonly Readonly<Record<string, unknown>>[] {
  const db = new Database(file);
  try {
    return db.query<Record<string, unknown>, []>(question).all();
  } finally {
    db.close();
  }
}
