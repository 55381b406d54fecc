import { expect, test } from 'bun:test';
import { testSettings } from '../../test/kit/chat.ts';
import { FakeClock } from '../../test/kit/fake-clock.ts';
import type { Exchange, Fields } from '../http/request.ts';
import type { Page, SearchQuery } from '../journal/journal.ts';
import { MemoryJournal } from '../journal/memory.ts';
import { Call, type WebParts } from './call.ts';
import { Proofs } from './proof.ts';
import { getSearch } from './search.ts';
import { Sessions } from './session.ts';

/** A journal whose searches take until they are let go. */
class SlowJournal extends MemoryJournal {
  readonly letGo = Promise.withResolvers<void>();
  signal: AbortSignal | undefined;

  override async search(query: SearchQuery): Promise<Page> {
    this.signal = query.signal;
    await this.letGo.promise;
    return await super.search(query);
  }
}

const noFields: Fields = { get: () => null, has: () => false };

test('a search hears of it when its asker hangs up, and is no longer heard of afterwards', async () => {
  const journal = new SlowJournal({ clock: new FakeClock() });
  const proofs = new Proofs(new Sessions(new Uint8Array(32), () => 0));
  const parts = { journal, proofs, settings: testSettings } as Partial<WebParts> as WebParts;
  const exchange: Exchange = {
    peer: '192.0.2.1',
    watcher: null,
    reply: () => undefined,
    stream: () => {
      throw new Error('A search does not go on');
    },
  };
  const target = { path: '/v1/search', query: 'q=comet' };
  const request = { method: 'GET', target: '/v1/search?q=comet', fields: noFields };
  const call = new Call({ ...request, body: new Uint8Array() }, target, exchange, parts, []);
  const answer = getSearch(call);
  expect(journal.signal?.aborted).toBe(false);
  exchange.watcher?.hungUp();
  expect(journal.signal?.aborted).toBe(true);
  journal.letGo.resolve();
  await answer;
  // Who has a watcher was waiting for news, and is put off behind those who were not told yet.
  expect(exchange.watcher).toBeNull();
});
