/** What others said while the reader looked elsewhere: further up, or at another tab. */
import { effect, signal, type ReadonlySignal } from '@preact/signals';
import { isNaming } from '../text/naming.ts';
import { onMessageOfOthers } from './others.ts';
import type { View } from '../view.ts';

export interface Attention {
  /** Messages of others below what the reader looks at. */
  readonly unseen: ReadonlySignal<number>;
  /** Messages of others since the page was hidden; 0 while it is seen. */
  readonly missed: ReadonlySignal<number>;
  /** Whether one of these names us. */
  readonly isNamed: ReadonlySignal<boolean>;
}

export function attention({
  client,
  reading,
  mentionable,
}: Pick<View, 'client' | 'reading' | 'mentionable'>): Attention {
  const unseen = signal(0);
  const missed = signal(0);
  const isNamed = signal(false);
  onMessageOfOthers(client, (message) => {
    if (!reading.isAtEnd.peek()) unseen.value += 1;
    if (!document.hidden) return;
    missed.value += 1;
    isNamed.value ||= isNaming(message, client.state.you, mentionable.peek());
  });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return;
    missed.value = 0;
    isNamed.value = false;
  });
  effect(() => {
    if (reading.isAtEnd.value) unseen.value = 0;
  });
  return { unseen, missed, isNamed };
}
