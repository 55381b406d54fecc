import { computed, effect } from '@preact/signals';
import type { Page } from '../page.ts';

/**
 * Lets the browser ask before a page is closed while something that was written is to be sent yet.
 * It is kept for this tab, over a reload and a crash, but with the tab it would be gone.
 */
export function followParting({ rows }: Pick<Page, 'rows'>): void {
  const isUnsent = computed(() =>
    rows.value.some((row) => row.kind === 'pending' && !row.line.failure),
  );
  // Only then: a page that listens always may be kept from coming back as it was.
  effect(() => {
    if (!isUnsent.value) return undefined;
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  });
}

function ask(event: Event): void {
  event.preventDefault();
}
