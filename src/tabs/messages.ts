/**
 * What the tabs of one page and the host of their room tell each other. Everything here passes a
 * structured clone. Whatever a guest asks may be asked twice: hosts come and go.
 */
import type { CopyEvents } from '../copy/copy.ts';
import type { RoomState } from '../copy/room-state.ts';
import type { Patch } from './patch.ts';

/** What of a copy is called over a port. */
export type Verb =
  | 'join'
  | 'resume'
  | 'leave'
  | 'reconnect'
  | 'say'
  | 'retry'
  | 'discard'
  | 'edit'
  | 'remove'
  | 'react'
  | 'typing'
  | 'history'
  | 'read'
  | 'search'
  | 'members';

export type ToHost =
  /** A tab is here. `kept` is what it has stored, which the host may know nothing of. */
  | { readonly hello: { readonly kept: string | null; readonly isOnline: boolean } }
  | {
      readonly call: {
        readonly nr: number;
        readonly verb: Verb;
        readonly args: readonly unknown[];
      };
    }
  /** Something happened to the machine or to the reader: the poll may be dead. */
  | { readonly back: { readonly isOnline: boolean; readonly hasSlept: boolean } }
  /** The tab of this name holds the lock of its life from now on. */
  | { readonly lives: string }
  | { readonly ping: true }
  | { readonly bye: true };

export type News =
  | {
      [Name in Exclude<keyof CopyEvents, 'state' | 'reset'>]: readonly [Name, CopyEvents[Name]];
    }[Exclude<keyof CopyEvents, 'state' | 'reset'>]
  | readonly ['reset', null];

export type ToGuest =
  /** `isWhole`: the patch is against nothing. */
  | {
      readonly patch: Patch;
      readonly isWhole: boolean;
      readonly news: readonly News[];
      readonly house: House;
    }
  | { readonly answer: { readonly nr: number; readonly value: unknown } }
  | { readonly pong: true };

/** How it stands with the host. */
export interface House {
  /** How many tabs it has. The last one to close says so to the server. */
  readonly tabs: number;
  /** Under which name it polls. */
  readonly tab: string;
  /** What each tab stores, so that whoever hosts next goes on from there; null for nothing. */
  readonly kept: string | null;
}

/** One end of a way between a tab and the host. */
export interface Port<In, Out> {
  readonly post: (message: Out) => void;
  /** There is one listener; what came before it waits. */
  readonly listen: (listener: (message: In) => void) => void;
  readonly close: () => void;
}

export type HostPort = Port<ToHost, ToGuest>;
export type GuestPort = Port<ToGuest, ToHost>;

/** Before anything was heard. */
export const nothingYet: RoomState = {
  status: { kind: 'connecting' },
  you: null,
  room: null,
  live: null,
  members: null,
  lines: [],
  gaps: [],
  hasMore: false,
};

/** Two ends within one page. What is posted is heard in a task of its own, as elsewhere. */
export function portsWithin(): readonly [GuestPort, HostPort] {
  const [toGuest, toHost] = [oneWay<ToGuest>(), oneWay<ToHost>()];
  return [
    { post: toHost.post, listen: toGuest.listen, close: toGuest.close },
    { post: toGuest.post, listen: toHost.listen, close: toHost.close },
  ];
}

function oneWay<Message>(): Port<Message, Message> {
  let listener: ((message: Message) => void) | null = null;
  let isOpen = true;
  const waiting: Message[] = [];
  const hear = (): void => {
    for (const message of listener ? waiting.splice(0) : []) if (isOpen) listener?.(message);
  };
  return {
    post(message) {
      waiting.push(message);
      queueMicrotask(hear);
    },
    listen(to) {
      listener = to;
      queueMicrotask(hear);
    },
    close: () => void (isOpen = false),
  };
}
