/** What others said while the reader looked elsewhere: further up, or at another tab. */
import { effect, signal, type ReadonlySignal } from '@preact/signals';
import type { Copy } from '../copy/copy.ts';
import type { Message } from '../protocol/entries.ts';
import type { Reading } from './reading.ts';

export interface Attention {
  /** Messages of others below what the reader looks at. */
  readonly unseen: ReadonlySignal<number>;
  /** Messages of others since the page was hidden; 0 while it is seen. */
  readonly missed: ReadonlySignal<number>;
}

export function attention(client: Copy, reading: Reading): Attention {
  const unseen = signal(0);
  const missed = signal(0);
  onMessageOfOthers(client, () => {
    if (!reading.isAtEnd.peek()) unseen.value += 1;
    if (document.hidden) missed.value += 1;
  });
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) missed.value = 0;
  });
  effect(() => {
    if (reading.isAtEnd.value) unseen.value = 0;
  });
  return { unseen, missed };
}

/** Calls `run` for each message that somebody else says from now on. The answer ends it. */
export function onMessageOfOthers(client: Copy, run: (message: Message) => void): () => void {
  return client.on('entry', (entry) => {
    if (entry.type === 'message' && entry.by.id !== client.state.you?.id) run(entry);
  });
}
