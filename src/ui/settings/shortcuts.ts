/** The keys that do something wherever the reader is on the page. */
import type { Page } from '../page.ts';
import { settings } from './settings.ts';

/** `map` alone, `search` with Control or Command. The list of keys is drawn from this as well. */
export const shortcuts = { map: '?', search: 'k' } as const;

export function listenForShortcuts({ keys, panel }: Page): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing || event.altKey) return;
    const { key, ctrlKey, metaKey } = event;
    const isCommand = ctrlKey || metaKey;
    if (isCommand && key.toLowerCase() === shortcuts.search) panel.value = 'search';
    else if (!isCommand && key === shortcuts.map && isFree(event.target)) keys.value = !keys.peek();
    else return;
    event.preventDefault();
  });
}

/** Whether a key alone may mean something: nobody writes with it, and nobody has turned it off. */
function isFree(target: EventTarget | null): boolean {
  const isWriting = target instanceof Element && target.closest('input, textarea, select') !== null;
  return settings.value.singleKeys === 'on' && !isWriting;
}
