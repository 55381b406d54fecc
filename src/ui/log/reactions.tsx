import type { Message, Reaction } from '../../protocol/entries.ts';
import { useView, type View } from '../view.ts';
import { later } from '../later.tsx';
import { formatCount, formatNames } from '../words/formats.ts';
import { words } from '../words/words.ts';

const ReactionPicker = later((aside) => aside.ReactionPicker);

/** Nicks that are told of those who gave a reaction; of more it is told how many. */
const nicksMax = 8;

/** The reactions to a message, with how many gave each. A click gives or takes back one's own. */
export function Reactions({ message }: { readonly message: Message }) {
  const view = useView();
  const { client, you, attempt } = view;
  const me = you.value;
  return (
    <div class="reactions" role="group" aria-label={words.reading.reactions}>
      {message.reactions?.map((reaction) => {
        const { emoji, count, by } = reaction;
        const isOurs = me !== null && by.includes(me.id);
        const who = whoGave(reaction, view);
        return (
          <button
            type="button"
            key={emoji}
            aria-pressed={isOurs}
            aria-label={words.reading.reaction(emoji, count, who)}
            title={who}
            disabled={me === null}
            onClick={() => void attempt(client.react(message.seq, emoji, !isOurs))}
          >
            <bdi aria-hidden="true">{emoji}</bdi> {formatCount(count)}
          </button>
        );
      })}
      {me !== null && <ReactionPicker message={message} />}
    </div>
  );
}

/** `Ada, Bo and 12 others`: those whom the page knows by their nick, oneself as "you" first. */
function whoGave({ by, count }: Reaction, { nicks, you }: View): string {
  const me = you.peek()?.id;
  const named = by
    .toSorted((a, b) => Number(b === me) - Number(a === me))
    .flatMap((id) => (id === me ? words.people.you : (nicks.of(id) ?? [])))
    .slice(0, nicksMax);
  const others = count - named.length;
  if (others > 0) named.push(words.people.others(others));
  return formatNames(named);
}
