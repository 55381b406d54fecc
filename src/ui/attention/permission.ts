/** Whether this page may notify, and what stands in the way. */

/**
 * `ready`: it may. `unasked`: the reader can be asked. `denied`: they said no, to us or to all.
 * `framed`: in a page of another site no browser asks. `insecure`: nor does it where the page came
 * over plain http. `missing`: the browser has none for a page without a service worker.
 */
export type Standing = 'ready' | 'unasked' | 'denied' | 'framed' | 'insecure' | 'missing';

/** As much of a window as this is told by. */
export interface NotifyingWindow {
  readonly Notification?: Pick<typeof Notification, 'permission' | 'requestPermission'> &
    (new (title: string) => unknown);
  readonly isSecureContext: boolean;
  readonly parent: unknown;
}

/** How it stands now. */
export function standing(page: NotifyingWindow = window): Standing {
  if (!page.Notification) return page.isSecureContext ? 'missing' : 'insecure';
  const { permission } = page.Notification;
  if (permission === 'granted') return isMissing ? 'missing' : 'ready';
  if (!page.isSecureContext) return 'insecure';
  // What is refused there is not the reader's no.
  if (page.parent !== page && permission === 'denied') return 'framed';
  return permission === 'denied' ? 'denied' : 'unasked';
}

/** Asks the reader, unless they have answered before, and tells how it stands then. */
export async function askToNotify(page: NotifyingWindow = window): Promise<Standing> {
  if (standing(page) !== 'unasked' || !page.Notification) return standing(page);
  try {
    // Before it is allowed nothing is shown by this. Where it throws, it always will: some phones
    // have the interface and let only a service worker use it.
    void new page.Notification('');
  } catch {
    return 'missing';
  }
  await page.Notification.requestPermission();
  const now = standing(page);
  // There some browsers neither ask nor say that they do not.
  return now === 'unasked' && page.parent !== page ? 'framed' : now;
}

/** It was allowed, and could not be done. */
export function noteMissing(): void {
  isMissing = true;
}

let isMissing = false;
