import { describe, expect, test } from 'bun:test';
import type { MemberId } from '../../protocol/entries.ts';
import { limits } from '../../protocol/limits.ts';
import type { Feed } from './feed.ts';
import { Feeds } from './feeds.ts';

/** As much of a page as is counted. */
function feedOf(nr: number, address: string | null): Feed {
  return { member: `m${nr % 40}` as MemberId, address } as Feed;
}

function fill(feeds: Feeds, count: number, address: string | null): readonly Feed[] {
  const all = Array.from({ length: count }, (_, nr) => feedOf(nr, address));
  for (const feed of all) feeds.add(feed);
  return all;
}

describe('the pages that go on', () => {
  test('of one network address are a part of all', () => {
    const feeds = new Feeds();
    const theirs = fill(feeds, limits.plainStreamsPerAddressMax, '192.0.2.1');
    expect(feeds.refusal('192.0.2.1')).toMatchObject({
      code: 'TOO_MANY',
      retryMs: expect.any(Number),
    });
    expect(feeds.refusal('192.0.2.2')).toBeNull();
    const [first] = theirs;
    if (first === undefined) throw new Error('There is no page');
    // However often it ends, it was one.
    for (let time = 0; time < 3; time++) feeds.remove(first);
    expect(feeds.refusal('192.0.2.1')).toBeNull();
    feeds.add(first);
    expect(feeds.refusal('192.0.2.1')?.code).toBe('TOO_MANY');
    for (const feed of theirs) feeds.remove(feed);
    expect(feeds.refusal('192.0.2.1')).toBeNull();
  });

  test('are so many in all, wherever they are read', () => {
    const feeds = new Feeds();
    // Where addresses have no limits, they are not told apart.
    const all = fill(feeds, limits.plainStreamsMax, null);
    expect(feeds.refusal(null)?.code).toBe('BUSY');
    expect(feeds.refusal('192.0.2.1')?.code).toBe('BUSY');
    for (const feed of all.slice(1)) feeds.remove(feed);
    expect(feeds.refusal(null)).toBeNull();
  });
});
