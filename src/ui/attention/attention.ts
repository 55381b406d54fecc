/** What others said while the reader looked elsewhere: further up, or at another tab. */
import { effect, signal, type ReadonlySignal } from '@preact/signals';
import type { Copy } from '../../copy/copy.ts';
import type { Message, Who } from '../../protocol/entries.ts';
import { isMentionOf, mentionAt, nicksToTell } from '../text/mention.ts';
import type { Reading } from '../reading/reading.ts';

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

/** Whether a message calls us by our nick: `@Ada`, and neither `@Adam` nor `@Ada-Lovelace`. */
export function isNaming({ text }: Message, you: Who | null): boolean {
  if (you === null || !text.includes('@')) return false;
  const nicks = nicksToTell([you.nick]);
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const mention = mentionAt(text, at, nicks);
    if (mention !== null && isMentionOf(mention, you.nick)) return true;
  }
  return false;
}

/** Calls `run` for each message that somebody else says from now on. The answer ends it. */
export function onMessageOfOthers(client: Copy, run: (message: Message) => void): () => void {
  return client.on('entry', (entry) => {
    if (entry.type === 'message' && entry.by.id !== client.state.you?.id) run(entry);
  });
}
