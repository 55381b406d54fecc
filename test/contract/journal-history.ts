/** The part of the contract about messages in their present form, and the pages made of them. */
import { expect, test } from 'bun:test';
import type { Committed, Journal } from '../../src/journal/journal.ts';
import type {
  EntryBody,
  MemberId,
  Message,
  NoticeBody,
  Seq,
  Who,
} from '../../src/protocol/entries.ts';
import { limits } from '../../src/protocol/limits.ts';
import { ada, bob, fail, message, record, rejection, texts, who } from './journal-kit.ts';
import type { Start } from './journal-kit.ts';

export function projecting(start: Start): void {
  const of = 1 as Seq;

  test('an edit shows the new text and when', async () => {
    const { journal } = await start();
    await record(journal, message('old'), { type: 'edit', of, text: 'new', by: ada });
    const edited = await journal.message(of);
    expect(edited).toMatchObject({ text: 'new', rev: 2 as Seq, id: 'c1' });
    expect(edited?.edited).toBe((await journal.read({ after: of, limit: 1 }))[0]!.entry.at);
  });

  test('a deletion takes the text and the reactions, and nothing brings them back', async () => {
    const { journal } = await start();
    const reaction = { type: 'reaction', of, emoji: '👍', by: bob, on: true } as const;
    await record(journal, message('secret'), reaction, { type: 'delete', of, by: ada });
    const gone = await journal.message(of);
    expect(gone).toMatchObject({ text: '', deleted: true, rev: 3 as Seq, by: ada });
    expect(gone).not.toHaveProperty('reactions');
    expect(await journal.hasReacted(of, '👍', bob.id)).toBe(false);
    await record(
      journal,
      { type: 'edit', of, text: 'again', by: ada },
      { ...reaction, by: ada },
      { type: 'delete', of, by: ada },
    );
    expect(await journal.message(of)).toEqual({ ...gone, rev: 6 as Seq } as Message);
    expect(await journal.hasReacted(of, '👍', ada.id)).toBe(false);
    const entries = await journal.read({ after: 3 as Seq, limit: 1 });
    expect(entries[0]?.entry).toMatchObject({ type: 'edit', text: 'again' });
  });

  test('a reaction counts a member once, and its end takes it back once', async () => {
    const { journal } = await start();
    const react = (by: Who, on: boolean, emoji = '👍'): EntryBody => ({
      type: 'reaction',
      of,
      emoji,
      by,
      on,
    });
    await record(journal, message('hello'), react(ada, true), react(ada, true), react(bob, true));
    expect((await journal.message(of))?.reactions).toEqual([
      { emoji: '👍', count: 2, by: [ada.id, bob.id] },
    ]);
    expect(await journal.hasReacted(of, '👍', ada.id)).toBe(true);
    await record(journal, react(ada, false), react(ada, false), react(ada, true, '🎉'));
    expect((await journal.message(of))?.reactions).toEqual([
      { emoji: '👍', count: 1, by: [bob.id] },
      { emoji: '🎉', count: 1, by: [ada.id] },
    ]);
    expect(await journal.hasReacted(of, '👍', ada.id)).toBe(false);
    await record(journal, react(bob, false), react(ada, false, '🎉'));
    const bare = await journal.message(of);
    expect(bare).not.toHaveProperty('reactions');
    expect(bare?.rev as number).toBe(journal.head().seq);
  });

  test('many reactors are counted exactly and the first of them named', async () => {
    const { journal } = await start();
    const crowd = Array.from({ length: limits.reactorsNamed + 5 }, (_, nr) => who(`m${nr}`));
    const react = (by: Who, on: boolean): EntryBody => ({
      type: 'reaction',
      of,
      emoji: '👍',
      by,
      on,
    });
    await record(journal, message('hello'), ...crowd.map((by) => react(by, true)));
    const named = (from: number): MemberId[] =>
      crowd.slice(from, from + limits.reactorsNamed).map(({ id }) => id);
    expect((await journal.message(of))?.reactions).toEqual([
      { emoji: '👍', count: crowd.length, by: named(0) },
    ]);
    // The next in line is named when one of the named ones leaves.
    await record(journal, react(crowd[0]!, false));
    expect((await journal.message(of))?.reactions).toEqual([
      { emoji: '👍', count: crowd.length - 1, by: named(1) },
    ]);
  });

  test('an amendment of what is no message has no effect', async () => {
    const { journal } = await start();
    const heard: Committed[] = [];
    await journal.follow(0 as Seq, (committed) => heard.push(committed), fail);
    const topic: EntryBody = { type: 'topic', topic: 'Comets', by: ada };
    await record(
      journal,
      topic,
      { type: 'edit', of, text: 'x', by: ada },
      { type: 'delete', of: 99 as Seq, by: ada },
      { type: 'reaction', of: 5 as Seq, emoji: '👍', by: ada, on: true },
      message('the fifth'),
    );
    expect(await journal.message(of)).toBeNull();
    expect(await journal.message(99 as Seq)).toBeNull();
    expect(await journal.hasReacted(5 as Seq, '👍', ada.id)).toBe(false);
    expect(await journal.message(5 as Seq)).not.toHaveProperty('reactions');
    for (const committed of heard) expect(committed).not.toHaveProperty('present');
    expect(await journal.read({ after: 0 as Seq, limit: 10 })).toEqual(heard);
  });

  test('followers get the message as it stands after each amendment', async () => {
    const { journal } = await start();
    const heard: Committed[] = [];
    await journal.follow(0 as Seq, (committed) => heard.push(committed), fail);
    await record(
      journal,
      message('one'),
      { type: 'edit', of, text: 'two', by: ada },
      { type: 'reaction', of, emoji: '👍', by: bob, on: true },
      { type: 'delete', of, by: ada },
    );
    expect(heard.map(({ present }) => present?.text)).toEqual([undefined, 'two', 'two', '']);
    expect(heard.map(({ present }) => present?.rev as number | undefined)).toEqual([
      undefined,
      2,
      3,
      4,
    ]);
    expect(heard[3]?.present).toEqual((await journal.message(of)) as Message);
    // Read later, an amendment comes with the message as it is by then.
    const read = await journal.read({ after: of, limit: 1 });
    expect(read[0]?.present).toEqual(heard[3]!.present);
  });
}

