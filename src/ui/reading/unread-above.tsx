import { usePage } from '../page.ts';
import { words } from '../words/words.ts';

/** The way to the first message that was not seen, while it is further up than the view. */
export function UnreadAbove() {
  const { reading, unread } = usePage();
  const first = unread.first.value;
  if (first === null || !unread.isAbove.value) return null;
  return (
    <div class="above">
      <button type="button" class="plain" onClick={() => reading.bring(first)}>
        {words.reading.unreadAbove}
        <span aria-hidden="true"> ↑</span>
      </button>
    </div>
  );
}
