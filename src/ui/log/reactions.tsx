import type { Message } from '../../protocol/entries.ts';
import { useView } from '../view.ts';
import { aside, later } from '../later.tsx';
import { formatCount } from '../words/formats.ts';
import { words } from '../words/words.ts';

const ReactionPicker = later((aside) => aside.ReactionPicker);

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
        const who = aside.value?.whoGave(view, reaction);
        return (
          <button
            type="button"
            key={emoji}
            aria-pressed={isOurs}
            aria-label={who && words.reading.reaction(emoji, count, who)}
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
