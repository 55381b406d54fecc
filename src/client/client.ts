/**
 * The client library: one room, followed over Comet long polling, for browsers and for programs.
 *
 *     const client = connect({ url: 'http://127.0.0.1:8000' });
 *     client.on('entry', (entry) => {
 *       if (entry.type === 'message' && entry.text === '!time') void client.say(`${new Date()}`);
 *     });
 *     await client.join('clock');
 *
 * Every member sees every entry once and in the same order, whatever happens on the way; what was
 * said is recorded once, however often it had to be sent; what cannot be had is shown as a gap.
 */
import type { Seq, WireEntry, Who } from '../protocol/entries.ts';
import type { Gap } from '../protocol/replies.ts';
import { fail, isPassing, type Answer } from './answer.ts';
import { backoffMs } from './backoff.ts';
import { machineClock, type ClientClock } from './clock.ts';
import { course } from './course.ts';
import { history, type Read } from './history.ts';
import { readKept, writeKept, type ClientStorage } from './kept.ts';
import { outbox, type Spoken } from './outbox.ts';
import { listeners } from './listeners.ts';
import { followPage, type Page } from './page.ts';
import { pollLoop } from './poll-loop.ts';
import { randomId } from './random-id.ts';
import { readPage, type ReadPage } from './read.ts';
import { replica } from './replica.ts';
import type { PendingLine, RoomState, Status } from './room-state.ts';
import { isAnything, isJoined, isSaidOrReply } from './shapes.ts';
import { wire, type Fetch, type Question } from './wire.ts';

export interface ConnectOptions {
  /** Where the room is: empty for the page's own origin, or `http://127.0.0.1:8000`. */
  readonly url: string;
  /**
   * What proves who we are: the browser's cookie, or a token that the client keeps and sends. By
   * default the cookie in a page, the token in a program or where one is given.
   */
  readonly credentials?: 'cookie' | 'bearer';
  readonly token?: string;
  /** What should survive a reload is kept here: `sessionStorage` in a page. */
  readonly storage?: ClientStorage;
  /** The name of this tab among the member's tabs; random by default. */
  readonly tab?: string;
  readonly fetch?: Fetch;
  readonly clock?: ClientClock;
  /** From 0 to 1. Handed in, it also makes the ids, which are then only as good as it is. */
  readonly random?: () => number;
  /** The window around the client, if there is one. */
  readonly page?: Page;
}

export interface ClientEvents {
  /** The state has changed. Told once for changes that are made together. */
  readonly state: RoomState;
  /** An entry came, by poll or in filling a gap: each once, in order. */
  readonly entry: WireEntry;
  readonly status: Status;
  /** A message was refused for good. It stays among the lines until retried or discarded. */
  readonly refused: PendingLine;
  /** The room began anew with another history. */
  readonly reset: RoomState;
}

export interface Client {
  /** The room as it is now: an immutable value, replaced on change. */
  readonly state: RoomState;
  /** Calls the listener after changes, once for those made together. The answer ends it. */
  subscribe(listener: (state: RoomState) => void): () => void;
  on<Name extends keyof ClientEvents>(
    event: Name,
    listener: (detail: ClientEvents[Name]) => void,
  ): () => void;

  /** Joins and begins to follow. After `UNREACHABLE` it may be repeated with the same nick. */
  join(nick: string, extra?: { readonly passcode?: string }): Promise<Answer<{ you: Who }>>;
  /**
   * Goes on with the session that is there, if it is still good, and tells whether it is. Without
   * one the room is shown, as far as it is open to spectators. Keeps asking a server that is away.
   */
  resume(): Promise<boolean>;
  /** Leaves the room and forgets the session. */
  leave(): Promise<void>;
  /** Asks at once, instead of waiting for the next try. */
  reconnect(): void;
  /** Stops everything; nothing is sent any more. What is kept for a reload stays. */
  close(): void;

  /** Says something, or calls a command. Resolves when it is recorded, answered or refused. */
  say(text: string, extra?: { readonly replyTo?: Seq }): Promise<Spoken>;
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
  /** Reads a page that is not for the lines: the surroundings of a message, or a search. */
  read: ReadPage;
}

