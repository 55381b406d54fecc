/** What others said while the reader looked elsewhere: further up, or at another tab. */
import { effect, signal, type ReadonlySignal } from '@preact/signals';
import type { Copy } from '../../copy/copy.ts';
import type { Message, Who } from '../../protocol/entries.ts';
import { mentionsIn } from '../text/markdown.ts';
import { isMentionOf } from '../text/mention.ts';
import type { Page } from '../page.ts';

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
}: Pick<Page, 'client' | 'reading' | 'mentionable'>): Attention {
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

/**
 * Whether a message calls us by our nick: whether one of the mentions drawn in it is of us. Where
 * somebody is called Ada Lovelace, `@Ada Lovelace` is none of Ada; and nothing in code is one.
 */
export function isNaming({ text }: Message, you: Who | null, nicks: readonly string[]): boolean {
  return you !== null && mentionsIn(text, nicks).some((one) => isMentionOf(one, you.nick));
}

/** Calls `run` for each message that somebody else says from now on. The answer ends it. */
export function onMessageOfOthers(client: Copy, run: (message: Message) => void): () => void {
  return client.on('entry', (entry) => {
    if (entry.type === 'message' && entry.by.id !== client.state.you?.id) run(entry);
  });
}
