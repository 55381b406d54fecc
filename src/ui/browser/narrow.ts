/** Whether the page is so narrow that panels lie over the messages. The style says it likewise. */
import { signal, type ReadonlySignal } from '@preact/signals';

export function narrow(): ReadonlySignal<boolean> {
  const query = matchMedia('(width < 62rem)');
  const isNarrow = signal(query.matches);
  query.addEventListener('change', ({ matches }) => {
    isNarrow.value = matches;
  });
  return isNarrow;
}
