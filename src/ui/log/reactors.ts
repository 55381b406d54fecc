import type { Reaction } from '../../protocol/entries.ts';
import { pageOf } from '../page.ts';
import type { View } from '../view.ts';
import { formatNames } from '../words/formats-aside.ts';
import { words } from '../words/words.ts';

/** Nicks that are told of those who gave a reaction; of more it is told how many. */
const nicksMax = 8;

/** `Ada, Bo and 12 others`: those whom the page knows by their nick, oneself as "you" first. */
export function whoGave(view: View, { by, count }: Reaction): string {
  const { nicks, you } = pageOf(view);
  const me = you.peek()?.id;
  const named = by
    .toSorted((a, b) => Number(b === me) - Number(a === me))
    .flatMap((id) => (id === me ? words.people.you : (nicks.of(id) ?? [])))
    .slice(0, nicksMax);
  const others = count - named.length;
  if (others > 0) named.push(words.people.others(others));
  return formatNames(named);
}
