/** What this browser has for tabs that share a room. */
import type { Copy } from '../../copy/copy.ts';
import { overChannel, overPort } from '../../tabs/message-port.ts';
import { openTabs } from '../../tabs/tabs.ts';
import type { Host } from '../../tabs/host.ts';
import { addressOf } from './addresses.ts';
import { laterScript } from './script.ts';
import { tabStorage } from './storage.ts';
import { embeddedName } from '../embedding/embedded-name.ts';

/**
 * What stands for the room in storages, and the name of its worker. A page that is embedded has a
 * member of its own, also beside one that is not, on the same site, where nothing is partitioned.
 */
const keys = { own: 'encke:', embedded: embeddedName } as const;

/** What `worker.ts` exports. */
interface RoomScript {
  readonly openHost: (tab: string, name: string) => Host;
}

/** The room of this page, shared with its other tabs as far as the browser lets them. */
export function openRoom(place: keyof typeof keys): Copy {
  const key = keys[place];
  const storage = tabStorage();
  // Where a browser keeps storage from a page, it refuses all that pages could share by.
  const mayShare = storage !== null;
  const address = addressOf('room');
  const loadRoom = laterScript(
    async () => (await import(address)) as RoomScript,
    () => address,
  );
  const loadHosting = laterScript(
    async () => await import('./hosting.ts'),
    () => addressOf('hosting'),
  );
  const hasChannels = mayShare && 'locks' in navigator && 'BroadcastChannel' in window;
  return openTabs({
    key,
    url: '',
    pane: window,
    storage,
    worker:
      mayShare && 'SharedWorker' in window ? (failed) => inWorker(address, key, failed) : null,
    async hosting() {
      const [{ openHost }, { election }] = await Promise.all([loadRoom(), loadHosting()]);
      return { open: (tab) => openHost(tab, key), elect: election };
    },
    locks: hasChannels ? navigator.locks : null,
    channel: hasChannels ? (name) => overChannel(new BroadcastChannel(name)) : null,
  });
}

function inWorker(
  address: string,
  name: string,
  failed: () => void,
): ReturnType<typeof overPort<never, unknown>> {
  const worker = new SharedWorker(address, { type: 'module', name });
  worker.addEventListener('error', failed);
  return overPort(worker.port);
}
