import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Message } from '../../protocol/entries.ts';
import { onMessageOfOthers } from './others.ts';
import { usePage } from '../page.ts';
import { words } from '../words/words.ts';

/** Messages that arrive within this time are told together. */
const gatherMs = 1_000;
/** So many are read out; of more only the number is told, since nobody could listen to them all. */
const readOutMax = 3;

/**
 * Tells what others say to those who listen to the page instead of looking at it. The list of
 * messages is not live itself: it would read out every edit, and history as it is loaded.
 */
export function Announcer() {
  const { client } = usePage();
  const told = useSignal('');

  useEffect(() => {
    let gathered: Message[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = (): void => {
      told.value = announcementOf(gathered);
      gathered = [];
      timer = undefined;
    };
    const end = onMessageOfOthers(client, (message) => {
      gathered.push(message);
      if (timer !== undefined) return;
      // Only what changes is read: without this the same words would not be heard twice.
      told.value = '';
      timer = setTimeout(tell, gatherMs);
    });
    return () => {
      end();
      clearTimeout(timer);
    };
  }, [client]);

  return (
    <div
      class="unseen"
      role="status"
      aria-live="polite"
      aria-label={words.reading.newMessagesTitle}
    >
      {told}
    </div>
  );
}

function announcementOf(messages: readonly Message[]): string {
  if (messages.length <= readOutMax) {
    return messages.map(({ by, text }) => words.reading.announced(by.nick, text)).join('\n');
  }
  return words.reading.announcedMany(messages.length, messages.at(-1)?.by.nick ?? '');
}
