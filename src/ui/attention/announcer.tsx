import { useEffect, useMemo } from 'preact/hooks';
import { Announcing } from './announcing.ts';
import { onMessageOfOthers } from './others.ts';
import { usePage } from '../page.ts';
import { words } from '../words/words.ts';

/**
 * Tells what others say to those who listen to the page instead of looking at it. The list of
 * messages is not live itself: it would read out every edit, and history as it is loaded.
 */
export function Announcer() {
  const { client } = usePage();
  const announcing = useMemo(
    () =>
      new Announcing((run, ms) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      }),
    [],
  );
  useEffect(() => {
    const end = onMessageOfOthers(client, (message) => announcing.heard(message));
    return () => {
      end();
      announcing.close();
    };
  }, [announcing, client]);

  return (
    <div
      class="unseen"
      role="status"
      aria-live="polite"
      aria-label={words.reading.newMessagesTitle}
    >
      {announcing.told}
    </div>
  );
}
