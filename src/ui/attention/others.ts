import type { Copy } from '../../copy/copy.ts';
import type { Message } from '../../protocol/entries.ts';

/** Calls `run` for each message that somebody else says from now on. The answer ends it. */
export function onMessageOfOthers(client: Copy, run: (message: Message) => void): () => void {
  return client.on('entry', (entry) => {
    if (entry.type === 'message' && entry.by.id !== client.state.you?.id) run(entry);
  });
}
