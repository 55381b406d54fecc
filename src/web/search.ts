/** `GET /v1/search`: what was said, by its words. */
import type { Answer } from '../http/answer.ts';
import { refuse, type Outcome } from '../protocol/errors.ts';
import type { Seq } from '../protocol/entries.ts';
import { limits } from '../protocol/limits.ts';
import { wordsIn, type Word } from '../protocol/words.ts';
import type { Call } from './call.ts';
import { searchQuery } from './requests.ts';
import { send } from './responses.ts';
import { checkSpectator } from './spectator.ts';

export async function getSearch(call: Call): Promise<Answer> {
  const query = call.query(searchQuery);
  if (!query.ok) return call.refuse(query);
  const spectator = checkSpectator(call);
  if (!spectator.ok) return call.refuse(spectator);
  const { q, before = Number.MAX_SAFE_INTEGER as Seq, limit = limits.pageDefault } = query.value;
  const read = readWords(q);
  if (!read.ok) return call.refuse(read);
  const page = await whileAsked(call, (signal) =>
    call.parts.journal.search({ words: read.words, before, limit, signal }),
  );
  if (!page.ok) return call.refuse(page);
  return send({ entries: page.entries, more: page.more }, 200, call.cors);
}

/** Does what is worth doing for as long as the one who asked is there. */
async function whileAsked<T>({ exchange }: Call, go: (signal: AbortSignal) => Promise<T>) {
  const asker = new AbortController();
  exchange.watcher = { hungUp: () => asker.abort() };
  try {
    return await go(asker.signal);
  } finally {
    exchange.watcher = null;
  }
}

/** The words that are looked for. Whatever stands between them means nothing. */
function readWords(query: string): Outcome<{ words: readonly Word[] }> {
  if (Buffer.byteLength(query) > limits.searchBytesMax) {
    return refuse('BAD_REQUEST', `Search for at most ${limits.searchBytesMax} bytes of words`);
  }
  const words = wordsIn(query);
  if (words.length > limits.searchWordsMax) {
    return refuse('BAD_REQUEST', `Search for at most ${limits.searchWordsMax} words at a time`);
  }
  if (words.length > 0) return { ok: true, words };
  return refuse(
    'BAD_REQUEST',
    `"${query.slice(0, 40)}" has no word to look for, give a few letters`,
  );
}
