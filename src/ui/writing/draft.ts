import { effect, signal, type Signal } from '@preact/signals';
import { isSecret } from '../../copy/pending.ts';
import { rememberDraft, rememberedDraft } from '../browser/memory.ts';

/** What is being written, as it was before the page was loaded again, and kept as it grows. */
export function keptDraft(): Signal<string> {
  const draft = signal(rememberedDraft());
  // The code of the keepers is stored nowhere, and not while it is typed either.
  effect(() => rememberDraft(isSecret(draft.value) ? '' : draft.value));
  return draft;
}
