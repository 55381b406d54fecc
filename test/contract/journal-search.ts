/** The part of the contract about searching: what is found, and that nothing is missed. */
import { expect, test } from 'bun:test';
import type { Journal } from '../../src/journal/journal.ts';
import type { EntryBody, Seq } from '../../src/protocol/entries.ts';
import { limits } from '../../src/protocol/limits.ts';
import { hasWords, wordsIn } from '../../src/protocol/words.ts';
import { ada, bob, message, randomOf, record, rejection, seedOf, texts } from './journal-kit.ts';
import type { Start } from './journal-kit.ts';

const end = Number.MAX_SAFE_INTEGER as Seq;

async function found(
  journal: Journal,
  query: string,
  { before = end, limit = 50 }: { before?: Seq; limit?: number } = {},
): Promise<{ seqs: number[]; more: boolean; entries: readonly unknown[] }> {
  const page = await journal.search({ words: wordsIn(query), before, limit });
  if (!page.ok) throw new Error(`${page.code}: ${page.detail}`);
  return { seqs: page.entries.map(({ seq }) => seq), more: page.more, entries: page.entries };
}

export function searching(start: Start): void {
  const edit = (of: number, text: string): EntryBody => ({
    type: 'edit',
    of: of as Seq,
    text,
    by: ada,
  });

  test('a search finds messages with all of its words, or their beginnings', async () => {
    const { journal } = await start();
    await record(
      journal,
      message('The comet comes back'),
      message('Comets do come'),
      message('Nothing of the kind'),
      message('back COMET, back'),
    );
    expect((await found(journal, 'comet')).seqs).toEqual([1, 2, 4]);
    expect((await found(journal, 'back comet')).seqs).toEqual([1, 4]);
    expect((await found(journal, 'Com do')).seqs).toEqual([2]);
    // In the middle of a word is not at its beginning.
    expect((await found(journal, 'omet')).seqs).toEqual([]);
    expect((await found(journal, 'comet halley')).seqs).toEqual([]);
  });

  test('a search finds what is written in any script, with or without accents', async () => {
    const { journal } = await start();
    const written = [
      'Grüße aus der Straße',
      '今日は日本語を話します',
      'قرأت الكتاب أمس',
      'Ёлка у моря',
      'ΟΔΟΣ Αθηνών',
      'สวัสดีครับ',
      '한국어를 학교에서',
      'हिन्दी में',
      'İstanbul crème brûlée 👍🏽',
      'שָׁלוֹם עולם',
    ];
    await record(journal, ...written.map((text) => message(text)));
    const asked: Record<string, number[]> = {
      grusse: [1],
      STRASSE: [1],
      日本: [2],
      語を話し: [2],
      '語 今日': [2],
      كتاب: [3],
      елка: [4],
      οδός: [5],
      ดี: [6],
      학교: [7],
      हिन्दी: [8],
      'istanbul Brulee': [9],
      '👍': [9],
      שלום: [10],
      日語: [],
      بكتاب: [],
    };
    const seen: Record<string, number[]> = {};
    for (const query of Object.keys(asked)) seen[query] = (await found(journal, query)).seqs;
    expect(seen).toEqual(asked);
  });

  test('the words of a search are words, whatever they mean to an index', async () => {
    const { journal } = await start();
    await record(journal, message('not or near and'), message('text match'), message('a"b* c:d'));
    expect((await found(journal, 'NOT')).seqs).toEqual([1]);
    expect((await found(journal, 'x OR match')).seqs).toEqual([]);
    expect((await found(journal, 'text:match')).seqs).toEqual([2]);
    expect((await found(journal, '"a" b*^ -(c:')).seqs).toEqual([3]);
    expect((await found(journal, 'NEAR(not near)')).seqs).toEqual([1]);
  });

  test('a search finds messages as they are, and a deleted one never', async () => {
    const { journal } = await start();
    await record(journal, message('first draft'), message('secret plan'), message('kept'));
    expect((await found(journal, 'draft')).seqs).toEqual([1]);
    expect((await found(journal, 'secret')).seqs).toEqual([2]);
    await record(
      journal,
      edit(1, 'second version'),
      { type: 'delete', of: 2 as Seq, by: ada },
      // It was on its way when the message was deleted.
      edit(2, 'secret again'),
      { type: 'reaction', of: 3 as Seq, emoji: '👍', by: bob, on: true },
    );
    expect((await found(journal, 'draft')).seqs).toEqual([]);
    expect((await found(journal, 'secret')).seqs).toEqual([]);
    const version = await found(journal, 'version');
    expect(version.entries).toEqual([await journal.message(1 as Seq)]);
    expect((await found(journal, 'kept')).entries).toEqual([await journal.message(3 as Seq)]);
  });

  test('a search finds messages alone: nothing that is addressed to somebody', async () => {
    const { journal } = await start();
    await record(
      journal,
      { type: 'notice', text: 'hidden word', to: bob.id },
      { type: 'topic', topic: 'hidden word', by: ada },
      message('a word'),
    );
    expect((await found(journal, 'word')).seqs).toEqual([3]);
    expect((await found(journal, 'hidden')).seqs).toEqual([]);
  });

  test('what was acknowledged before a search is in its answer', async () => {
    const { journal } = await start();
    for (const round of [1, 2, 3]) {
      await record(journal, ...texts(300), message(`needle ${round}`));
      expect((await found(journal, 'needle')).seqs).toHaveLength(round);
    }
    const [, late] = await Promise.all([
      record(journal, ...texts(500)),
      found(journal, `needle 3`),
    ]);
    expect(late.seqs).toEqual([903]);
  });

  test('a search pages backwards, the newest first', async () => {
    const { journal } = await start();
    await record(journal, ...texts(10));
    expect(await found(journal, 'text', { limit: 4 })).toMatchObject({
      seqs: [7, 8, 9, 10],
      more: true,
    });
    const older = await found(journal, 'text', { before: 7 as Seq, limit: 4 });
    expect(older).toMatchObject({ seqs: [3, 4, 5, 6], more: true });
    const oldest = await found(journal, 'text', { before: 3 as Seq, limit: 2 });
    expect(oldest).toMatchObject({ seqs: [1, 2], more: false });
    expect(await found(journal, 'text', { before: 1 as Seq })).toMatchObject({ seqs: [] });
  });

  test('a search ends at a size in bytes as well, and its pages have everything', async () => {
    const { journal } = await start();
    await record(
      journal,
      ...Array.from({ length: 150 }, (_, nr) => message(`long ${nr} ${'ä'.repeat(3_900)}`)),
    );
    const seen: number[] = [];
    for (let before = end, more = true; more;) {
      const page = await found(journal, 'long', { before, limit: 100 });
      expect(Buffer.byteLength(JSON.stringify(page.entries))).toBeLessThan(limits.pageBytesMax);
      seen.unshift(...page.seqs);
      before = page.seqs[0] as Seq;
      ({ more } = page);
    }
    expect(seen).toEqual(Array.from({ length: 150 }, (_, index) => index + 1));
  });

  test('a search finds what stands before many messages that are nearly the same', async () => {
    const { journal } = await start();
    const nearly = Array.from({ length: 150 }, () => message('😂😂😂'));
    await record(journal, message('😂😂😂😂'), ...nearly, message('😂😂😂😂😂'));
    const newest = await found(journal, '😂😂😂😂', { limit: 1 });
    expect(newest).toMatchObject({ seqs: [152], more: true });
    const before = 152 as Seq;
    const oldest = await found(journal, '😂😂😂😂', { limit: 1, before });
    expect(oldest).toMatchObject({ seqs: [1], more: false });
  });

  test('what was said before a restart is found after it', async () => {
    const { journal, reopen } = await start();
    await record(journal, message('before it'), message('gone with it'));
    expect((await found(journal, 'before')).seqs).toEqual([1]);
    await record(journal, edit(2, 'edited before it'));
    if (reopen === undefined) return;
    const again = await reopen();
    expect((await found(again, 'before')).seqs).toEqual([1, 2]);
    expect((await found(again, 'gone')).seqs).toEqual([]);
  });

  test('a search for nothing is a mistake of the caller', async () => {
    const { journal } = await start();
    const words = wordsIn('a');
    for (const query of [
      { words: [], before: end, limit: 1 },
      { words, before: end, limit: 0 },
      { words, before: end, limit: limits.pageMax + 1 },
    ]) {
      expect(await rejection(journal.search(query))).toBeInstanceOf(RangeError);
    }
  });

  test('a search finds what looking at every message finds', async () => {
    const { journal } = await start();
    const random = randomOf(seedOf('searching'));
    const letters = Array.from('aabé日日本語كتاب ท้า 👍🏽ßσς.A\u0301\u0000"*');
    const some = (count: number): string =>
      Array.from({ length: count }, () => letters[Math.floor(random() * letters.length)]).join('');
    for (let round = 0; round < 6; round++) {
      const head = journal.head().seq;
      const bodies = Array.from({ length: 40 }, (): EntryBody => {
        const of = Math.ceil(random() * (head + 40)) as Seq;
        if (random() < 0.2) return edit(of, some(12));
        return random() < 0.1 ? { type: 'delete', of, by: ada } : message(some(12));
      });
      await record(journal, ...bodies);
      for (let nr = 0; nr < 30; nr++) {
        const query = some(1 + Math.floor(random() * 4));
        const words = wordsIn(query);
        if (words.length === 0) continue;
        const all: number[] = [];
        for (let seq = 1; seq <= journal.head().seq; seq++) {
          const text = (await journal.message(seq as Seq))?.text ?? '';
          if (hasWords(text, words)) all.push(seq);
        }
        expect([query, (await found(journal, query, { limit: 200 })).seqs]).toEqual([query, all]);
      }
    }
  });
}
