/**
 * What every journal must do. The suite runs on each implementation, so that what is tested with
 * the one in memory holds with the one on disk. It follows the essay in `src/journal/journal.ts`.
 */
import { afterEach, describe, expect, test } from 'bun:test';
import type { QueueBounds } from '../../src/journal/append-queue.ts';
import type { Appended, Committed } from '../../src/journal/journal.ts';
import { JournalUnavailable } from '../../src/journal/refused.ts';
import type { EntryBody, Message, Seq } from '../../src/protocol/entries.ts';
import { paging, projecting } from './journal-history.ts';
import { searching } from './journal-search.ts';
import {
  ada,
  bob,
  fail,
  message,
  record,
  rejection,
  seqOf,
  texts,
  WallClock,
} from './journal-kit.ts';
import type { OpenJournal, OpenedJournal, Start } from './journal-kit.ts';
import { journalModelTest } from './journal-model.ts';

export function journalContract(name: string, open: OpenJournal): void {
  describe(`The journal contract: ${name}`, () => {
    const opened: OpenedJournal[] = [];
    const clock = new WallClock();

    async function start(bounds?: Partial<QueueBounds>): Promise<OpenedJournal> {
      const one = await open(bounds === undefined ? { clock } : { clock, bounds });
      opened.push(one);
      return one;
    }

    afterEach(async () => {
      for (const one of opened.splice(0)) await one.dispose();
      clock.backMs = 0;
    });

    appending(start, clock);
    repeating(start);
    hashing(start);
    following(start);
    projecting(start);
    paging(start);
    searching(start);
    keepingStates(start);
    bounding(start);
    ending(start);
    journalModelTest(start);
  });
}

function appending(start: Start, clock: WallClock): void {
  test('entries are numbered from 1 without a gap, in the order of appending', async () => {
    const { journal } = await start();
    expect(journal.head().seq as number).toBe(0);
    const texts = Array.from({ length: 30 }, (_, index) => `message ${index}`);
    const seqs = await record(journal, ...texts.map((text) => message(text)));
    expect(seqs as number[]).toEqual(texts.map((_, index) => index + 1));
    const entries = await journal.read({ after: 0 as Seq, limit: 100 });
    expect(entries.map(({ entry }) => entry.type === 'message' && entry.text)).toEqual(texts);
    expect(journal.head().seq as number).toBe(30);
  });

  test('an append answers with the entry, which reads back the same', async () => {
    const { journal } = await start();
    const body: EntryBody = {
      type: 'message',
      id: 'c1',
      by: ada,
      text: 'Grüße \u0000 \ud83d\ude00 \ud800 "\\\n',
      replyTo: 7 as Seq,
      action: true,
    };
    const appended = await journal.append({ key: 'k', body });
    const entry = { seq: 1 as Seq, at: clock.now(), ...body };
    expect(appended).toEqual({ ok: true, entry, repeated: false });
    const [read] = await journal.read({ after: 0 as Seq, limit: 1 });
    expect(read?.entry).toEqual(entry);
    expect(await journal.message(1 as Seq)).toEqual(entry as Message);
    const asked = [1, 99] as Seq[];
    expect(await journal.messages(asked)).toEqual([entry as Message]);
  });

  test('times never go back, although the clock does', async () => {
    const { journal } = await start();
    await record(journal, message('one'));
    const before = clock.now();
    await clock.advance(5_000);
    await record(journal, message('two'));
    clock.backMs = 60_000;
    await record(journal, message('three'));
    const entries = await journal.read({ after: 0 as Seq, limit: 10 });
    expect(entries.map(({ entry }) => entry.at)).toEqual([before, before + 5_000, before + 5_000]);
  });

  test('authors hear of their entries in order, after the followers and the head', async () => {
    const { journal } = await start();
    const story: string[] = [];
    await journal.follow(
      0 as Seq,
      ({ entry }) => {
        // The head moves when everyone has heard, so it stands one before.
        story.push(`told ${entry.seq} at ${journal.head().seq}`);
      },
      fail,
    );
    await Promise.all(
      ['a', 'b', 'c'].map(async (text) => {
        const seq = seqOf(await journal.append({ key: text, body: message(text) }));
        expect(journal.head().seq >= seq).toBe(true);
        story.push(`answered ${seq}`);
      }),
    );
    for (const seq of [1, 2, 3]) {
      const [told, answered] = [`told ${seq} at ${seq - 1}`, `answered ${seq}`];
      expect(story.indexOf(told)).toBeGreaterThanOrEqual(0);
      expect(story.indexOf(told)).toBeLessThan(story.indexOf(answered));
    }
    expect(story.filter((line) => line.startsWith('answered'))).toEqual([
      'answered 1',
      'answered 2',
      'answered 3',
    ]);
  });

  test('nobody hears of an entry inside the call of append', async () => {
    const { journal } = await start();
    let told = 0;
    await journal.follow(0 as Seq, () => told++, fail);
    const appended = journal.append({ key: 'k', body: message('hello') });
    expect(told).toBe(0);
    await appended;
    expect(told).toBe(1);
  });
}

