/** What stands in a journal's file, read without any of the journal's own code. */
import { Database } from 'bun:sqlite';
import { join } from 'node:path';
import type { EntryBody, MemberId } from '../../src/protocol/entries.ts';
import type { HistoryPage } from '../../src/protocol/replies.ts';

export interface Recorded {
  /** Every seq, in the order of the file. */
  readonly seqs: readonly number[];
  /** The seq of each message, by `member:id`; all of them, where there are several. */
  readonly messages: ReadonlyMap<string, readonly number[]>;
  /** Who came and who went, as often as they did. */
  readonly joins: readonly MemberId[];
  readonly leaves: readonly MemberId[];
}

/** Reads the journal in a data folder. No server may be running there. */
export function readRecorded(folder: string): Recorded {
  const db = new Database(join(folder, 'journal.db'), { readonly: true });
  try {
    const rows = db
      .query<{ seq: number; body: string }, []>('SELECT seq, body FROM entries ORDER BY seq')
      .all()
      .map(({ seq, body }) => ({ seq, body: JSON.parse(body) as EntryBody }));
    const recorded = {
      seqs: rows.map(({ seq }) => seq),
      messages: new Map<string, number[]>(),
      joins: [] as MemberId[],
      leaves: [] as MemberId[],
    };
    for (const { seq, body } of rows) {
      if (body.type === 'join') recorded.joins.push(body.member.id);
      if (body.type === 'leave') recorded.leaves.push(body.member.id);
      if (body.type !== 'message') continue;
      const key = `${body.by.id}:${body.id}`;
      recorded.messages.set(key, [...(recorded.messages.get(key) ?? []), seq]);
    }
    return recorded;
  } finally {
    db.close();
  }
}

/**
 * What must be true of it: the seqs are dense, each acknowledged message stands there once, where
 * the acknowledgement said. Answers with what is not.
 */
export function faultsIn(
  { seqs, messages }: Recorded,
  acknowledged: ReadonlyMap<string, number>,
): readonly string[] {
  const dense = seqs.flatMap((seq, index) =>
    seq === index + 1 ? [] : [`entry ${index + 1} has seq ${seq}`],
  );
  const twice = [...messages].flatMap(([key, at]) =>
    at.length === 1 ? [] : [`"${key}" stands at ${at.join(' and ')}`],
  );
  const missing = [...acknowledged].flatMap(([key, seq]) =>
    messages.get(key)?.includes(seq) === true ? [] : [`"${key}" is not at ${seq}`],
  );
  return [...dense, ...twice, ...missing];
}

/** Who of these did not come exactly once, or went. */
export function movedAmong(
  { joins, leaves }: Recorded,
  members: readonly MemberId[],
): readonly MemberId[] {
  const times = new Map<MemberId, number>();
  for (const id of joins) times.set(id, (times.get(id) ?? 0) + 1);
  const gone = new Set(leaves);
  return members.filter((id) => times.get(id) !== 1 || gone.has(id));
}

/** The seq of each message, by `member:id`, as history tells it to anybody who asks. */
export async function readHistory(url: string): Promise<ReadonlyMap<string, number>> {
  const messages = new Map<string, number>();
  for (let after = 0; ;) {
    const response = await fetch(`${url}/v1/messages?after=${after}&limit=200`);
    const { entries, more } = (await response.json()) as HistoryPage;
    for (const entry of entries) {
      if (entry.seq <= after) throw new Error(`History gave ${entry.seq} after ${after}`);
      after = entry.seq;
      if (entry.type !== 'message') continue;
      const key = `${entry.by.id}:${entry.id}`;
      if (messages.has(key)) throw new Error(`History has "${key}" twice`);
      messages.set(key, entry.seq);
    }
    if (!more) return messages;
  }
}
