/**
 * Any number of tabs of one page share one copy of the room, and so one poll. Where the browser has
 * workers that tabs share, the copy lives in one; otherwise one of the tabs hosts it for the
 * others; otherwise each tab has its own. Where storage is partitioned, so are workers, locks and
 * channels: a page that is embedded elsewhere shares with its likes there, and with nobody else.
 */
import { machineClock, type ClientClock } from '../client/clock.ts';
import { randomId } from '../client/random-id.ts';
import type { Copy } from '../copy/copy.ts';
import type { CopyStorage } from '../copy/kept.ts';
import { followPane, type Pane } from '../copy/pane.ts';
import type { Channel, Election, election } from './election.ts';
import { guest } from './guest.ts';
import type { Host } from './host.ts';
import { lifeOf, type Locks } from './locks.ts';
import { portsWithin, type GuestPort } from './messages.ts';

export interface TabsOptions {
  /** What stands for this room in storages and among locks. */
  readonly key: string;
  /** Where the room is, for saying goodbye. */
  readonly url: string;
  readonly pane: Pane;
  /** Of this tab alone. */
  readonly storage: CopyStorage | null;
  readonly clock?: ClientClock;
  /** Opens a way to the worker that hosts; null where there is none. `failed`: it does not run. */
  readonly worker: ((failed: () => void) => GuestPort) | null;
  /** Loads what a tab needs to host. */
  readonly hosting: () => Promise<Hosting>;
  readonly locks: Locks | null;
  readonly channel: ((name: string) => Channel) | null;
}

/** What only a tab needs that has no worker. */
export interface Hosting {
  /** Opens a host under the name of this tab. */
  readonly open: (tab: string) => Host;
  readonly elect: typeof election;
}

/** While a tab is seen it looks after its host, and whether the machine has slept, so often. */
const watchMs = 5_000;
/** What a tab needs to host, and could not load, is asked for again after so long. */
const againMs = 5_000;
/** A look that comes so much later than it should: the machine has slept. */
const sleptMs = 10_000;
const nameLength = 12;
/** Workers that may die young, of whatever, before the tabs do without. */
const deathsMax = 3;
/** One that has served for so long was well: the system may end it to save memory. */
const youngMs = 60_000;

