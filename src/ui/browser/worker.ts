/**
 * The room behind the page, a file of its own: run by a worker that the tabs share, or loaded by a
 * tab that hosts because there is no such worker.
 */
import { randomId } from '../../client/random-id.ts';
import { host, type Host } from '../../tabs/host.ts';
import { overPort } from '../../tabs/message-port.ts';
import { lifeOf } from '../../tabs/locks.ts';
import { embeddedName } from '../embedding/embedded-name.ts';

const tabLength = 12;

/**
 * Opens the room for the tabs of a page, polled under the name of a tab. No cookie counts for pages
 * that are embedded: what they share is a token. Where the browser refuses cookies it refuses to
 * share as well, so that it is the page which hosts: its token is in memory, and gone with it.
 */
export function openHost(tab: string, name: string): Host {
  // A worker does not know about cookies.
  const refusesCookies = 'cookieEnabled' in navigator && !navigator.cookieEnabled;
  const isByCookie = name !== embeddedName && !refusesCookies;
  const locks = 'locks' in navigator ? navigator.locks : null;
  return host({ url: '', token: isByCookie ? null : '', tab, locks });
}

if ('SharedWorkerGlobalScope' in globalThis) {
  const tab = randomId(tabLength);
  const { connect } = openHost(tab, self.name);
  // Nobody is let in before the lock is held, or they would take the worker for dead.
  const held = new Promise<void>((resolve) => {
    const forever = (): Promise<void> => {
      resolve();
      return new Promise(() => {});
    };
    if ('locks' in navigator) void navigator.locks.request(lifeOf(tab), forever);
    else resolve();
  });
  globalThis.addEventListener('connect', (event) => {
    for (const port of (event as MessageEvent).ports) void held.then(() => connect(overPort(port)));
  });
}