function repeating(start: Start): void {
  test('a key that was used records nothing and answers with what it recorded', async () => {
    const { journal } = await start();
    const first = await journal.append({ key: 'same', body: message('first') });
    await record(journal, message('between'));
    const second = await journal.append({ key: 'same', body: message('second') });
    expect(second).toEqual({ ...first, repeated: true } as Appended);
    expect(journal.head().seq as number).toBe(2);
  });

  test('the same key twice at once is recorded once', async () => {
    const { journal } = await start();
    const heard: number[] = [];
    await journal.follow(0 as Seq, ({ entry }) => heard.push(entry.seq), fail);
    const appended = await Promise.all(
      [1, 2, 3].map((copy) => journal.append({ key: 'same', body: message(`copy ${copy}`) })),
    );
    expect(appended.map((one) => one.ok && one.repeated)).toEqual([false, true, true]);
    expect(new Set(appended.map(seqOf)).size).toBe(1);
    expect(heard).toEqual([1]);
  });

  test('a key of no length, or beyond 128 characters, is a mistake of the caller', async () => {
    const { journal } = await start();
    for (const key of ['', 'x'.repeat(129), '\ud800']) {
      expect(await rejection(journal.append({ key, body: message('hello') }))).toBeInstanceOf(
        RangeError,
      );
    }
    seqOf(await journal.append({ key: 'x'.repeat(128), body: message('hello') }));
  });
}

function hashing(start: Start): void {
  test('every entry moves the hash, and the hash tells positions of two histories apart', async () => {
    const one = (await start()).journal;
    const other = (await start()).journal;
    expect(one.epoch).not.toBe(other.epoch);
    expect(one.epoch).toMatch(/^[\w-]{11}$/);
    for (const journal of [one, other]) await record(journal, message('a'), message('b'));
    const hashes = await Promise.all(
      [one, other].flatMap((journal) => [0, 1, 2].map((seq) => journal.hashAt(seq as Seq))),
    );
    expect(new Set(hashes).size).toBe(6);
    for (const hash of hashes) expect(hash).toMatch(/^[\w-]{8}$/);
  });

  test('head, followers, reads and hashAt agree on the hash', async () => {
    const { journal } = await start();
    expect(await journal.hashAt(0 as Seq)).toBe(journal.head().hash);
    const heard: Committed[] = [];
    await journal.follow(0 as Seq, (committed) => heard.push(committed), fail);
    await record(journal, message('a'), message('b'), message('c'));
    expect(await journal.read({ after: 0 as Seq, limit: 10 })).toEqual(heard);
    for (const { entry, hash } of heard) expect(await journal.hashAt(entry.seq)).toBe(hash);
    expect(journal.head()).toEqual({ seq: 3 as Seq, hash: heard[2]!.hash });
    expect(await journal.hashAt(4 as Seq)).toBeNull();
  });
}