export function openTabs(options: TabsOptions): Copy {
  const { key, url, pane, storage, clock = machineClock } = options;
  const me = randomId(nameLength);
  let mayUseWorker = options.worker !== null;
  /** A way to a worker that did not answer in time; null where none is waited for. */
  let late: GuestPort | null = null;
  let elected: Election | null = null;
  let alone: Host | null = null;
  let stopWatching = (): void => {};
  let stopRetrying = (): void => {};
  /** Waits for the worker's end. */
  let wake: AbortController | null = null;
  /** For as long as the tab is here it holds a lock: who waits for that hears of its end. */
  let life: AbortController | null = null;
  let deaths = 0;
  let isHere = false;

  const tab = guest({
    storage,
    key,
    isOnline: () => pane.navigator.onLine,
    met({ tab: worker }) {
      if (mayUseWorker) waitForEndOf(worker);
    },
    lost() {
      if (elected) elected.steal();
      else workerFellSilent();
    },
    closed() {
      unfollow();
      away();
    },
  });
  const unfollow = followPane(pane, {
    cameBack() {
      tab.back();
      watch();
    },
    wentOffline: () => tab.back(),
    wasRestored: here,
    wasHidden(isKept) {
      if (!isKept) sayGoodbye();
      away();
    },
  });
  here();
  return tab.copy;

  /** Finds a host. */
  function here(): void {
    // A page that comes back hears of it twice: it was hidden, and it was frozen.
    if (isHere) return;
    isHere = true;
    live();
    if (mayUseWorker) toWorker();
    else void withoutWorker();
    watch();
  }

  /** Needs none: the tab is closed, or kept by the browser for the way back. */
  function away(): void {
    isHere = false;
    stopWatching();
    stopRetrying();
    wake?.abort();
    tab.detach();
    endHosting();
    // On the way back it may be well again.
    if (late) mayUseWorker = true;
    late?.close();
    late = null;
    tab.lives(null);
    life?.abort();
  }

  function endHosting(): void {
    elected?.close();
    alone?.close();
    elected = alone = null;
  }

  function live(): void {
    const { signal } = (life = new AbortController());
    const untilAway = async (): Promise<void> => {
      if (signal.aborted) return;
      tab.lives(me);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    };
    void options.locks?.request(lifeOf(me), { signal }, untilAway).catch(() => {});
  }

  /**
   * A worker has a lock under its name for as long as it lives. Whoever gets that knows at once
   * that the worker is gone, also a tab that is hidden and so does not look after it.
   */
  function waitForEndOf(worker: string): void {
    wake?.abort();
    const { signal } = (wake = new AbortController());
    const metMs = clock.monotonic();
    const next = async (): Promise<void> => {
      if (signal.aborted) return;
      deaths = clock.monotonic() - metMs < youngMs ? deaths + 1 : 0;
      if (deaths > deathsMax) workerFailed();
      else if (mayUseWorker || late) toWorker();
    };
    void options.locks?.request(lifeOf(worker), { signal }, next).catch(() => {});
  }

  function toWorker(port = openWorker()): void {
    if (!port) return workerFailed();
    mayUseWorker = true;
    late = null;
    tab.attach(port);
    endHosting();
  }

  function openWorker(): GuestPort | null {
    try {
      return options.worker?.(workerFailed) ?? null;
    } catch {
      // A browser that has workers may still refuse this one to this page.
      return null;
    }
  }

  function workerFailed(): void {
    late = null;
    if (!mayUseWorker || !isHere) return;
    mayUseWorker = false;
    void withoutWorker();
  }

  /**
   * The worker is hung, or the machine kept it waiting. Meanwhile the tabs do without; but once it
   * says anything it is shared again, for there should be one poll, and not two until a reload.
   */
  function workerFellSilent(): void {
    if (!mayUseWorker) return;
    workerFailed();
    const port = openWorker();
    late = port;
    port?.post({ ping: true });
    port?.listen(() => {
      if (late === port) toWorker(port);
    });
  }

  async function withoutWorker(): Promise<void> {
    const { locks, channel } = options;
    // Loaded only now, by those who need it.
    const hosting = await options.hosting().catch(() => null);
    if (!isHere || mayUseWorker || elected || alone) return;
    if (hosting === null) {
      // The network may be away just now, and nobody else would ask again.
      stopRetrying();
      stopRetrying = clock.after(againMs, () => void withoutWorker());
      return;
    }
    const { open, elect } = hosting;
    if (locks && channel) {
      elected = elect({
        name: key,
        me,
        locks,
        channel: channel(key),
        host: () => open(me),
        attach: tab.attach,
      });
      return;
    }
    alone = open(me);
    const [ours, theirs] = portsWithin();
    alone.connect(theirs);
    tab.attach(ours);
  }

  function watch(): void {
    stopWatching();
    if (!isHere || pane.document.visibilityState !== 'visible') return;
    const dueMs = clock.now() + watchMs;
    tab.ping();
    stopWatching = clock.after(watchMs, () => {
      // By the wall clock: the other one may have slept as well.
      if (clock.now() - dueMs > sleptMs) tab.back(true);
      watch();
    });
  }

  /** The last tab tells the server, which waits a moment, for it may be a reload. */
  function sayGoodbye(): void {
    const house = tab.house();
    if (house?.tabs !== 1 || !tab.copy.state.you) return;
    const { token } = JSON.parse(house.kept ?? '{}') as { token?: string };
    pane.navigator.sendBeacon(
      `${url}/v1/leave`,
      JSON.stringify({ tab: house.tab, ...(token !== undefined && { token }) }),
    );
  }
}
