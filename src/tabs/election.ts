/**
 * One of the tabs hosts the room for the others, where the browser has no worker to share. A lock
 * says which: it is free again the moment that tab is gone, whatever became of it. Over a channel
 * the others find it. A host that is frozen keeps its lock; whoever notices takes it away.
 */
import type { Host } from './host.ts';
import type { Locks } from './locks.ts';
import {
  portsWithin,
  type GuestPort,
  type HostPort,
  type Port,
  type ToGuest,
  type ToHost,
} from './messages.ts';

/** What one tab says, all others hear. */
export type Channel = Port<unknown, unknown>;

export interface ElectionParts {
  readonly name: string;
  /** The name of this tab among the others. */
  readonly me: string;
  readonly locks: Locks;
  readonly channel: Channel;
  readonly host: () => Host;
  /** There is a host to go to. */
  readonly attach: (port: GuestPort) => void;
}

export interface Election {
  /** Takes the room from a host that does not answer. */
  readonly steal: () => void;
  /** Hosts no more, and does not want to. */
  readonly close: () => void;
}

type Letter =
  /** Whoever has a host already goes to this one. */
  | { readonly to: 'all'; readonly from: string }
  /** To the host of this name; null: to whoever hosts. */
  | {
      readonly to: 'host';
      readonly name: string | null;
      readonly from: string;
      readonly message: ToHost;
    }
  | { readonly to: string; readonly from: string; readonly message: ToGuest };

/** Stands for election, and goes to whoever hosts meanwhile. */
export function election(parts: ElectionParts): Election {
  const { name, me, locks, channel, attach } = parts;
  const life = new AbortController();
  /** What ends our time as the host; null while somebody else is. */
  let stepDown: (() => void) | null = null;
  let host: Host | null = null;
  /**
   * Whose guest we are; null until somebody answers. A host that was robbed while it stood still
   * may host on for a moment before it hears of that. Nobody else's letters are for us.
   */
  let chief: string | null = null;
  /** Where the letters for each tab go, at the host, and for ours, as a guest. */
  const ways = new Map<string, (message: ToHost) => void>();
  let hear: (message: ToGuest) => void = () => {};

  channel.listen((letter) => receive(letter as Letter));
  stand({ signal: life.signal });
  goThere();

  return {
    steal() {
      if (!life.signal.aborted && !stepDown) stand({ steal: true });
    },
    close() {
      life.abort();
      stepDown?.();
      channel.close();
    },
  };

  function stand(options: { readonly signal?: AbortSignal; readonly steal?: boolean }): void {
    const reign = new AbortController();
    locks
      .request(name, options, async () => {
        if (life.signal.aborted || stepDown) return;
        await new Promise<void>((resolve) => {
          stepDown = resolve;
          lead();
          reign.signal.addEventListener('abort', () => resolve());
        });
      })
      // It was taken from us while we were frozen, or we do not want it any more.
      .catch(() => reign.abort())
      .finally(() => {
        if (!host || options.signal?.aborted) return resign();
        resign();
        if (life.signal.aborted) return;
        stand({ signal: life.signal });
        goThere();
      });
  }

  function lead(): void {
    host = parts.host();
    const [guest, hosted] = portsWithin();
    host.connect(hosted);
    attach(guest);
    post({ to: 'all', from: me });
  }

  function resign(): void {
    stepDown = null;
    host?.close();
    host = null;
    ways.clear();
  }

  /** Goes to this host, or to whoever answers first. If there is none yet, it will call. */
  function goThere(name: string | null = null): void {
    chief = name;
    attach({
      post: (message) => post({ to: 'host', name: chief, from: me, message }),
      listen: (listener) => {
        hear = listener;
      },
      close: () => {},
    });
  }

  function receive(letter: Letter): void {
    if (letter.to === 'all') {
      if (!host) goThere(letter.from);
    } else if (letter.to === 'host') {
      const { name, from, message } = letter as Extract<Letter, { to: 'host' }>;
      if (host && (name ?? me) === me) deliver(host, from, message);
      // Our host looks for one itself: it was robbed, and we answered to it too late.
      else if (!host && from === chief) goThere();
    } else if (letter.to === me && !host) {
      chief ??= letter.from;
      if (letter.from === chief) hear((letter as { message: ToGuest }).message);
    }
  }

  function deliver(to: Host, from: string, message: ToHost): void {
    if ('hello' in message) to.connect(portTo(from));
    ways.get(from)?.(message);
  }

  function portTo(guest: string): HostPort {
    return {
      post: (message) => post({ to: guest, from: me, message }),
      listen: (listener) => ways.set(guest, listener),
      close: () => ways.delete(guest),
    };
  }

  function post(letter: Letter): void {
    if (!life.signal.aborted) channel.post(letter);
  }
}
