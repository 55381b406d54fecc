/** What the parts of the journal's contract share. */
import type { QueueBounds } from '../../src/journal/append-queue.ts';
import type { Appended, Draft, Journal } from '../../src/journal/journal.ts';
import type { EntryBody, MemberId, Seq, Who } from '../../src/protocol/entries.ts';
import { FakeClock } from '../kit/fake-clock.ts';

/** A journal under test, and what its implementation lets a test do to it. */
export interface OpenedJournal {
  readonly journal: Journal;
  /** Closes it and opens it again, where it outlives its process. */
  readonly reopen?: () => Promise<Journal>;
  /** Takes the room to write away, or gives it back. */
  readonly setFull?: (isFull: boolean) => void;
  readonly dispose: () => Promise<void>;
}

export type OpenJournal = (options: {
  readonly clock: FakeClock;
  readonly bounds?: Partial<QueueBounds>;
}) => Promise<OpenedJournal>;

/** Opens one more journal of the implementation under test; it is disposed of after the test. */
export type Start = (bounds?: Partial<QueueBounds>) => Promise<OpenedJournal>;

export const ada = who('ada');
export const bob = who('bob');

export function who(nick: string, role: Who['role'] = 'member'): Who {
  return { id: nick.padEnd(16, '_') as MemberId, nick, role };
}

export function message(text: string, by = ada): EntryBody {
  return { type: 'message', id: 'c1', by, text };
}

export function seqOf(appended: Appended): Seq {
  if (!appended.ok) throw new Error(`${appended.code}: ${appended.detail}`);
  return appended.entry.seq;
}

/** Appends bodies one after another, under keys of their own. */
export async function record(journal: Journal, ...bodies: EntryBody[]): Promise<Seq[]> {
  const base = journal.head().seq;
  const drafts = bodies.map((body, index): Draft => ({ key: `${base}+${index}`, body }));
  const appended = await Promise.all(drafts.map((draft) => journal.append(draft)));
  return appended.map(seqOf);
}

export function texts(count: number): EntryBody[] {
  return Array.from({ length: count }, (_, index) => message(`text ${index}`));
}

/** For a follower that is not expected to throw. */
export function fail(reason: unknown): void {
  throw reason;
}

/** What a promise that must not resolve was rejected with. */
export function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('It was not rejected');
    },
    (reason: unknown) => reason,
  );
}

/** A fake clock whose wall clock can be put back, as a machine's is when its time is corrected. */
export class WallClock extends FakeClock {
  backMs = 0;

  override now(): number {
    return super.now() - this.backMs;
  }
}

/** Random numbers from 0 up to 1, the same ones for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The seed of this run: a given one, to see a failure again, or a fresh one. */
export function seedOf(what: string): number {
  const seed = Number(process.env['ENCKE_TEST_SEED'] ?? Date.now() % 2 ** 31);
  console.log(`${what}: ENCKE_TEST_SEED=${seed}`);
  return seed;
}
