/**
 * A copy of the room, for whoever shows it: the client library with a memory. It keeps what was
 * said as lines in order, who is here, and what we have said and is not recorded yet, and it
 * survives a reload. It knows the room by the client alone.
 */
import type { Answer } from '../client/answer.ts';
import {
  connect,
  type Client,
  type ClientEvents,
  type ConnectOptions,
  type Spoken,
} from '../client/client.ts';
import { fail } from '../client/answer.ts';
import { machineClock } from '../client/clock.ts';
import { listeners, type Listeners } from '../client/listeners.ts';
import { randomId } from '../client/random-id.ts';
import type { PendingLine, RoomState, Status } from './room-state.ts';
import type { Seq, Who } from '../protocol/entries.ts';
import type { Gap } from '../protocol/replies.ts';
import { follow } from './follow.ts';
import { history, type Read } from './history.ts';
import { parseKept, readKept, writeKept, type CopyStorage } from './kept.ts';
import { outbox, type SayExtra } from './outbox.ts';
import { answeringNone } from './pending.ts';
import { followPane, type Pane } from './pane.ts';
import { replica } from './replica.ts';

export interface CopyOptions extends ConnectOptions {
  /** What should survive a reload is kept here. */
  readonly storage?: CopyStorage;
  /** The window around the copy, if there is one. */
  readonly pane?: Pane;
}

export interface CopyEvents extends Pick<ClientEvents, 'entry'> {
  /** The state has changed. Told once for changes that are made together. */
  readonly state: RoomState;
  readonly status: Status;
  /** A message was refused for good. It stays among the lines until retried or discarded. */
  readonly refused: PendingLine;
  /** Something passed us by untold: what was read before may have changed since. */
  readonly missed: null;
  /** The room began anew with another history. `missed` is told behind it. */
  readonly reset: RoomState;
}

export interface Copy {
  /** The room as it is now: an immutable value, replaced on change. */
  readonly state: RoomState;
  /** Calls the listener after changes, once for those made together. The answer ends it. */
  readonly subscribe: (listener: (state: RoomState) => void) => () => void;
  readonly on: Listeners<CopyEvents>['on'];

  /** Joins and begins to follow. After `UNREACHABLE` it may be repeated with the same nick. */
  join(nick: string, extra?: { readonly passcode?: string }): Promise<Answer<{ you: Who }>>;
  /**
   * Goes on with the session that is there, if it is still good, and tells whether it is. Without
   * one the room is shown, as far as it is open to spectators. Keeps asking a server that is away.
   * Called again, it shows what spectators have not been told since, and what is shown stays.
   */
  resume(): Promise<boolean>;
  /** Leaves the room and forgets the session. */
  leave(): Promise<void>;
  /** Asks at once, instead of waiting for the next try. */
  reconnect(): void;
  /** Stops everything; nothing is sent any more. What is kept for a reload stays. */
  close(): void;

  /** Says something, or calls a command. Resolves when it is recorded, answered or refused. */
  say(text: string, extra?: SayExtra): Promise<Spoken>;
  /** Sends a refused message again, or takes one back. */
  retry(id: string): void;
  discard(id: string): void;
  /** These show when their entry comes. */
  edit(seq: Seq, text: string): Promise<Answer>;
  remove(seq: Seq): Promise<Answer>;
  react(seq: Seq, emoji: string, on: boolean): Promise<Answer>;
  /** Tells that the member is typing; call it on each key. */
  typing(): void;

  /** Loads the page of messages before the oldest, or what one of the gaps has left out. */
  history(gap?: Gap): Promise<Read>;
  /** Messages that are not for the lines: the surroundings of one, or what has some words. */
  readonly read: Client['history'];
  readonly search: Client['search'];
  /** Who is here, asked of the room: a large one does not tell it unasked. */
  readonly members: Client['members'];
}

/** A copy that is here, where tabs show those of others. */
export interface OwnCopy extends Copy {
  /** Says what a tab had stored that was never heard of here. */
  readonly adopt: (kept: string | null) => void;
}

/** One sign of typing in this time: it is shown for twice as long. */
const typingMs = 3_000;
/** A poll may be presumed alive for so long after something has happened to the machine. */
const freshMs = 5_000;
const messageIdLength = 16;
const tabLength = 12;

