/**
 * Tells of messages while nobody looks: by a notification of the system, by a tone, each only where
 * it was asked for. Never while a tab of the room is in view, and once however many tabs there are.
 */
import type { Page } from '../page.ts';
import type { Message, Seq } from '../../protocol/entries.ts';
import { onMessageOfOthers, isNaming } from './attention.ts';
import { settings } from '../settings/settings.ts';
import { ring } from './tone.ts';

/** For so long the tab that tells of a message keeps the others from doing it too. */
const claimMs = 5_000;
/** In a busy room one tone is enough for this time. */
const restMs = 3_000;
/** So much of a message a notification shows. */
const textMax = 200;

export function canNotify(): boolean {
  return 'Notification' in window;
}

/** Asks the reader for the permission to notify, unless it was given before. */
export async function askToNotify(): Promise<boolean> {
  return canNotify() && (await Notification.requestPermission()) === 'granted';
}

export function followMessages({ client, mentionable }: Page): void {
  keepInView();
  let rangMs = -Infinity;
  onMessageOfOthers(client, (message) => {
    const { sound, notifications } = settings.value;
    if (sound === 'off' && notifications === 'off') return;
    void isOursToTell(message.seq).then((isOurs) => {
      if (!isOurs) return;
      const isNamed = isNaming(message, client.state.you, mentionable.peek());
      if (notifications === 'all' || (notifications === 'mentions' && isNamed)) notify(message);
      if (sound === 'off' || performance.now() - rangMs < restMs) return;
      rangMs = performance.now();
      // A browser may keep a page silent that was never touched. Then it is.
      ring().catch(() => {});
    });
  });
}

function notify({ by, text, seq }: Message): void {
  if (!canNotify() || Notification.permission !== 'granted') return;
  try {
    const shown = new Notification(by.nick, {
      body: text.slice(0, textMax),
      icon: 'app-192.png',
      tag: `encke:${seq}`,
    });
    shown.addEventListener('click', () => {
      window.focus();
      shown.close();
    });
  } catch {
    // Some phones let only a service worker notify, and this page has none.
  }
}

/** While this tab is in view it holds a lock, by which the others know. */
function keepInView(): void {
  if (!('locks' in navigator)) return;
  const hold = (): void => {
    if (document.hidden) return;
    const hidden = new Promise<void>((resolve) => {
      document.addEventListener('visibilitychange', () => resolve(), { once: true });
    });
    // Refused in a frame of another site, where the browser keeps storage from it.
    navigator.locks.request('encke:in-view', { mode: 'shared' }, () => hidden).catch(() => {});
  };
  document.addEventListener('visibilitychange', hold);
  hold();
}

/** Whether nobody looks at the room, and this tab is the one that tells of a message. */
async function isOursToTell(seq: Seq): Promise<boolean> {
  if (!document.hidden) return false;
  if (!('locks' in navigator)) return true;
  const locks = await navigator.locks.query().catch(() => null);
  if (locks === null) return true;
  if (locks.held?.some(({ name }) => name === 'encke:in-view')) return false;
  return await new Promise((resolve) => {
    void navigator.locks.request(`encke:tell:${seq}`, { ifAvailable: true }, async (lock) => {
      resolve(lock !== null);
      if (lock !== null) await new Promise((done) => setTimeout(done, claimMs));
    });
  });
}
