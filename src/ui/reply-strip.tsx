import { usePage } from './page.ts';
import { Nick } from './nick.tsx';
import { focusWriting } from './writing.ts';
import { words } from './words/words.ts';

/** What is being answered, above the field in which the answer is written. */
export function ReplyStrip() {
  const { replyingTo } = usePage();
  const message = replyingTo.value;
  if (!message) return null;
  return (
    <div class="reply-strip">
      <p>
        {words.writing.replyingTo(<Nick nick={message.by.nick} />)}{' '}
        <span class="replied" dir="auto">
          {message.text}
        </span>
      </p>
      <button
        type="button"
        class="icon"
        aria-label={words.writing.cancelReply}
        onClick={() => {
          replyingTo.value = null;
          focusWriting();
        }}
      >
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <path d="m5 5 10 10M15 5 5 15" />
        </svg>
      </button>
    </div>
  );
}
