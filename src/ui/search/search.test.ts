import { describe, expect, test } from 'bun:test';
import { whoIs } from '../../client/testing/fake-room.ts';
import { joined, type Scene } from '../../copy/testing/scene.ts';
import type { Seq } from '../../protocol/entries.ts';
import { searchIn } from './search.ts';

/** A room in which there is more to be found than one page. */
async function searching() {
  const made = await joined();
  const { room, clock, client } = made;
  const seqs = Array.from({ length: 50 }, (_, count) => room.say('bob', `comet ${count}`));
  await clock.settle();
  const search = searchIn(client);
  search.words.value = 'comet';
  const texts = (): readonly string[] => {
    return search.results.value?.messages.map(({ text }) => text) ?? [];
  };
  return { ...made, seqs, search, texts };
}

/** The next answer to a search takes a while. */
function late({ room }: Scene): void {
  room.weather = ({ path }) => (path === 'search' ? { lateMs: 3_000 } : 'fair');
}

function remove({ room }: Scene, of: Seq | undefined): void {
  if (of !== undefined) room.append({ type: 'delete', of, by: whoIs('bob') });
}

describe('a search', () => {
  test('finds the newest first, a page at a time', async () => {
    const { clock, search, texts } = await searching();
    search.look();
    await clock.settle();
    expect(texts()).toHaveLength(30);
    expect(texts()[0]).toBe('comet 49');
    search.more();
    await clock.settle();
    expect(texts()).toHaveLength(50);
    expect(texts().at(-1)).toBe('comet 0');
  });

  test('does not show what was deleted while it was on its way', async () => {
    const made = await searching();
    late(made);
    made.search.look();
    await made.clock.settle();
    remove(made, made.seqs[49]);
    await made.clock.advance(5_000);
    expect(made.texts()).toHaveLength(29);
    expect(made.texts()[0]).toBe('comet 48');
  });

  test('does not bring back what is deleted while more is on its way', async () => {
    const made = await searching();
    const { clock, search, seqs, texts } = made;
    search.look();
    await clock.settle();
    late(made);
    search.more();
    await clock.settle();
    // One that was found already, and one that is on its way.
    remove(made, seqs[49]);
    remove(made, seqs[0]);
    await clock.settle();
    expect(texts()).toHaveLength(29);
    await clock.advance(5_000);
    expect(texts()).toHaveLength(48);
    expect(texts()).not.toContain('comet 49');
    expect(texts()).not.toContain('comet 0');
  });

  test('shows the text that a message has now', async () => {
    const { room, clock, search, seqs, texts } = await searching();
    search.look();
    await clock.settle();
    const of = seqs[49] ?? (0 as Seq);
    room.append({ type: 'edit', of, text: 'comet, mended', by: whoIs('bob') });
    await clock.settle();
    expect(texts()[0]).toBe('comet, mended');
  });

  test('forgets what it found when something passed by that nobody has told', async () => {
    const { room, clock, search } = await searching();
    search.look();
    await clock.settle();
    room.restore(0);
    await clock.advance(5_000);
    expect(search.results.value).toBeNull();
    expect(search.words.value).toBe('comet');
  });
});