function following(start: Start): void {
  test('a follower that starts in the past hears what was, then what comes, each once', async () => {
    const { journal } = await start();
    await record(journal, ...texts(5));
    const heard: number[] = [];
    await journal.follow(2 as Seq, ({ entry }) => heard.push(entry.seq), fail);
    expect(heard).toEqual([3, 4, 5]);
    await record(journal, ...texts(3));
    expect(heard).toEqual([3, 4, 5, 6, 7, 8]);
  });

  test('a follower that joins while others write misses nothing', async () => {
    const { journal } = await start();
    const writing = Array.from({ length: 300 }, async (_, index) => {
      for (let wait = 0; wait < index % 30; wait++) await Promise.resolve();
      return journal.append({ key: `${index}`, body: message(`${index}`) });
    });
    const stories = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const heard: number[] = [];
        await journal.follow(0 as Seq, ({ entry }) => heard.push(entry.seq), fail);
        await Promise.race(writing);
        return heard;
      }),
    );
    await Promise.all(writing);
    const all = Array.from({ length: 300 }, (_, index) => index + 1);
    for (const heard of stories) expect(heard).toEqual(all);
  });

  test('a follower that was ended hears nothing more', async () => {
    const { journal } = await start();
    const heard: number[] = [];
    const end = await journal.follow(0 as Seq, ({ entry }) => heard.push(entry.seq), fail);
    await record(journal, message('a'));
    end();
    end();
    await record(journal, message('b'));
    expect(heard).toEqual([1]);
  });

  test('a follower that throws is ended, and the others go on', async () => {
    const { journal } = await start();
    const failures: unknown[] = [];
    const heard: number[] = [];
    const bad = ({ entry }: Committed): void => {
      heard.push(-Number(entry.seq));
      if (entry.seq === 2) throw new Error('two');
    };
    await journal.follow(0 as Seq, bad, (reason) => failures.push(reason));
    await journal.follow(0 as Seq, ({ entry }) => heard.push(entry.seq), fail);
    await record(journal, ...texts(3));
    expect(heard).toEqual([-1, 1, -2, 2, 3]);
    expect(failures).toEqual([new Error('two')]);
    // The same when it is still catching up.
    await journal.follow(0 as Seq, bad, (reason) => failures.push(reason));
    expect(failures).toHaveLength(2);
    await record(journal, message('later'));
    expect(heard).toEqual([-1, 1, -2, 2, 3, -1, -2, 4]);
  });

  test('a follower may append, and follow, from within its call', async () => {
    const { journal } = await start();
    const heard: string[] = [];
    let done: Promise<unknown> = Promise.resolve();
    await journal.follow(
      0 as Seq,
      ({ entry }) => {
        heard.push(`one ${entry.seq}`);
        if (entry.seq !== 2) return;
        done = Promise.all([
          journal.follow(1 as Seq, (it) => heard.push(`two ${it.entry.seq}`), fail),
          journal.append({ key: 'inner', body: message('inner') }),
        ]);
      },
      fail,
    );
    await record(journal, message('a'), message('b'));
    await done;
    expect(heard.filter((line) => line.startsWith('one'))).toEqual(['one 1', 'one 2', 'one 3']);
    expect(heard.filter((line) => line.startsWith('two'))).toEqual(['two 2', 'two 3']);
  });

  test('a follower that starts beyond the head hears only what comes after its start', async () => {
    const { journal } = await start();
    const heard: number[] = [];
    await journal.follow(2 as Seq, ({ entry }) => heard.push(entry.seq), fail);
    await record(journal, ...texts(4));
    expect(heard).toEqual([3, 4]);
  });

  test('a read takes what it was asked for and no more', async () => {
    const { journal } = await start();
    await record(journal, ...texts(10));
    const read = await journal.read({ after: 3 as Seq, limit: 4 });
    expect(read.map(({ entry }) => entry.seq as number)).toEqual([4, 5, 6, 7]);
    expect(await journal.read({ after: 10 as Seq, limit: 4 })).toEqual([]);
    for (const range of [
      { after: 0 as Seq, limit: 0 },
      { after: 0 as Seq, limit: 10_001 },
      { after: -1 as Seq, limit: 1 },
    ]) {
      expect(await rejection(journal.read(range))).toBeInstanceOf(RangeError);
    }
  });
}

