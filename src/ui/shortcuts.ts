/** The keys that do something wherever the reader is on the page. */
import type { Page } from './page.ts';
import { settings } from './settings.ts';

export function listenForShortcuts({ keys }: Page): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing || event.altKey) return;
    if (event.ctrlKey || event.metaKey || event.key !== '?' || !isFree(event.target)) return;
    keys.value = !keys.peek();
    event.preventDefault();
  });
}

/** Whether a key alone may mean something: nobody writes with it, and nobody has turned it off. */
function isFree(target: EventTarget | null): boolean {
  const isWriting = target instanceof Element && target.closest('input, textarea, select') !== null;
  return settings.value.singleKeys === 'on' && !isWriting;
}
