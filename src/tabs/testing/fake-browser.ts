/** A browser with tabs, workers, locks and channels, in front of a fake room on a clock of ours. */
import { FakeClock } from '../../../test/kit/fake-clock.ts';
import { FakeRoom } from '../../client/testing/fake-room.ts';
import type { Copy } from '../../copy/copy.ts';
import { FakePane, FakeStorage } from '../../copy/testing/scene.ts';
import { election, type Channel, type Locks } from '../election.ts';
import { host, type Host } from '../host.ts';
import { lockOf, portsWithin } from '../messages.ts';
import { openTabs } from '../tabs.ts';

export interface FakeTab {
  readonly copy: Copy;
  readonly pane: FakePane;
  readonly storage: FakeStorage;
  /** Neither hears nor says anything until it is thawed; its locks stay. */
  isFrozen: boolean;
  /** Closes it, as its reader does. */
  close(): void;
}

export type Sharing =
  | 'worker'
  | 'locks'
  | 'nothing'
  | 'a broken worker'
  | 'a dead worker'
  | 'a refused worker';

export class FakeBrowser {
  readonly clock = new FakeClock();
  readonly room = new FakeRoom(this.clock);
  /** Whether a tab can load what it needs to host. */
  isLoading = true;
  /** By their names. */
  readonly #locks = new Map<string, FakeLock>();
  readonly #channels = new Set<FakeChannel>();
  readonly #sharing: Sharing;
  #worker: Host | null = null;
  #workers = 0;
  #dies = (): void => {};

  constructor(sharing: Sharing) {
    this.#sharing = sharing;
  }

  /** Opens a tab; with the storage of an earlier one it is a reload of that. */
  open(storage = new FakeStorage()): FakeTab {
    const pane = new FakePane();
    const hasWorker = this.#sharing.endsWith('worker');
    const hasLocks = this.#sharing !== 'nothing';
    const tab: { isFrozen: boolean } = { isFrozen: false };
    const copy = openTabs({
      key: 'encke:',
      url: '',
      pane,
      storage,
      clock: this.clock,
      worker: hasWorker ? (failed) => this.#connect(failed) : null,
      hosting: () =>
        this.isLoading
          ? Promise.resolve({ open: (name) => this.#host(name), elect: election })
          : Promise.reject(new TypeError('Failed to fetch')),
      locks: hasLocks ? this.#locksOf(tab) : null,
      channel: hasLocks ? () => this.#channel(tab) : null,
    });
    return Object.assign(tab, {
      copy,
      pane,
      storage,
      close: () => pane.fire('pagehide', { persisted: false }),
    });
  }

  /** All tabs of a worker are gone, and so is it; or it was killed. */
  endWorker(): void {
    this.#worker?.close();
    this.#worker = null;
    this.#dies();
  }

  async settle(): Promise<void> {
    await this.clock.settle();
  }

  #connect(failed: () => void) {
    const [guest, hosted] = portsWithin();
    if (this.#sharing === 'a refused worker') throw new DOMException('No', 'SecurityError');
    if (this.#sharing === 'a broken worker') queueMicrotask(failed);
    if (this.#sharing !== 'worker') return guest;
    this.#worker ??= this.#openWorker();
    this.#worker.connect(hosted);
    return guest;
  }

  #openWorker(): Host {
    const name = `worker ${++this.#workers}`;
    const life = new Promise<void>((resolve) => (this.#dies = resolve));
    void this.#locksOf({ isFrozen: false }).request(lockOf(name), {}, () => life);
    return this.#host(name);
  }

  #locksOf(tab: { readonly isFrozen: boolean }): Locks {
    return {
      request: async (name, options, run) => {
        const lock = this.#locks.get(name) ?? new FakeLock();
        this.#locks.set(name, lock);
        await lock.request(tab, options, run);
      },
    };
  }

  #host(tab: string): Host {
    const { clock, room } = this;
    return host({ url: '', token: '', fetch: room.fetch, clock, tab });
  }

  #channel(tab: { readonly isFrozen: boolean }): Channel {
    const channel = new FakeChannel(this.#channels, tab);
    this.#channels.add(channel);
    return channel;
  }
}

class FakeChannel implements Channel {
  readonly #all: Set<FakeChannel>;
  readonly #tab: { readonly isFrozen: boolean };
  readonly #waiting: unknown[] = [];
  #listener: (message: unknown) => void = () => {};

  constructor(all: Set<FakeChannel>, tab: { readonly isFrozen: boolean }) {
    this.#all = all;
    this.#tab = tab;
  }

  post(message: unknown): void {
    if (this.#tab.isFrozen) return;
    const data = structuredClone(message);
    for (const other of this.#all) if (other !== this) other.#hear(data);
  }

  listen(listener: (message: unknown) => void): void {
    this.#listener = listener;
  }

  close(): void {
    this.#all.delete(this);
  }

  #hear(data: unknown): void {
    this.#waiting.push(data);
    queueMicrotask(() => {
      while (!this.#tab.isFrozen && this.#waiting.length > 0) {
        const next = this.#waiting.shift();
        if (this.#all.has(this)) this.#listener(next);
      }
    });
  }
}

interface Wish {
  readonly run: () => Promise<void>;
  readonly settle: () => void;
  readonly reject: (error: Error) => void;
}

/** Whoever asks for it waits, in order, or takes it away. */
class FakeLock {
  #held: Wish | null = null;
  readonly #waiting: Wish[] = [];

  request(
    tab: { readonly isFrozen: boolean },
    { signal, steal }: Parameters<Locks['request']>[1],
    run: () => Promise<void>,
  ): Promise<void> {
    return new Promise((settle, reject) => {
      const wish: Wish = { run, settle, reject };
      signal?.addEventListener('abort', () => {
        const index = this.#waiting.indexOf(wish);
        if (index >= 0) this.#waiting.splice(index, 1);
        if (index >= 0) reject(new Error('Aborted'));
      });
      if (steal) {
        const robbed = this.#held;
        this.#held = null;
        // One that is frozen hears of it when it is thawed, which a test does by hand.
        if (robbed) queueMicrotask(() => robbed.reject(new Error('Stolen')));
        this.#waiting.unshift(wish);
      } else this.#waiting.push(wish);
      if (!tab.isFrozen) this.#next();
    });
  }

  #next(): void {
    if (this.#held) return;
    const wish = this.#waiting.shift() ?? null;
    this.#held = wish;
    if (!wish) return;
    queueMicrotask(() => {
      void wish.run().then(() => {
        wish.settle();
        if (this.#held !== wish) return;
        this.#held = null;
        this.#next();
      });
    });
  }
}
