import { beforeEach, describe, expect, test } from 'bun:test';
import type { Seq } from '../protocol/entries.ts';
import { limits } from '../protocol/limits.ts';
import { wordsIn } from '../protocol/words.ts';
import { FakeClock } from '../../test/kit/fake-clock.ts';
import { Searching } from './searching.ts';
import type { ReadKind, Reads, SearchAsk } from './sqlite-messages.ts';

/** A worker whose index takes in so many entries at a time, and finds nothing. */
class FakeWorker {
  readonly clock = new FakeClock();
  head = 0;
  indexed = 0;
  isBusy = false;
  isFull = false;
  /** Whether there are always more messages that are nearly what is asked for. */
  isCommon = false;
  /** Messages that were looked at. */
  looked = 0;
  readonly asked: string[] = [];
  /** Called before an answer. */
  meanwhile: (kind: ReadKind) => void = () => undefined;
  readonly searching = new Searching({
    clock: this.clock,
    headSeq: () => this.head as Seq,
    isIdle: () => !this.isBusy,
    ask: async (kind, ask) => this.#answer(kind, ask),
  });

  async search(signal = new AbortController().signal) {
    const words = wordsIn('comet');
    return await this.searching.search({ words, before: 1_000_000 as Seq, limit: 10, signal });
  }

  #answer<Kind extends ReadKind>(kind: Kind, ask: Reads[Kind]['ask']): Reads[Kind]['answer'] {
    this.meanwhile(kind);
    if (kind === 'index') {
      if (!this.isFull) this.indexed = Math.min(this.head, this.indexed + 100);
      this.asked.push(`index to ${this.indexed}`);
      return this.indexed as Reads[Kind]['answer'];
    }
    const { before, count } = ask as SearchAsk;
    this.asked.push(`search below ${before}`);
    this.looked += count;
    const reached = this.isCommon ? ((before - count) as Seq) : null;
    const part: Reads['search']['answer'] = { found: [], reached, at: this.indexed as Seq };
    return part;
  }
}

describe('an index that lags behind', () => {
  let worker: FakeWorker;
  beforeEach(() => {
    worker = new FakeWorker();
  });

  test('is brought up to the head before a search, in slices', async () => {
    worker.head = 250;
    expect(await worker.search()).toEqual({ ok: true, entries: [], more: false });
    expect(worker.asked).toEqual([
      'index to 100',
      'index to 200',
      'index to 250',
      'search below 1000000',
    ]);
  });

  test('is not chased beyond the head as of the question', async () => {
    worker.head = 100;
    worker.meanwhile = (): void => void (worker.head += 500);
    await worker.search();
    expect(worker.asked).toEqual(['index to 100', 'search below 1000000']);
  });

  test('that was made anew is not searched before it is there again', async () => {
    worker.head = 100;
    await worker.search();
    worker.asked.length = 0;
    worker.indexed = 0;
    await worker.search();
    expect(worker.asked).toEqual(['search below 1000000', 'index to 100', 'search below 1000000']);
  });

  test('by far refuses searches with BUSY, and follows meanwhile', async () => {
    worker.head = limits.searchBehindMax + 200;
    const refused = await worker.search();
    expect(refused).toMatchObject({ ok: false, code: 'BUSY', retryMs: expect.any(Number) });
    await worker.clock.advance(60_000);
    expect(worker.indexed).toBe(worker.head);
    expect(await worker.search()).toMatchObject({ ok: true });
  });

  test('follows in quiet moments, and sets no timer when it is there', async () => {
    worker.head = 250;
    worker.searching.wake();
    worker.searching.wake();
    worker.isBusy = true;
    await worker.clock.advance(5_000);
    expect(worker.indexed).toBe(0);
    worker.isBusy = false;
    await worker.clock.advance(5_000);
    expect(worker.indexed).toBe(250);
    expect(worker.clock.pending).toBe(0);
  });

  test('follows in a room that is never quiet, before a search would be refused', async () => {
    worker.isBusy = true;
    worker.head = limits.searchBehindMax / 2;
    worker.searching.wake();
    await worker.clock.advance(60_000);
    expect(worker.head - worker.indexed).toBeLessThan(limits.searchBehindMax / 2);
    expect(worker.indexed).toBeGreaterThan(0);
  });

  test('that finds no room on the disk refuses searches, and comes back', async () => {
    worker.head = 50;
    worker.isFull = true;
    expect(await worker.search()).toMatchObject({ ok: false, code: 'BUSY' });
    worker.isFull = false;
    expect(await worker.search()).toMatchObject({ ok: true });
  });

  test('has one timer, whoever wakes it while a slice is under way', async () => {
    worker.head = 1_000;
    worker.meanwhile = (): void => worker.searching.wake();
    worker.searching.wake();
    await worker.clock.advance(1_000);
    expect([worker.indexed, worker.clock.pending]).toEqual([100, 1]);
    await worker.clock.advance(60_000);
    expect([worker.indexed, worker.clock.pending]).toEqual([1_000, 0]);
  });

  test('sets no timer once the journal is closed', async () => {
    worker.head = 50;
    worker.searching.wake();
    worker.searching.stop();
    worker.searching.wake();
    expect(worker.clock.pending).toBe(0);
  });
});

describe('a search', () => {
  test('gives up when too many messages are nearly what is asked for, in few trips', async () => {
    const worker = new FakeWorker();
    worker.isCommon = true;
    expect(await worker.search()).toMatchObject({
      ok: false,
      code: 'BAD_REQUEST',
      detail: 'Too many messages are nearly this, search for other words',
    });
    expect(worker.looked).toBeGreaterThanOrEqual(limits.searchLookedMax);
    expect(worker.looked).toBeLessThan(limits.searchLookedMax + 100);
    expect(worker.asked.length).toBeLessThan(100);
  });

  test('goes no further once nobody waits for it', async () => {
    const worker = new FakeWorker();
    const asker = new AbortController();
    worker.isCommon = true;
    worker.meanwhile = (): void => {
      if (worker.asked.length === 3) asker.abort();
    };
    expect(await worker.search(asker.signal)).toMatchObject({ ok: false });
    expect(worker.asked).toHaveLength(4);
  });

  test('does not wait for the index once nobody waits for it', async () => {
    const worker = new FakeWorker();
    const asker = new AbortController();
    worker.head = 10_000;
    worker.meanwhile = (): void => {
      if (worker.asked.length === 2) asker.abort();
    };
    expect(await worker.search(asker.signal)).toMatchObject({ ok: false });
    expect(worker.asked).toEqual(['index to 100', 'index to 200', 'index to 300']);
  });

  test('is one of a few at a time, so that other reads find room in the queue', async () => {
    const worker = new FakeWorker();
    const running = Array.from({ length: limits.searchesMax }, () => worker.search());
    expect(await worker.search()).toMatchObject({
      ok: false,
      code: 'BUSY',
      retryMs: expect.any(Number),
    });
    expect((await Promise.all(running)).every(({ ok }) => ok)).toBe(true);
    expect(await worker.search()).toMatchObject({ ok: true });
  });
});
