import { usePage } from '../page.ts';
import { words } from '../words/words.ts';

/** The way back to the end for who reads further up, or long ago. */
export function Newer() {
  const { reading, attention, past } = usePage();
  const { unseen } = attention;
  if (reading.isAtEnd.value) return null;
  const where = past.isAway.value ? words.reading.toPresent : words.reading.toNewest;
  return (
    <button
      type="button"
      class={unseen.value === 0 ? 'newer' : 'newer has-news'}
      onClick={() => reading.toEnd()}
    >
      {unseen.value === 0 ? where : words.reading.newMessages(unseen.value)}
      <span aria-hidden="true"> ↓</span>
    </button>
  );
}
