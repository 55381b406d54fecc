import { seenText } from '../text/markdown.ts';
import { usePage } from '../page.ts';
import { Icon } from '../icon.tsx';
import { icons } from '../icons-aside.ts';
import { Nick } from '../people/nick.tsx';
import { focusWriting } from './writing.ts';
import { words } from '../words/words.ts';

/** What is being answered, above the field in which the answer is written. */
export function ReplyStrip() {
  const { quoted, replyingTo } = usePage();
  const message = replyingTo.value;
  if (!message) return null;
  // It may be changed or deleted while the answer is written.
  const quote = quoted.of(message.seq).value;
  const { text, deleted } = typeof quote === 'string' ? message : quote;
  return (
    <div class="reply-strip">
      <p>
        <span>{words.writing.replyingTo(<Nick nick={message.by.nick} />)}</span>
        {deleted ? (
          <em>{words.reading.deleted}</em>
        ) : (
          <span class="replied" dir="auto">
            {seenText(text)}
          </span>
        )}
      </p>
      <button
        type="button"
        class="sign"
        aria-label={words.writing.cancelReply}
        onClick={() => {
          replyingTo.value = null;
          focusWriting();
        }}
      >
        <Icon path={icons.close} />
      </button>
    </div>
  );
}
