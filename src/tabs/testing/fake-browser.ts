/** A browser with tabs, workers, locks and channels, in front of a fake room on a clock of ours. */
import { FakeClock } from '../../../test/kit/fake-clock.ts';
import type { ClientClock } from '../../client/clock.ts';
import { FakeRoom } from '../../client/testing/fake-room.ts';
import type { Copy } from '../../copy/copy.ts';
import { FakePane, FakeStorage } from '../../copy/testing/scene.ts';
import { election, type Channel } from '../election.ts';
import { host, type Host } from '../host.ts';
import { lifeOf, type Locks } from '../locks.ts';
import { portsWithin, type GuestPort, type HostPort } from '../messages.ts';
import { openTabs } from '../tabs.ts';

export interface FakeTab {
  readonly copy: Copy;
  readonly pane: FakePane;
  readonly storage: FakeStorage;
  /** Neither hears nor says anything until it is thawed; its locks stay. */
  isFrozen: boolean;
  /** How it hears that a lock was taken from it, while it has not come to that; null: at once. */
  robbed: (() => void)[] | null;
  /** Closes it, as its reader does. */
  close(): void;
  /** It is gone, and has said nothing. */
  crash(): void;
}

/** What a tab or a worker does things as: what becomes of it, becomes of those. */
interface Process {
  isFrozen: boolean;
  robbed: (() => void)[] | null;
  /** Aborted at its end. */
  readonly end: AbortController;
}

