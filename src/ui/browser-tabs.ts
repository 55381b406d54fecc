/** What this browser has for tabs that share a room. */
import type { Copy } from '../copy/copy.ts';
import { overChannel, overPort } from '../tabs/message-port.ts';
import { openTabs } from '../tabs/tabs.ts';
import type { Host } from '../tabs/host.ts';
import { tabStorage } from './browser-memory.ts';

const key = 'encke:';

/** What `room.ts` exports. */
interface RoomScript {
  readonly openHost: (tab: string) => Host;
}

/** The room of this page, shared with its other tabs as far as the browser lets them. */
export function openRoom(): Copy {
  // The document names the file: its name changes with what is in it.
  const script = document.querySelector<HTMLElement>('script[data-room]')?.dataset['room'] ?? '';
  const address = new URL(script, document.baseURI).href;
  const hasChannels = 'locks' in navigator && 'BroadcastChannel' in window;
  return openTabs({
    key,
    url: '',
    page: window,
    storage: tabStorage(),
    worker: 'SharedWorker' in window ? (failed) => inWorker(address, failed) : null,
    hosting: async () => ((await import(address)) as RoomScript).openHost,
    locks: hasChannels ? navigator.locks : null,
    channel: hasChannels ? (name) => overChannel(new BroadcastChannel(name)) : null,
  });
}

function inWorker(
  address: string,
  failed: () => void,
): ReturnType<typeof overPort<never, unknown>> {
  const worker = new SharedWorker(address, { type: 'module', name: key });
  worker.addEventListener('error', failed);
  return overPort(worker.port);
}
