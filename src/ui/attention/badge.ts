/** How a tab that nobody looks at shows what was said: in its title, its icon, and the app's. */
import { effect } from '@preact/signals';
import type { Page } from '../page.ts';
import { words } from '../words/words.ts';

export function followBadge({ room, attention }: Page): void {
  effect(() => {
    const title = room.value?.title ?? words.app.name;
    const missed = attention.missed.value;
    const isNamed = attention.isNamed.value;
    const { unread, mentioned } = words.app;
    document.title = missed === 0 ? title : (isNamed ? mentioned : unread)(missed, title);
    const icon = missed === 0 ? 'icon' : isNamed ? 'icon-named' : 'icon-unread';
    document.querySelector('link[rel=icon]')?.setAttribute('href', `${icon}.svg`);
    markApp(missed);
  });
}

/** The icon of an installed app, where the system has a place for a number. */
function markApp(missed: number): void {
  if (!('setAppBadge' in navigator)) return;
  const marked = missed === 0 ? navigator.clearAppBadge() : navigator.setAppBadge(missed);
  // It is refused where the page is not installed.
  marked.catch(() => {});
}
