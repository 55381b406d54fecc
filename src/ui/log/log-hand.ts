/** What follows when the reader moves among the messages: scrolls, points, clicks, uses keys. */
import { agoOf } from '../ago.ts';
import { pageOf, type Page } from '../page.ts';
import { seqIn } from '../reading/address.ts';
import { momentOf } from '../times.ts';
import type { View } from '../view.ts';
import { words } from '../words/words.ts';
import { LogKeys } from './log-keys.ts';

/** So many heights of the view before an edge is reached, what lies beyond it is asked for. */
const aheadScreens = 1.5;

/** Follows what happens in the box of the messages. The answer ends it. */
export function followHand(view: View, box: HTMLElement): () => void {
  const page = pageOf(view);
  const life = new AbortController();
  const { signal } = life;
  box.addEventListener('keydown', new LogKeys(page).pressed, { signal });
  for (const type of ['focusin', 'pointerover']) {
    box.addEventListener(type, (event) => point(page, event), { signal });
  }
  box.addEventListener('pointerleave', () => void (page.pointed.value = null), { signal });
  box.addEventListener('click', (event) => click(page, event), { signal });
  // Anywhere else on the page a click puts the open actions away.
  const away = ({ target }: Event): void => {
    const isInside = target instanceof Element && target.closest('.actions') !== null;
    if (!isInside) page.opened.value = null;
  };
  document.addEventListener('pointerdown', away, { signal });
  page.reading.moved = () => lookAround(page, box);
  lookAround(page, box);
  return () => {
    life.abort();
    page.reading.moved = () => {};
  };
}

/** Asks for what lies beyond the edges in time, and knows whether the divider is out of sight. */
function lookAround({ reading, older, past, unread }: Page, box: HTMLElement): void {
  const divider = unread.first.peek() === null ? null : box.querySelector('.unread');
  const edgePx = box.getBoundingClientRect().top;
  unread.isAbove.value = (divider?.getBoundingClientRect().bottom ?? Infinity) < edgePx;
  const { above, below } = reading.screens();
  const isReader = !reading.isAtEnd.peek() || reading.isWhole();
  if (isReader && above < aheadScreens) older.load();
  if (past.isAway.peek() && below < aheadScreens) past.load('newer');
}

/** What is pointed at shows its actions, and tells its time in full and how long ago it was. */
function point(page: Page, event: Event): void {
  const row = event.target instanceof Element ? event.target.closest('.said[id]') : null;
  // A finger does not point: it touches what it wants.
  const isTouch = event instanceof PointerEvent && event.pointerType !== 'mouse';
  if (!isTouch) page.pointed.value = row === null ? null : seqIn(`#${row.id}`);
  for (const time of row?.querySelectorAll('time') ?? []) {
    const at = Date.parse(time.dateTime);
    time.title = words.reading.when(momentOf(at), agoOf(at, Date.now()));
  }
}

/** A second click at the link that the address already shows changes nothing, and still leads. */
function click(page: Page, event: Event): void {
  const link = event.target instanceof Element ? event.target.closest('a[href^="#m"]') : null;
  if (link?.getAttribute('href') !== location.hash) return;
  const seq = seqIn(location.hash);
  if (seq !== null) void page.open(seq);
}