/** One sign of typing in this time: it is shown for twice as long. */
const typingMs = 3_000;
/** Tries of a request that a person waits for, and the longest pause between them. */
const triesMax = 3;
const patienceMs = 2_000;
/** The id of a join is a secret of 132 bits; that of a message must only differ from others. */
const joinIdLength = 22;
const messageIdLength = 16;
const tabLength = 12;

export function connect(options: ConnectOptions): Client {
  const { clock = machineClock, random = Math.random, storage } = options;
  const url = options.url.replace(/\/$/, '');
  const newId = (length: number): string => randomId(length, options.random);
  const tab = options.tab ?? newId(tabLength);
  const isCookie = options.credentials
    ? options.credentials === 'cookie'
    : options.token === undefined && typeof document !== 'undefined';
  const key = `encke:${url}`;
  const kept = storage ? readKept(storage, key) : null;
  /** What every request lives under: aborted, none is sent any more. */
  const life = new AbortController();
  const { signal } = life;

  let token = isCookie ? null : (options.token ?? kept?.token ?? null);
  let status: Status = { kind: 'idle' };
  /** The join that was tried last, for its retries, and the passcode for coming back. */
  let wanted: { readonly nick: string; readonly id: string } | null = null;
  let passcode: string | undefined;
  let typedMs = -Infinity;

  /** The state as it was last built; null when something has changed since. */
  let built: RoomState | null = null;
  let isTelling = false;
  const events = {
    state: listeners<RoomState>(),
    entry: listeners<WireEntry>(),
    status: listeners<Status>(),
    refused: listeners<PendingLine>(),
    reset: listeners<RoomState>(),
  };

  const ask = wire({
    url,
    clock,
    isCookie,
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    token: () => token,
  });
  const copy = replica((message) => box.heard(message));
  const box = outbox(
    {
      clock,
      random,
      newId: () => newId(messageIdLength),
      replica: copy,
      send({ id, text, replyTo }) {
        // JSON leaves out what is undefined.
        const body = { id, text, replyTo };
        return ask('messages', { method: 'POST', body, accept: isSaidOrReply, signal });
      },
      changed,
      refused: events.refused.tell,
    },
    kept?.outbox ?? [],
  );
  const way = course({
    ask,
    clock,
    replica: copy,
    tab,
    joinBody,
    tokenHeard,
    changed,
    entered: events.entry.tell,
    reset: () => events.reset.tell(view()),
  });
  const page = options.page ?? (typeof document === 'undefined' ? null : window);
  const loop = pollLoop({
    clock,
    random,
    isOnline: () => page?.navigator.onLine ?? true,
    step: way.step,
    become,
  });
  const unfollowPage = page && followPage(page, { cameBack, wasRestored, wentOffline, wasHidden });

  return {
    get state() {
      return view();
    },
    subscribe: events.state.add,
    on: (event, listener) => events[event].add(listener as (detail: unknown) => void),

    async join(nick, extra = {}) {
      const before = status;
      if (!isFollowing()) become({ kind: 'connecting' });
      ({ passcode } = extra);
      const answer = await askFirmly('join', {
        method: 'POST',
        body: joinBody(nick),
        accept: isJoined,
      });
      if (!answer.ok) {
        // Whatever became of the network meanwhile: nobody asks here who could say more.
        if (isFollowing() && !loop.isRunning()) become(before);
        return answer;
      }
      tokenHeard(answer.body.token);
      way.begin(answer.body);
      become({ kind: 'live' });
      start(false);
      return { ok: true, you: answer.body.you };
    },

    resume() {
      if (signal.aborted) return Promise.resolve(false);
      way.resume(way.position ?? kept?.position ?? null);
      become({ kind: 'connecting' });
      start(true);
      return new Promise((resolve) => {
        const end = events.status.add(({ kind }) => {
          if (kind === 'live' || !isFollowing()) {
            end();
            resolve(kind === 'live');
          }
        });
      });
    },

    async leave() {
      const wasMember = copy.you !== null;
      const left = token;
      loop.stop();
      become({ kind: 'idle' });
      box.empty(fail('NO_SESSION', 'You have left the room'));
      // Asked once: a second try might come after somebody has joined again.
      const question = { method: 'POST', body: {}, accept: isAnything, signal };
      if (wasMember) await ask('leave', question);
      if (token === left) token = null;
      changed();
    },

    reconnect() {
      if (isFollowing() || status.kind === 'superseded') start(true);
    },

    close() {
      if (signal.aborted) return;
      loop.stop();
      unfollowPage?.();
      // From here on nothing is written either: what is kept is for the next page.
      life.abort();
      box.empty(fail('CLOSED', 'The client was closed'));
      become({ kind: 'closed' });
    },

    async say(text, { replyTo } = {}) {
      if (signal.aborted) return fail('CLOSED', 'The client was closed');
      // What is typed from now on is news again.
      typedMs = -Infinity;
      return copy.you ? await box.say(text, replyTo) : fail('NO_SESSION', 'Join the room first');
    },

    retry: box.retry,
    discard: box.discard,
    edit: (seq, text) => change('PATCH', `messages/${seq}`, { text }),
    remove: (seq) => change('DELETE', `messages/${seq}`),
    react(seq, emoji, on) {
      const path = `messages/${seq}/reactions/${encodeURIComponent(emoji)}`;
      return change(on ? 'PUT' : 'DELETE', path);
    },

    typing() {
      const nowMs = clock.monotonic();
      if (!copy.you || nowMs - typedMs < typingMs) return;
      typedMs = nowMs;
      void ask('typing', { method: 'POST', body: {}, accept: isAnything, signal });
    },

    history: history({ ask: askFirmly, replica: copy, place: () => way.position, changed }),
    read: readPage(askFirmly),
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
      events.state.tell(view());
    });
  }

  function keep(): void {
    if (!storage || signal.aborted) return;
    const position = copy.you && way.position;
    writeKept(storage, key, { position, outbox: box.toKeep(), ...(token !== null && { token }) });
  }

  function become(next: Status): void {
    const { kind } = next;
    if (status.kind === 'closed') return;
    if (kind === 'live' && status.kind === 'live') return box.flush();
    status = next;
    if (kind === 'idle' || kind === 'out') copy.admit(null);
    changed();
    events.status.tell(next);
    if (kind === 'live') box.hurry();
  }

  /** Whether polls are sent, or will be. */
  function isFollowing(): boolean {
    return ['connecting', 'live', 'waiting', 'offline'].includes(status.kind);
  }

  function start(isHurried: boolean): void {
    if (signal.aborted) return;
    if (status.kind !== 'live') become({ kind: 'connecting' });
    loop.start(isHurried);
  }

  function joinBody(nick: string): object {
    if (wanted?.nick !== nick) wanted = { nick, id: newId(joinIdLength) };
    return { ...wanted, ...(passcode !== undefined && { passcode }) };
  }

  function tokenHeard(heard: string): void {
    wanted = null;
    if (!isCookie) token = heard;
  }

  /** Asks again when it may help. Whatever we ask may be asked twice without further effect. */
  async function askFirmly<T>(
    path: string,
    question: Omit<Question<T>, 'signal'>,
  ): Promise<Answer<{ body: T }>> {
    for (let attempt = 1; ; attempt++) {
      const answer = await ask(path, { ...question, signal });
      if (answer.ok || !isPassing(answer) || attempt === triesMax) return answer;
      if (answer.retryMs > patienceMs) return answer;
      await new Promise<void>((resolve) => {
        clock.after(backoffMs(attempt, random, answer), resolve);
      });
    }
  }

  async function change(method: string, path: string, body?: object): Promise<Answer> {
    const answer = await askFirmly(path, { method, ...(body && { body }), accept: isAnything });
    return answer.ok ? { ok: true } : answer;
  }

  function cameBack(): void {
    if (!isFollowing()) return;
    loop.revive();
    box.hurry();
  }

  function wasRestored(): void {
    if (isFollowing()) start(true);
  }

  function wentOffline(): void {
    if (!isFollowing()) return;
    loop.doubt();
    become({ kind: 'offline' });
  }

  function wasHidden(isKept: boolean): void {
    loop.stop();
    // A page that may come back keeps its place: its polls end, and with them, later, its lease.
    if (isKept || !copy.you) return;
    page?.navigator.sendBeacon(
      `${url}/v1/leave`,
      JSON.stringify({ tab, ...(token !== null && { token }) }),
    );
  }
}
