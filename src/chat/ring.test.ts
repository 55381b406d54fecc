import { describe, expect, test } from 'bun:test';
import type {
  Entry,
  EntryBody,
  Epoch,
  Hash,
  MemberId,
  Message,
  Seq,
  Who,
} from '../protocol/entries.ts';
import { limits } from '../protocol/limits.ts';
import { Ring } from './ring.ts';

const ada: Who = { id: 'aaaaaaaaaaaaaaaa' as MemberId, nick: 'Ada', role: 'member' };
const start = { seq: 0 as Seq, hash: 'h0' as Hash, epoch: 'e' as Epoch };

function filled(bodies: readonly EntryBody[]): Ring {
  const ring = new Ring(start);
  for (const [at, body] of bodies.entries()) push(ring, at + 1, body);
  return ring;
}

function push(ring: Ring, seq: number, body: EntryBody): void {
  const entry = { seq: seq as Seq, at: 1, ...body } as Entry;
  ring.push({ entry, hash: `h${seq}` as Hash });
}

const message = (text: string): EntryBody => ({ type: 'message', id: 'm', by: ada, text });
const texts = (ring: Ring, after = 0): unknown[] =>
  ring.after(after as Seq).map(({ json }) => (JSON.parse(json) as { text?: string }).text);

describe('the ring', () => {
  test('gives the entries after a seq, oldest first', () => {
    const ring = filled(['a', 'b', 'c'].map(message));
    expect(texts(ring)).toEqual(['a', 'b', 'c']);
    expect(texts(ring, 2)).toEqual(['c']);
    expect(texts(ring, 3)).toEqual([]);
    expect(ring.head()).toEqual({ seq: 3 as Seq, hash: 'h3' as Hash });
  });

  test('keeps quiet and addressed entries out of what is for everyone, but counts them', () => {
    const ring = filled([
      message('a'),
      { type: 'join', member: ada, quiet: true },
      { type: 'notice', text: 'psst', to: ada.id },
      { type: 'sanction', what: 'ban', member: ada, by: ada, for: 'keepers' },
    ]);
    expect(texts(ring)).toEqual(['a']);
    expect(ring.lastPublic()).toBe(1 as Seq);
    expect(ring.head().seq).toBe(4 as Seq);
    expect(ring.hashAt(3 as Seq)).toBe('h3' as Hash);
  });

  test('refuses an entry that leaves a hole', () => {
    const ring = filled([message('a')]);
    expect(() => push(ring, 3, message('c'))).toThrow('stands at 1 and was given 3');
  });

  test('a deletion takes the text out of the message and of its edits', () => {
    const ring = filled([
      message('secret'),
      { type: 'edit', of: 1 as Seq, text: 'still secret', by: ada },
      message('kept'),
      { type: 'delete', of: 1 as Seq, by: ada },
    ]);
    expect(texts(ring)).toEqual(['', '', 'kept', undefined]);
    const [first, second] = ring.after(0 as Seq).map(({ json }) => JSON.parse(json) as Entry);
    expect(first).toMatchObject({ deleted: true, edited: second?.at, rev: 4 });
    expect(JSON.stringify(ring.after(0 as Seq))).not.toContain('secret');
  });

  test('an edit that comes after the deletion carries no text', () => {
    const ring = filled([message('secret'), { type: 'delete', of: 1 as Seq, by: ada }]);
    const body = { type: 'edit', of: 1, text: 'secret again', by: ada };
    const entry = { seq: 3, at: 1, ...body } as Entry;
    const present = { seq: 1, deleted: true } as Message;
    ring.push({ entry, hash: 'h3' as Hash, present });
    expect(texts(ring)).toEqual(['', undefined, '']);
  });

  test('is bounded in count: what falls out moves the floor', () => {
    const many = limits.ringEntriesMax + 700;
    const ring = filled(Array.from({ length: many }, (_, at) => message(`m${at}`)));
    expect(ring.floor()).toBe((many - limits.ringEntriesMax) as Seq);
    expect(ring.after(ring.floor())).toHaveLength(limits.ringEntriesMax);
    expect(ring.hashAt((ring.floor() - 1) as Seq)).toBeNull();
    expect(ring.hashAt(ring.floor())).not.toBeNull();
  });

  test('quiet entries push no message out, and are bounded as well', () => {
    const ring = filled([message('kept')]);
    const quiet: EntryBody = { type: 'join', member: ada, quiet: true };
    const many = limits.ringHashesMax - 10;
    for (let seq = 2; seq <= many; seq++) push(ring, seq, quiet);
    expect(texts(ring)).toEqual(['kept']);
    for (let seq = many + 1; seq <= many + 3_000; seq++) push(ring, seq, quiet);
    expect(texts(ring, ring.floor())).toEqual([]);
    expect(ring.head().seq - ring.floor()).toBeLessThan(limits.ringHashesMax + 1_100);
  });

  test('is bounded in bytes', () => {
    const ring = new Ring(start);
    for (let seq = 1; seq <= 1_500; seq++) push(ring, seq, message('x'.repeat(8_000)));
    expect(ring.bytes()).toBeLessThanOrEqual(limits.ringBytesMax);
    expect(ring.after(ring.floor()).length).toBeLessThan(1_100);
    expect(ring.head().seq).toBe(1_500 as Seq);
  });
});
