import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { Failure } from '../client/answer.ts';
import type { Copy } from '../copy/copy.ts';
import type { Past } from './past.ts';

/** Reading back, one page at a time: from what the room shows, or further into the past. */
export interface Older {
  readonly hasMore: ReadonlySignal<boolean>;
  readonly state: ReadonlySignal<'ready' | 'loading' | Failure>;
  /**
   * Loads the page before the oldest message, unless that is under way. After a failure only who
   * asks `again` is heard: scrolling alone would ask without end.
   */
  load(again?: 'again'): void;
}

export function older(
  client: Copy,
  hasMore: ReadonlySignal<boolean>,
  past: Pick<Past, 'isOpen' | 'hasMore' | 'loading' | 'load'>,
): Older {
  const state = signal<'ready' | 'loading' | Failure>('ready');
  return {
    hasMore: computed(() => (past.isOpen.value ? past.hasMore.older : hasMore).value),
    state: computed(() => (past.isOpen.value ? past.loading('older') : state).value),
    load(again) {
      if (past.isOpen.peek()) return past.load('older', again);
      const isReady = state.peek() === 'ready' || (again && state.peek() !== 'loading');
      if (isReady && client.state.hasMore) void read();
    },
  };

  async function read(): Promise<void> {
    state.value = 'loading';
    const answer = await client.history();
    state.value = answer.ok ? 'ready' : answer;
  }
}
