/** What stands between the messages. */
import { nameOfDay } from '../times.ts';
import { words } from '../words/words.ts';

export function Day({ at }: { readonly at: number }) {
  return (
    <div role="listitem" class="day">
      <span>{nameOfDay(at, Date.now())}</span>
    </div>
  );
}

/** Before the first message that the reader has not seen. */
export function UnreadDivider() {
  return (
    <div role="listitem" class="unread">
      <span>{words.reading.unread}</span>
    </div>
  );
}
