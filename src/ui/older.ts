import { signal, type ReadonlySignal } from '@preact/signals';
import type { Failure } from '../client/answer.ts';
import type { Copy } from '../copy/copy.ts';

/** Reading back, one page at a time. */
export interface Older {
  readonly state: ReadonlySignal<'ready' | 'loading' | Failure>;
  /**
   * Loads the page before the oldest message, unless that is under way. After a failure only who
   * asks `again` is heard: scrolling alone would ask without end.
   */
  load(again?: 'again'): void;
}

export function older(client: Copy): Older {
  const state = signal<'ready' | 'loading' | Failure>('ready');
  return {
    state,
    load(again) {
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