function keepingStates(start: Start): void {
  test('the newest saved state comes back', async () => {
    const { journal } = await start();
    expect(await journal.loadState()).toBeNull();
    await journal.saveState({ at: journal.head(), state: 'empty' });
    for (const text of ['one', 'two', 'three']) {
      await record(journal, message(text));
      await journal.saveState({ at: journal.head(), state: text });
    }
    expect(await journal.loadState()).toEqual({ at: journal.head(), state: 'three' });
  });

  test('a state of another history is passed over for the one before it', async () => {
    const { journal } = await start();
    await record(journal, message('one'));
    const good = { at: journal.head(), state: 'good' };
    await journal.saveState({ at: { seq: 0 as Seq, hash: journal.head().hash }, state: 'older' });
    await journal.saveState(good);
    await record(journal, message('two'));
    const foreign = { seq: journal.head().seq, hash: good.at.hash };
    await journal.saveState({ at: foreign, state: 'of a backup that was grown past' });
    expect(await journal.loadState()).toEqual(good);
    const beyond = { seq: 3 as Seq, hash: good.at.hash };
    await journal.saveState({ at: beyond, state: 'beyond the head' });
    // Only two are kept: the good one gave way.
    expect(await journal.loadState()).toBeNull();
  });

  test('tells what was recorded under a key', async () => {
    const { journal } = await start();
    const appended = await journal.append({ key: 'one', body: message('one') });
    if (!appended.ok) throw new Error(`It was refused: ${appended.code}`);
    expect(await journal.recorded('one')).toEqual(appended.entry);
    expect(await journal.recorded('two')).toBeNull();
  });

  test('is settled when all that was asked for before is answered, however much', async () => {
    const { journal } = await start({ batchMax: 2 });
    await journal.settled();
    let answered = 0;
    const appends = Array.from({ length: 7 }, async (_, nr) => {
      await journal.append({ key: `${nr}`, body: message(`${nr}`) });
      answered++;
    });
    await journal.settled();
    await Promise.resolve();
    expect(journal.head().seq as number).toBe(7);
    await Promise.all(appends);
    expect(answered).toBe(7);
  });

  test('a heartbeat is written', async () => {
    const { journal } = await start();
    expect(await Promise.all([journal.beat(), journal.beat()])).toEqual([true, true]);
    expect(journal.head().seq as number).toBe(0);
  });
}

