/** Pages of what was said, for whoever wants to look at them apart from the lines of the room. */
import type { Seq } from '../protocol/entries.ts';
import type { HistoryPage } from '../protocol/replies.ts';
import type { Answer } from './answer.ts';
import { isPage } from './shapes.ts';

/** What to read: messages around a seq or before one, entries after one, or what has the words. */
export type Asked = { readonly limit: number } & (
  | { readonly around: Seq }
  | { readonly before: Seq }
  | { readonly after: Seq }
  | { readonly q: string; readonly before?: Seq }
);

export type ReadPage = (asked: Asked) => Promise<Answer<HistoryPage>>;

export function readPage(
  ask: (
    path: string,
    question: { readonly accept: typeof isPage },
  ) => Promise<Answer<{ body: HistoryPage }>>,
): ReadPage {
  return async (asked) => {
    const query = Object.entries(asked).map(
      ([name, value]) => `${name}=${encodeURIComponent(value)}`,
    );
    const answer = await ask(`${'q' in asked ? 'search' : 'messages'}?${query.join('&')}`, {
      accept: isPage,
    });
    return answer.ok ? { ok: true, ...answer.body } : answer;
  };
}
