/**
 * The host of a room that several tabs show: it has the one copy, and the one poll. Where it lives
 * (in a worker that the tabs share, or in one of them) is for others to say.
 */
import type { RoomState } from '../copy/room-state.ts';
import { openCopy, type CopyOptions, type OwnCopy } from '../copy/copy.ts';
import type { Pane, PaneEventType, PaneListener } from '../copy/pane.ts';
import { lifeOf, type Locks } from './locks.ts';
import {
  nothingYet,
  type House,
  type HostPort,
  type News,
  type ToHost,
  type Verb,
} from './messages.ts';
import { patchBetween } from './patch.ts';

export interface Host {
  /** Lets a tab in. What it sees first is the room as it is. */
  readonly connect: (port: HostPort) => void;
  /** Ends it without leaving the room: another host goes on. */
  readonly close: () => void;
}

export interface HostOptions extends Omit<CopyOptions, 'pane' | 'storage'> {
  readonly tab: string;
  /** Tell when a tab has crashed; null where the browser has none. */
  readonly locks: Locks | null;
}

interface Guest {
  readonly port: HostPort;
  /** Aborted once it has left: its end is waited for no more. */
  readonly stay: AbortController;
  /** What it has been told of. */
  seen: RoomState;
  house: House | null;
}

export function host(options: HostOptions): Host {
  const { tab, locks, ...ofCopy } = options;
  const pane = new TabsPane();
  const guests = new Set<Guest>();
  let copy: OwnCopy | null = null;
  let kept: string | null = null;
  let resuming: Promise<boolean> | null = null;
  let news: News[] = [];

  return {
    connect(port) {
      const guest: Guest = { port, stay: new AbortController(), seen: nothingYet, house: null };
      port.listen((message) => hear(guest, message));
    },
    close() {
      copy?.close();
      for (const guest of guests) dismiss(guest);
    },
  };

  function hear(guest: Guest, message: ToHost): void {
    if ('hello' in message) {
      const { isOnline, kept: brought } = message.hello;
      pane.navigator.onLine = isOnline;
      const wasEmpty = guests.size === 0;
      // What happened before it came is not news for it.
      tellAll();
      guests.add(guest);
      if (copy && wasEmpty) pane.fire('pageshow', true);
      if (copy) copy.adopt(brought);
      else copy = open(brought);
      tellAll();
    } else if ('call' in message) {
      const { nr, verb, args } = message.call;
      void Promise.resolve(call(verb, args)).then((value) => {
        tellAll();
        // Whoever has gone asks the next host, and would take our end for the answer.
        if (guests.has(guest)) guest.port.post({ answer: { nr, value } });
      });
    } else if ('back' in message) {
      const { isOnline, hasSlept } = message.back;
      pane.navigator.onLine = isOnline;
      // Whatever was under way before a sleep is dead, however young it seems.
      if (hasSlept) pane.fire('pageshow', true);
      else pane.fire(isOnline ? 'online' : 'offline');
    } else if ('lives' in message) waitForEndOf(guest, message.lives);
    else if ('ping' in message) guest.port.post({ pong: true });
    else leaves(guest);
  }

  /** A tab that crashes says nothing, and would be counted for as long as the host lives. */
  function waitForEndOf(guest: Guest, name: string): void {
    const { signal } = guest.stay;
    void locks?.request(lifeOf(name), { signal }, async () => leaves(guest)).catch(() => {});
  }

  function leaves(guest: Guest): void {
    if (!guests.has(guest)) return;
    dismiss(guest);
    // A poll for nobody would keep a member in the room who is gone.
    if (guests.size === 0) pane.fire('pagehide', true);
    else tellAll();
  }

  function dismiss(guest: Guest): void {
    guests.delete(guest);
    guest.stay.abort();
    guest.port.close();
  }

  function open(brought: string | null): OwnCopy {
    kept = brought;
    const opened = openCopy({
      ...ofCopy,
      tab,
      pane,
      storage: {
        getItem: () => kept,
        setItem: (_, value) => void (kept = value),
        removeItem: () => void (kept = null),
      },
    });
    opened.subscribe(tellAll);
    opened.on('entry', (entry) => news.push(['entry', entry]));
    opened.on('status', (status) => news.push(['status', status]));
    opened.on('refused', (line) => news.push(['refused', line]));
    opened.on('missed', () => news.push(['missed', null]));
    opened.on('reset', () => news.push(['reset', null]));
    return opened;
  }

  /** Tells each tab what has changed for it, all at once. */
  function tellAll(): void {
    if (!copy) return;
    const { state } = copy;
    const told = news;
    news = [];
    const house = { tabs: guests.size, tab, kept };
    for (const guest of guests) {
      const isNews = told.length > 0 || guest.seen !== state;
      if (!isNews && guest.house?.kept === kept && guest.house.tabs === house.tabs) continue;
      const isWhole = guest.house === null;
      const patch = patchBetween(guest.seen, state);
      guest.port.post({ patch, isWhole, news: told, house });
      guest.seen = state;
      guest.house = house;
    }
  }

  function call(verb: Verb, args: readonly unknown[]): unknown {
    if (!copy) return undefined;
    if (verb === 'resume') return resume(copy);
    // The guest has the types: it calls nothing that a copy does not have.
    const verbs = copy as unknown as Record<Verb, (...all: readonly unknown[]) => unknown>;
    return verbs[verb](...args);
  }

  /** Tabs that open together, or find the next host together, ask once. */
  function resume(of: OwnCopy): Promise<boolean> {
    resuming ??= of.resume().finally(() => {
      resuming = null;
    });
    return resuming;
  }
}

/** All the tabs as one pane, for the copy: it is seen when one of them is. */
class TabsPane implements Pane {
  readonly document = { visibilityState: 'visible' };
  /** The tabs say goodbye themselves: they outlive the host. */
  readonly navigator = { onLine: true, sendBeacon: () => false };
  readonly #listeners = new Map<PaneEventType, PaneListener>();

  addEventListener(type: PaneEventType, listener: PaneListener): void {
    this.#listeners.set(type, listener);
  }

  removeEventListener(type: PaneEventType): void {
    this.#listeners.delete(type);
  }

  fire(type: PaneEventType, persisted = false): void {
    this.#listeners.get(type)?.(Object.assign(new Event(type), { persisted }));
  }
}