function bounding(start: Start): void {
  test('drafts beyond the bound are refused at once, the others are recorded', async () => {
    const { journal } = await start({ appendQueueMax: 10, batchMax: 4 });
    const appends = texts(40).map((body, nr) => journal.append({ key: `${nr}`, body }));
    const refusedAtOnce = await Promise.race([appends[39]!, new Promise((r) => setImmediate(r))]);
    expect(refusedAtOnce).toMatchObject({ ok: false, code: 'BUSY' });
    const appended = await Promise.all(appends);
    const taken = appended.filter(({ ok }) => ok).length;
    // Those that wait, and at most one batch that is already on its way.
    expect(taken).toBeGreaterThanOrEqual(10);
    expect(taken).toBeLessThanOrEqual(14);
    expect(journal.head().seq as number).toBe(taken);
    // A refused key was not used up.
    expect(await journal.append({ key: '39', body: message('later') })).toMatchObject({
      ok: true,
      repeated: false,
    });
  });

  test('drafts are bounded in bytes as well', async () => {
    const { journal } = await start({ appendQueueBytesMax: 10_000 });
    const large = message('x'.repeat(3_000));
    const appended = await Promise.all(
      [1, 2, 3, 4, 5, 6, 7, 8].map((nr) => journal.append({ key: `${nr}`, body: large })),
    );
    const taken = appended.filter(({ ok }) => ok).length;
    expect(taken).toBeGreaterThanOrEqual(3);
    expect(taken).toBeLessThanOrEqual(4);
    // What was recorded waits no more.
    for (let nr = 0; nr < 10; nr++) {
      seqOf(await journal.append({ key: `later ${nr}`, body: large }));
    }
  });

  test('a full disk refuses what is new, knows what is old, and comes back', async () => {
    const { journal, setFull } = await start();
    if (setFull === undefined) return;
    await journal.append({ key: 'old', body: message('old') });
    setFull(true);
    const [fresh, old, beat] = await Promise.all([
      journal.append({ key: 'new', body: message('new') }),
      journal.append({ key: 'old', body: message('old') }),
      journal.beat(),
    ]);
    expect(fresh).toMatchObject({ ok: false, code: 'DISK_FULL' });
    expect(old).toMatchObject({ ok: true, repeated: true });
    expect(beat).toBe(false);
    expect((await journal.read({ after: 0 as Seq, limit: 10 })).length).toBe(1);
    setFull(false);
    expect(await journal.append({ key: 'new', body: message('new') })).toMatchObject({
      ok: true,
      repeated: false,
    });
    expect(await journal.beat()).toBe(true);
  });
}

function ending(start: Start): void {
  test('closing records what waits, and refuses what comes later', async () => {
    const { journal } = await start();
    const waiting = texts(50).map((body, nr) => journal.append({ key: `${nr}`, body }));
    const closing = journal.close();
    const late = await journal.append({ key: 'late', body: message('late') });
    expect(late).toMatchObject({ ok: false, code: 'DRAINING' });
    await closing;
    expect((await Promise.all(waiting)).every(({ ok }) => ok)).toBe(true);
    expect(await journal.append({ key: 'later', body: message('later') })).toMatchObject({
      ok: false,
      code: 'DRAINING',
    });
    expect(await journal.page({ after: 0 as Seq, limit: 1, viewer: null })).toMatchObject({
      ok: false,
      code: 'DRAINING',
    });
    for (const read of [journal.message(1 as Seq), journal.hashAt(1 as Seq), journal.beat()]) {
      expect(await rejection(read)).toBeInstanceOf(JournalUnavailable);
    }
    await journal.close();
  });

  test('a journal that is opened again is the same one', async () => {
    const { journal, reopen } = await start();
    if (reopen === undefined) return;
    const { epoch } = journal;
    await record(
      journal,
      message('one'),
      message('two'),
      { type: 'edit', of: 1 as Seq, text: 'changed', by: ada },
      { type: 'reaction', of: 2 as Seq, emoji: '👍', by: bob, on: true },
    );
    await journal.saveState({ at: journal.head(), state: 'kept' });
    const head = journal.head();
    const entries = await journal.read({ after: 0 as Seq, limit: 10 });
    const page = await journal.page({ after: 0 as Seq, limit: 10, viewer: ada });
    const again = await reopen();
    expect(again.epoch).toBe(epoch);
    expect(again.head()).toEqual(head);
    expect(await again.read({ after: 0 as Seq, limit: 10 })).toEqual(entries);
    expect(await again.page({ after: 0 as Seq, limit: 10, viewer: ada })).toEqual(page);
    expect(await again.loadState()).toEqual({ at: head, state: 'kept' });
    expect(await again.append({ key: '0+0', body: message('one') })).toMatchObject({
      repeated: true,
      entry: { seq: 1 as Seq },
    });
    expect(await again.append({ key: 'fresh', body: message('five') })).toMatchObject({
      entry: { seq: 5 as Seq },
    });
  });
}
