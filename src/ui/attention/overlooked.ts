/**
 * How many messages of others the reader has not had before their eyes: because the page is hidden,
 * or its frame folded or scrolled away, or because they read further up. The site that embeds the
 * room shows the number where it likes.
 */
import { effect, signal, type ReadonlySignal } from '@preact/signals';
import type { View } from '../view.ts';

export function countOverlooked({ client, reading }: View): ReadonlySignal<number> {
  const unread = signal(0);
  const isSeen = seen();
  client.on('entry', (entry) => {
    if (entry.type !== 'message' || entry.by.id === client.state.you?.id) return;
    if (!isSeen.peek() || !reading.isAtEnd.peek()) unread.value += 1;
  });
  effect(() => {
    if (isSeen.value && reading.isAtEnd.value) unread.value = 0;
  });
  return unread;
}

/** Whether anything of the page is on the screen. */
function seen(): ReadonlySignal<boolean> {
  const isSeen = signal(!document.hidden);
  let isWithin = true;
  const look = (): void => {
    isSeen.value = isWithin && !document.hidden;
  };
  document.addEventListener('visibilitychange', look);
  // Without a root of its own it looks out of the frame, at what the whole window shows.
  new IntersectionObserver((changes) => {
    isWithin = changes.at(-1)?.isIntersecting ?? isWithin;
    look();
  }).observe(document.documentElement);
  return isSeen;
}
