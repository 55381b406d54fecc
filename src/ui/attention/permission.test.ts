import { expect, test } from 'bun:test';
import { askToNotify, standing, type NotifyingWindow } from './permission.ts';

/** A window in which the reader, asked for it, gives this answer. */
function windowOf(
  permission: NotificationPermission,
  {
    answer = permission,
    isMute = false,
    ...more
  }: Partial<NotifyingWindow> & { answer?: NotificationPermission; isMute?: boolean } = {},
) {
  const shown: string[] = [];
  class Told {
    static permission = permission;
    static requestPermission = async (): Promise<NotificationPermission> => {
      Told.permission = answer;
      return await Promise.resolve(answer);
    };
    constructor(title: string) {
      if (isMute) throw new TypeError('Illegal constructor');
      if (Told.permission === 'granted') shown.push(title);
    }
  }
  const page = { Notification: Told, isSecureContext: true, parent: null as unknown, ...more };
  page.parent ??= page;
  return { page, shown };
}

test('whoever is asked may say yes, say no, or not answer', async () => {
  expect(await askToNotify(windowOf('default', { answer: 'granted' }).page)).toBe('ready');
  expect(await askToNotify(windowOf('default', { answer: 'denied' }).page)).toBe('denied');
  expect(await askToNotify(windowOf('default').page)).toBe('unasked');
  expect(standing(windowOf('granted').page)).toBe('ready');
});

test('where only a service worker may notify nobody is asked for it in vain', async () => {
  const { page } = windowOf('default', { answer: 'granted', isMute: true });
  expect(await askToNotify(page)).toBe('missing');
  expect(page.Notification.permission).toBe('default');
});

test('nothing is shown by asking', async () => {
  const { page, shown } = windowOf('default', { answer: 'granted' });
  await askToNotify(page);
  await askToNotify(page);
  expect(shown).toEqual([]);
});

test('what no setting of the browser can change is not said to be one', async () => {
  const framed = windowOf('denied', { parent: 'another site' }).page;
  expect(await askToNotify(framed)).toBe('framed');
  const silent = windowOf('default', { parent: 'another site' }).page;
  expect(await askToNotify(silent)).toBe('framed');
  const plain = windowOf('denied', { isSecureContext: false }).page;
  expect(await askToNotify(plain)).toBe('insecure');
  expect(standing({ isSecureContext: false, parent: null })).toBe('insecure');
  expect(standing({ isSecureContext: true, parent: null })).toBe('missing');
});

test('a frame that was allowed to is no worse than a page', () => {
  expect(standing(windowOf('granted', { parent: 'the same site' }).page)).toBe('ready');
});