function process(): Process {
  return { isFrozen: false, robbed: null, end: new AbortController() };
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
  #workerProcess = process();
  /** What the worker has not come to hear of; null while it hears at once. */
  #unheard: (() => void)[] | null = null;

  constructor(sharing: Sharing) {
    this.#sharing = sharing;
  }

  /** Opens a tab; with the storage of an earlier one it is a reload of that. */
  open(storage = new FakeStorage()): FakeTab {
    const pane = new FakePane();
    const hasWorker = this.#sharing.endsWith('worker');
    const hasLocks = this.#sharing !== 'nothing';
    const tab = process();
    const clock = this.#clockOf(tab);
    const copy = openTabs({
      key: 'encke:',
      url: '',
      pane,
      storage,
      clock,
      worker: hasWorker ? (failed) => this.#connect(tab, failed) : null,
      hosting: () =>
        this.isLoading
          ? Promise.resolve({ open: (name) => this.#host(name, tab), elect: election })
          : Promise.reject(new TypeError('Failed to fetch')),
      locks: hasLocks ? this.#locksOf(tab) : null,
      channel: hasLocks ? () => this.#channel(tab) : null,
    });
    return Object.assign(tab, {
      copy,
      pane,
      storage,
      close: () => pane.fire('pagehide', { persisted: false }),
      crash: () => this.#end(tab),
    });
  }

  /** All tabs of a worker are gone, and so is it; or it was killed. */
  endWorker(): void {
    this.#worker?.close();
    this.#worker = null;
    this.#end(this.#workerProcess);
  }

  /** The worker hears nothing more, and is not dead. */
  stallWorker(): void {
    this.#unheard = [];
  }

  resumeWorker(): void {
    const unheard = this.#unheard ?? [];
    this.#unheard = null;
    for (const hear of unheard) hear();
  }

  /** How many locks somebody has. */
  get locksHeld(): number {
    return [...this.#locks.values()].filter(({ isHeld }) => isHeld).length;
  }

  async settle(): Promise<void> {
    await this.clock.settle();
  }

  #connect(tab: Process, failed: () => void): GuestPort {
    const [near, hosted] = portsWithin();
    const guest = { ...near, post: whileAlive(tab, near.post) };
    if (this.#sharing === 'a refused worker') throw new DOMException('No', 'SecurityError');
    if (this.#sharing === 'a broken worker') queueMicrotask(failed);
    if (this.#sharing !== 'worker') return guest;
    this.#worker ??= this.#openWorker();
    this.#worker.connect(this.#heardByWorker(hosted));
    return guest;
  }

  #openWorker(): Host {
    const name = `worker ${++this.#workers}`;
    const worker = (this.#workerProcess = process());
    void this.#locksOf(worker).request(lifeOf(name), {}, () => new Promise(() => {}));
    return this.#host(name, worker);
  }

  #heardByWorker(port: HostPort): HostPort {
    return {
      ...port,
      listen: (listener) => {
        port.listen((message) => {
          if (this.#unheard) this.#unheard.push(() => listener(message));
          else listener(message);
        });
      },
    };
  }

  #clockOf(tab: Process): ClientClock {
    const { clock } = this;
    return {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      after: (delayMs, run) => {
        const cancel = clock.after(delayMs, run);
        tab.end.signal.addEventListener('abort', cancel);
        return cancel;
      },
    };
  }

  #end(gone: Process): void {
    gone.isFrozen = true;
    gone.end.abort();
    for (const lock of this.#locks.values()) lock.free(gone);
  }

  #locksOf(tab: Process): Locks {
    return {
      request: async (name, options, run) => {
        const lock = this.#locks.get(name) ?? new FakeLock();
        this.#locks.set(name, lock);
        await lock.request(tab, options, run);
      },
    };
  }

  #host(name: string, home: Process): Host {
    return host({
      url: '',
      token: '',
      fetch: async (input, init) => {
        const signals = [home.end.signal, ...(init.signal ? [init.signal] : [])];
        return await this.room.fetch(input, { ...init, signal: AbortSignal.any(signals) });
      },
      clock: this.#clockOf(home),
      tab: name,
      locks: this.#sharing === 'nothing' ? null : this.#locksOf(home),
    });
  }

  #channel(tab: Process): Channel {
    const channel = new FakeChannel(this.#channels, tab);
    this.#channels.add(channel);
    return channel;
  }
}

class FakeChannel implements Channel {
  readonly #all: Set<FakeChannel>;
  readonly #tab: Process;
  readonly #waiting: unknown[] = [];
  #listener: (message: unknown) => void = () => {};

  constructor(all: Set<FakeChannel>, tab: Process) {
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

/** What is done by somebody who is gone is not done. */
function whileAlive<Value>(by: Process, act: (value: Value) => void): (value: Value) => void {
  return (value) => {
    if (!by.end.signal.aborted) act(value);
  };
}

interface Wish {
  readonly of: Process;
  readonly run: () => Promise<void>;
  readonly settle: () => void;
  readonly reject: (error: Error) => void;
}

/** Whoever asks for it waits, in order, or takes it away. */
class FakeLock {
  #held: Wish | null = null;
  #waiting: Wish[] = [];

  get isHeld(): boolean {
    return this.#held !== null;
  }

  /** Whoever had it, or wanted it, is gone. */
  free(gone: Process): void {
    this.#waiting = this.#waiting.filter((wish) => wish.of !== gone);
    if (this.#held?.of !== gone) return;
    this.#held = null;
    this.#next();
  }

  request(
    tab: Process,
    { signal, steal }: Parameters<Locks['request']>[1],
    run: () => Promise<void>,
  ): Promise<void> {
    return new Promise((settle, reject) => {
      const wish: Wish = { of: tab, run, settle, reject };
      signal?.addEventListener('abort', () => {
        const index = this.#waiting.indexOf(wish);
        if (index >= 0) this.#waiting.splice(index, 1);
        if (index >= 0) reject(new Error('Aborted'));
      });
      if (steal) {
        const robbed = this.#held;
        this.#held = null;
        const hear = (): void => robbed?.reject(new Error('Stolen'));
        if (robbed?.of.robbed) robbed.of.robbed.push(hear);
        else queueMicrotask(hear);
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
      if (this.#held !== wish) return;
      void wish.run().then(() => {
        wish.settle();
        if (this.#held !== wish) return;
        this.#held = null;
        this.#next();
      });
    });
  }
}
