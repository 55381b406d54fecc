/**
 * The room behind the page, a file of its own: run by a worker that the tabs share, or loaded by a
 * tab that hosts because there is no such worker.
 */
import { randomId } from '../client/random-id.ts';
import { host, type Host } from '../tabs/host.ts';
import { overPort } from '../tabs/message-port.ts';
import { embeddedName } from './embedded-name.ts';

const tabLength = 12;

/**
 * Opens the room for the tabs of a page, polled under the name of a tab. No cookie counts for pages
 * that are embedded: what they share is a token.
 */
export function openHost(tab: string, name: string): Host {
  return host({ url: '', token: name === embeddedName ? '' : null, tab });
}

if ('SharedWorkerGlobalScope' in globalThis) {
  const { connect } = openHost(randomId(tabLength), self.name);
  globalThis.addEventListener('connect', (event) => {
    for (const port of (event as MessageEvent).ports) connect(overPort(port));
  });
}
