import type { Message } from '../protocol/entries.ts';
import { usePage } from './page.ts';
import { formatCount } from './words/formats.ts';
import { words } from './words/words.ts';

/** The reactions to a message, with how many gave each. A click gives or takes back one's own. */
export function Reactions({ message }: { readonly message: Message }) {
  const { client, you, attempt } = usePage();
  const me = you.value;
  return (
    <div class="reactions" role="group" aria-label={words.reading.reactions}>
      {message.reactions?.map(({ emoji, count, by }) => {
        const isOurs = me !== null && by.includes(me.id);
        return (
          <button
            type="button"
            key={emoji}
            aria-pressed={isOurs}
            aria-label={words.reading.reaction(emoji, count)}
            disabled={me === null}
            onClick={() => void attempt(client.react(message.seq, emoji, !isOurs))}
          >
            <span aria-hidden="true">{emoji}</span> {formatCount(count)}
          </button>
        );
      })}
    </div>
  );
}
