/** What is not here yet: older and newer messages, and what a gap has left out. */
import { useSignal } from '@preact/signals';
import type { GapLine } from '../../copy/room-state.ts';
import { sentence, usePage } from '../page.ts';
import { isFailure, type Loading } from '../reading/loading.ts';
import { words } from '../words/words.ts';

export function LoadOlder() {
  const { older } = usePage();
  return (
    <Missing
      state={older.state.value}
      load={words.reading.loadOlder}
      loading={words.reading.loadingOlder}
      onLoad={() => older.load('again')}
    />
  );
}

/** Between what was said long ago and the present. */
export function NewerMessages() {
  const { past } = usePage();
  if (!past.isAway.value) return null;
  return (
    <Missing
      state={past.loading('newer').value}
      load={words.reading.loadNewer}
      loading={words.reading.loadingNewer}
      onLoad={() => past.load('newer', 'again')}
    />
  );
}

interface MissingProps {
  readonly state: Loading;
  readonly load: string;
  readonly loading: string;
  readonly onLoad: () => void;
}

function Missing({ state, load, loading, onLoad }: MissingProps) {
  return (
    <div class="older">
      {isFailure(state) && <p class="refusal">{sentence(state)}</p>}
      <button type="button" class="plain" aria-disabled={state === 'loading'} onClick={onLoad}>
        {state === 'loading' ? loading : load}
      </button>
    </div>
  );
}

export function Gap({ gap }: { readonly gap: GapLine }) {
  const { client } = usePage();
  const state = useSignal<Loading>('ready');
  const load = async (): Promise<void> => {
    if (state.value === 'loading') return;
    state.value = 'loading';
    const answer = await client.history(gap);
    state.value = answer.ok ? 'ready' : answer;
  };
  return (
    <div role="listitem" class="gap">
      <span>{isFailure(state.value) ? sentence(state.value) : words.reading.gap}</span>
      <button
        type="button"
        class="plain"
        aria-disabled={state.value === 'loading'}
        onClick={() => void load()}
      >
        {state.value === 'loading' ? words.reading.loadingGap : words.reading.loadGap}
      </button>
    </div>
  );
}
