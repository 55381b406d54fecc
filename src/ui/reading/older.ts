import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { Answer } from '../../client/answer.ts';
import type { Copy } from '../../copy/copy.ts';
import { mayLoad, type Loading } from './loading.ts';
import type { Past } from './past.ts';

/** Reading back, one page at a time: from what the room shows, or further into the past. */
export interface Older {
  readonly state: ReadonlySignal<Loading>;
  /** Loads the page before the oldest message, unless that is under way. */
  load(again?: 'again'): void;
}

export function older(
  client: Copy,
  past: Pick<Past, 'isOpen' | 'loading' | 'load' | 'open'>,
): Older {
  const state = signal<Loading>('ready');
  return {
    state: computed(() => (past.isOpen.value ? past.loading('older') : state).value),
    load(again) {
      if (past.isOpen.peek()) return past.load('older', again);
      if (client.state.hasMore && mayLoad(state.peek(), again)) void read();
    },
  };

  async function read(): Promise<void> {
    state.value = 'loading';
    let answer: Answer = await client.history();
    if (!answer.ok && answer.code === 'TOO_MANY' && answer.status === 0) {
      // The room shows no more lines than that. An excursion that begins with them can.
      const oldest = client.state.lines.find((line) => line.type === 'message');
      if (oldest) answer = await past.open(oldest.seq);
    }
    state.value = answer.ok ? 'ready' : answer;
  }
}
