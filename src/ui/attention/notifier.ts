/**
 * Tells of messages while nobody looks: by a notification of the system, by a tone, each only where
 * it was asked for. Never while a tab of the room is in view, and once however many tabs there are.
 */
import type { Message, Seq } from '../../protocol/entries.ts';
import { onMessageOfOthers } from './others.ts';
import { rememberedSeen } from '../browser/storage.ts';
import type { Page } from '../page.ts';
import { noteMissing, standing } from './permission.ts';
import { isNaming } from '../text/naming.ts';
import { settings } from '../settings/settings.ts';
import { ring } from './tone.ts';
import { seenText } from '../text/markdown.ts';
import { words } from '../words/words.ts';

/** For so long the tab that tells of a message keeps the others from doing it too. */
const claimMs = 5_000;
/** In a busy room one tone is enough for this time. */
const restMs = 3_000;
/** So much of a message a notification shows. */
const textMax = 200;

export function followMessages(page: Page): void {
  const { client } = page;
  keepInView();
  // What is in view again needs no telling.
  document.addEventListener('visibilitychange', () => shown?.close());
  let rangMs = -Infinity;
  onMessageOfOthers(client, (message) => {
    const { sound, notifications } = settings.value;
    if (sound === 'off' && notifications === 'off') return;
    void isOursToTell(message.seq).then((isOurs) => {
      if (!isOurs) return;
      if (isWanted(page, message)) notify(page, message);
      if (sound === 'off' || performance.now() - rangMs < restMs) return;
      rangMs = performance.now();
      // A browser may keep a page silent that was never touched. Then it is.
      ring().catch(() => {});
    });
  });
}

/** Whether the reader wants to be notified of a message of somebody else. */
function isWanted({ client, mentionable }: Page, message: Message): boolean {
  const { notifications } = settings.value;
  if (notifications !== 'mentions') return notifications === 'all';
  return isNaming(message, client.state.you, mentionable.peek());
}

let shown: Notification | null = null;

/** One notification at a time: it tells of the newest message, and of how many there are. */
function notify(page: Page, message: Message): void {
  if (standing() !== 'ready') return;
  const { by, text, seq } = message;
  const body = Array.from(seenText(text)).slice(0, textMax).join('');
  const count = countUnseen(page, message);
  const isOne = count === 1;
  const options = {
    body: isOne ? body : words.reading.announced(by.nick, body),
    icon: 'app-192.png',
    // It takes the place of the one before, and is heard like it.
    tag: 'encke',
    renotify: true,
  };
  try {
    shown = new Notification(isOne ? by.nick : words.reading.newMessages(count), options);
    shown.addEventListener('click', () => {
      window.focus();
      shown?.close();
      void page.open(seq);
    });
  } catch {
    noteMissing();
  }
}

/** How many messages of which the reader is notified have not been before their eyes here. */
function countUnseen(page: Page, newest: Message): number {
  const seen = rememberedSeen();
  // Nothing was seen yet, or the browser refuses to remember it.
  if (seen === 0) return 1;
  const you = page.client.state.you?.id;
  const seqs = new Set([newest.seq]);
  for (const line of page.client.state.lines) {
    if (line.type !== 'message' || line.seq <= seen || line.by.id === you) continue;
    if (isWanted(page, line)) seqs.add(line.seq);
  }
  return seqs.size;
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
