/** What others said while the reader looked elsewhere: further up, or at another tab. */
import { effect, signal, type ReadonlySignal } from '@preact/signals';
import type { Copy } from '../../copy/copy.ts';
import type { Reading } from '../reading/reading.ts';
import { isNaming } from '../text/mention.ts';
import { onMessageOfOthers } from './others.ts';

export interface Attention {
  /** Messages of others below what the reader looks at. */
  readonly unseen: ReadonlySignal<number>;
  /** Messages of others since the page was hidden; 0 while it is seen. */
  readonly missed: ReadonlySignal<number>;
  /** Whether one of these names us. */
  readonly isNamed: ReadonlySignal<boolean>;
}

export function attention(client: Copy, reading: Reading): Attention {
  const unseen = signal(0);
  const missed = signal(0);
  const isNamed = signal(false);
  onMessageOfOthers(client, (message) => {
    if (!reading.isAtEnd.peek()) unseen.value += 1;
    if (!document.hidden) return;
    missed.value += 1;
    isNamed.value ||= isNaming(message, client.state.you);
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
