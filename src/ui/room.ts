/**
 * The room behind the page, a file of its own: run by a worker that the tabs share, or loaded by a
 * tab that hosts because there is no such worker.
 */
import { randomId } from '../client/random-id.ts';
import { host, type Host } from '../tabs/host.ts';
import { overPort } from '../tabs/message-port.ts';

const tabLength = 12;

/** Opens the room for the tabs of a page, polled under the name of a tab. */
export function openHost(tab: string): Host {
  return host({ url: '', credentials: 'cookie', tab });
}

if ('SharedWorkerGlobalScope' in globalThis) {
  const { connect } = openHost(randomId(tabLength));
  globalThis.addEventListener('connect', (event) => {
    for (const port of (event as MessageEvent).ports) connect(overPort(port));
  });
}
