/** What is not here yet: older messages, and what a gap has left out. */
import { useSignal } from '@preact/signals';
import type { Failure } from '../client/answer.ts';
import type { GapLine } from '../client/room-state.ts';
import { sentence, usePage } from './page.ts';
import { words } from './words/words.ts';

export function OlderMessages() {
  const { hasMore, older, rows } = usePage();
  const state = older.state.value;
  if (!hasMore.value) {
    return rows.value.length === 0 ? null : <p class="beginning">{words.reading.beginning}</p>;
  }
  return (
    <div class="older">
      {isFailure(state) && <p class="refusal">{sentence(state)}</p>}
      <button
        type="button"
        class="plain"
        aria-disabled={state === 'loading'}
        onClick={() => older.load('again')}
      >
        {state === 'loading' ? words.reading.loadingOlder : words.reading.loadOlder}
      </button>
    </div>
  );
}

export function Gap({ gap }: { readonly gap: GapLine }) {
  const { client } = usePage();
  const state = useSignal<'ready' | 'loading' | Failure>('ready');
  const load = async (): Promise<void> => {
    if (state.value === 'loading') return;
    state.value = 'loading';
    const answer = await client.history(gap);
    state.value = answer.ok ? 'ready' : answer;
  };
  return (
    <li class="gap">
      <span>{isFailure(state.value) ? sentence(state.value) : words.reading.gap}</span>
      <button
        type="button"
        class="plain"
        aria-disabled={state.value === 'loading'}
        onClick={() => void load()}
      >
        {state.value === 'loading' ? words.reading.loadingGap : words.reading.loadGap}
      </button>
    </li>
  );
}

function isFailure(state: 'ready' | 'loading' | Failure): state is Failure {
  return typeof state !== 'string';
}