export function paging(start: Start): void {
  const keeper = who('kim', 'keeper');
  const viewers = { nobody: null, ada, bob, keeper };

  async function pageOf(
    journal: Journal,
    query: Parameters<Journal['page']>[0],
  ): Promise<{ seqs: number[]; more: boolean; entries: readonly unknown[] }> {
    const page = await journal.page(query);
    if (!page.ok) throw new Error(page.detail);
    return { seqs: page.entries.map(({ seq }) => seq), more: page.more, entries: page.entries };
  }

  test('before: the newest messages below a seq, ascending, and whether there are older ones', async () => {
    const { journal } = await start();
    await record(journal, ...texts(3), { type: 'topic', topic: 't', by: ada }, ...texts(3));
    const page = (before: number, limit: number): ReturnType<typeof pageOf> =>
      pageOf(journal, { before: before as Seq, limit, viewer: null });
    expect(await page(Number.MAX_SAFE_INTEGER, 4)).toMatchObject({
      seqs: [3, 5, 6, 7],
      more: true,
    });
    expect(await page(3, 2)).toMatchObject({ seqs: [1, 2], more: false });
    expect(await page(3, 1)).toMatchObject({ seqs: [2], more: true });
    expect(await page(1, 5)).toMatchObject({ seqs: [], more: false });
  });

  test('around: half before the seq, the rest from it on', async () => {
    const { journal } = await start();
    await record(journal, ...texts(10));
    const page = (around: number, limit: number): ReturnType<typeof pageOf> =>
      pageOf(journal, { around: around as Seq, limit, viewer: null });
    expect(await page(5, 4)).toMatchObject({ seqs: [3, 4, 5, 6], more: true });
    expect(await page(5, 5)).toMatchObject({ seqs: [3, 4, 5, 6, 7], more: true });
    expect(await page(1, 4)).toMatchObject({ seqs: [1, 2], more: true });
    expect(await page(5, 20)).toMatchObject({ seqs: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], more: false });
  });

  test('after: everything that the viewer may see, and nothing else', async () => {
    const { journal } = await start();
    const notice: NoticeBody = { type: 'notice', text: 'You are muted', to: bob.id };
    await record(
      journal,
      message('one'),
      { type: 'join', member: bob },
      { type: 'join', member: bob, quiet: true },
      { type: 'sanction', what: 'mute', member: bob, by: keeper, for: 'keepers' },
      notice,
      { type: 'notice', text: 'For all' },
    );
    const seen: Record<string, number[]> = {};
    for (const [name, viewer] of Object.entries(viewers)) {
      seen[name] = (await pageOf(journal, { after: 0 as Seq, limit: 50, viewer })).seqs;
    }
    expect(seen).toEqual({
      nobody: [1, 2, 6],
      ada: [1, 2, 6],
      bob: [1, 2, 5, 6],
      keeper: [1, 2, 4, 6],
    });
    const two = await pageOf(journal, { after: 1 as Seq, limit: 2, viewer: keeper });
    expect(two).toMatchObject({ seqs: [2, 4], more: true });
  });

  test('after: messages in their present form, and no text of a deleted one anywhere', async () => {
    const { journal } = await start();
    const of = 1 as Seq;
    await record(
      journal,
      message('secret one'),
      { type: 'edit', of, text: 'secret two', by: ada },
      message('kept'),
      { type: 'edit', of: 3 as Seq, text: 'kept, edited', by: ada },
      { type: 'delete', of, by: ada },
      // It was on its way when the message was deleted.
      { type: 'edit', of, text: 'secret three', by: ada },
    );
    const page = await pageOf(journal, { after: 0 as Seq, limit: 50, viewer: ada });
    expect(page.seqs).toEqual([1, 2, 3, 4, 5, 6]);
    expect(JSON.stringify(page.entries)).not.toContain('secret');
    expect(page.entries[0]).toEqual((await journal.message(of)) as Message);
    expect(page.entries[1]).toMatchObject({ type: 'edit', of, text: '' });
    expect(page.entries[2]).toMatchObject({ type: 'message', text: 'kept, edited', rev: 4 });
    expect(page.entries[3]).toMatchObject({ type: 'edit', text: 'kept, edited' });
    expect(page.entries[5]).toMatchObject({ type: 'edit', of, text: '' });
  });

  test('a page ends at its size in bytes, and the pages together have everything', async () => {
    const { journal } = await start();
    const long = Array.from({ length: 100 }, (_, nr) => message(`${nr} ${'ä'.repeat(3_990)}`));
    await record(journal, ...long);
    const seen: number[] = [];
    for (let before = 101, more = true; more; before = seen[0]!) {
      const page = await pageOf(journal, { before: before as Seq, limit: 100, viewer: null });
      expect(JSON.stringify(page.entries).length * 1.9).toBeLessThan(limits.pageBytesMax);
      expect(Buffer.byteLength(JSON.stringify(page.entries))).toBeLessThan(limits.pageBytesMax);
      expect(page.seqs.length).toBeGreaterThan(50 * Number(page.more));
      ({ more } = page);
      seen.unshift(...page.seqs);
    }
    expect(seen).toEqual(long.map((_, index) => index + 1));
    const after = await pageOf(journal, { after: 0 as Seq, limit: 100, viewer: null });
    expect(after).toMatchObject({ more: true });
    const around = await pageOf(journal, { around: 50 as Seq, limit: 100, viewer: null });
    expect(around.more).toBe(true);
    expect(around.seqs).toContain(50);
    expect(Buffer.byteLength(JSON.stringify(around.entries))).toBeLessThan(limits.pageBytesMax);
  });

  test('a page beyond the largest is a mistake of the caller', async () => {
    const { journal } = await start();
    for (const limit of [0, limits.pageMax + 1, 1.5]) {
      expect(
        await rejection(journal.page({ after: 0 as Seq, limit, viewer: null })),
      ).toBeInstanceOf(RangeError);
    }
  });
}
