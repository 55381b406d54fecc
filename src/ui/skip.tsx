import { usePage } from './page.ts';
import { words } from './words/words.ts';
import { writingId } from './writing/writing.ts';

/** The first stop of the keyboard: over what one has read, to where one writes. */
export function Skip() {
  const { you, isResumed } = usePage();
  if (you.value === null && !isResumed.value) return null;
  return (
    <a class="skip" href={`#${writingId}`}>
      {words.app.skip}
    </a>
  );
}