export function openCopy(options: CopyOptions): OwnCopy {
  const { clock = machineClock, storage } = options;
  const url = options.url.replace(/\/$/, '');
  const pane = options.pane ?? (typeof document === 'undefined' ? null : window);
  const key = `encke:${url}`;
  const kept = storage ? readKept(storage, key) : null;
  const tab = options.tab ?? randomId(tabLength, options.random);
  // Neither the cookie speaks for us, nor a token that was handed in.
  const isFree = options.token === undefined || options.token === '';
  const client = connect({
    ...options,
    url,
    tab,
    ...(isFree && kept?.token && { token: kept.token }),
  });
  const { on, tell } = listeners<CopyEvents>();

  /** The state as it was last built; null when something has changed since. */
  let built: RoomState | null = null;
  let isTelling = false;
  let isClosed = false;
  /** The history is another than the one that we began with. */
  let wasReset = false;
  let status: Status = client.status;
  let typedMs = -Infinity;
  /** When the poll under way began, as far as can be known. Long ago when it may be dead. */
  let polledMs = -Infinity;

  const copy = replica((message) => box.heard(message));
  const box = outbox(
    {
      newId: () => randomId(messageIdLength, options.random),
      replica: copy,
      send: client.say,
      changed,
      refused: (line) => tell('refused', line),
    },
    kept?.outbox ?? [],
  );
  client.on('status', (now) => {
    const isOffline = now.kind === 'waiting' && pane?.navigator.onLine === false;
    become(isOffline ? { kind: 'offline' } : now);
  });
  const following = follow({
    client,
    replica: copy,
    changed,
    entered: (entry) => tell('entry', entry),
    missed,
    reset() {
      wasReset = true;
      box.forgetAnswered();
      tell('reset', view());
    },
  });
  const end = client.on('begin', ({ after }) => {
    // Where nothing leads from what was kept to this room, it may be of another history.
    if (after === null) box.forgetAnswered();
    end();
  });
  client.on('live', () => {
    polledMs = clock.monotonic();
    if (status.kind === 'offline' && client.status.kind === 'live') become(client.status);
    box.flush();
  });
  const unfollowPane = pane && followPane(pane, { cameBack, wasRestored, wentOffline, wasHidden });

  return {
    get state() {
      return view();
    },
    subscribe: (listener) => on('state', listener),
    on,

    join: client.join,
    async resume() {
      if (copy.you) return !isClosed;
      // What is shown already is not begun anew for each tab that opens.
      if (copy.view().room) return await following.lookAgain();
      return await client.resume(client.position ?? kept?.position ?? null);
    },

    async leave() {
      const left = client.leave();
      box.empty(fail('DISCARDED', 'You have left the room'));
      await left;
      changed();
    },

    reconnect: client.reconnect,

    close() {
      if (isClosed) return;
      // From here on nothing is written either: what is kept is for the next page.
      isClosed = true;
      unfollowPane?.();
      client.close();
      box.empty(fail('CLOSED', 'The client was closed'));
    },

    async say(text, extra = {}) {
      if (isClosed) return fail('CLOSED', 'The client was closed');
      // What is typed from now on is news again.
      typedMs = -Infinity;
      return copy.you ? await box.say(text, extra) : fail('NO_SESSION', 'Join the room first');
    },

    adopt(from) {
      const outbox = isClosed ? [] : (parseKept(from)?.outbox ?? []);
      // It may be from before the reset.
      box.adopt(wasReset ? outbox.map(answeringNone) : outbox);
    },

    retry: box.retry,
    discard: box.discard,
    edit: client.edit,
    remove: client.remove,
    react: client.react,

    typing() {
      const nowMs = clock.monotonic();
      if (!copy.you || nowMs - typedMs < typingMs) return;
      typedMs = nowMs;
      client.typing();
    },

    history: history(client, copy, changed, missed),
    read: client.history,
    search: client.search,
    members: client.members,
  };

  function view(): RoomState {
    if (!built) {
      const room = copy.view();
      built = { status, ...room, lines: [...room.lines, ...box.view()] };
    }
    return built;
  }

  function changed(): void {
    built = null;
    keep();
    if (isTelling) return;
    isTelling = true;
    queueMicrotask(() => {
      isTelling = false;
      tell('state', view());
    });
  }

  function missed(): void {
    // Whoever hears it looks at what is shown now.
    changed();
    tell('missed', null);
  }

  function keep(): void {
    if (!storage || isClosed) return;
    const { token } = client;
    const position = copy.you && client.position;
    writeKept(storage, key, { position, outbox: box.toKeep(), ...(token && { token }) });
  }

  function become(next: Status): void {
    status = next;
    const isAsking = next.kind === 'live' || next.kind === 'connecting';
    polledMs = isAsking ? clock.monotonic() : -Infinity;
    changed();
    tell('status', next);
    if (next.kind === 'live') box.flush();
  }

  /** Whether polls are sent, or will be. */
  function isFollowing(): boolean {
    return ['connecting', 'live', 'waiting', 'offline'].includes(status.kind);
  }

  function cameBack(): void {
    const isFresh = clock.monotonic() - polledMs < freshMs && !box.isSending();
    if (isFollowing() && !isFresh) client.reconnect();
  }

  function wasRestored(): void {
    if (isFollowing()) client.reconnect();
  }

  function wentOffline(): void {
    if (isFollowing()) become({ kind: 'offline' });
  }

  function wasHidden(isKept: boolean): void {
    client.rest();
    // A page that may come back keeps its place: its polls end, and with them, later, its lease.
    if (isKept || !copy.you) return;
    const { token } = client;
    pane?.navigator.sendBeacon(`${url}/v1/leave`, JSON.stringify({ tab, ...(token && { token }) }));
  }
}
