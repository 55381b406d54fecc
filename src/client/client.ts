/**
 * The client library: one room, followed over Comet long polling, for browsers and for programs.
 *
 *     const client = connect({ url: 'http://127.0.0.1:8000' });
 *     await client.join('clock');
 *     for await (const entry of client) {
 *       if (entry.type === 'message' && entry.text === '!time') await client.say(`${new Date()}`);
 *     }
 *
 * Every member hears every entry once and in the same order, whatever happens on the way; what was
 * said is recorded once, however often it had to be sent; what cannot be had is told as a gap.
 * `docs/guide/bots.md` is the guide to it.
 */
import type { Seq, Who, WireEntry } from '../protocol/entries.ts';
import type { HistoryPage, Snapshot } from '../protocol/replies.ts';
import { fail, isPassing, type Answer } from './answer.ts';
import { backoffMs } from './backoff.ts';
import { machineClock, pause, type ClientClock } from './clock.ts';
import { course, type CourseEvents, type Position } from './course.ts';
import { listeners, type Listeners } from './listeners.ts';
import { pollLoop } from './poll-loop.ts';
import { randomId } from './random-id.ts';
import { anything, joined, page, saidOrReply, snapshot, type Shape } from './shapes.ts';
import type { Status } from './status.ts';
import { wire, type Fetch, type Question } from './wire.ts';

export interface ConnectOptions {
  /** Where the room is: empty for the page's own origin, or `http://127.0.0.1:8000`. */
  readonly url: string;
  /**
   * What proves who we are: the browser's cookie, or a token that the client sends. By default the
   * cookie in a page, the token in a program or where one is given.
   */
  readonly credentials?: 'cookie' | 'bearer';
  /** The token of an earlier client, to `resume` with. */
  readonly token?: string;
  /** The name of this tab among the member's tabs; random by default. */
  readonly tab?: string;
  readonly fetch?: Fetch;
  readonly clock?: ClientClock;
  /** From 0 to 1. Handed in, it also makes the ids, which are then only as good as it is. */
  readonly random?: () => number;
}

export interface ClientEvents extends CourseEvents {
  readonly status: Status;
}

/** The message was recorded, or the command was answered. */
export type Spoken = Answer<
  { readonly seq: Seq; readonly at: number } | { readonly reply: string }
>;

export interface SayOptions {
  readonly replyTo?: Seq | undefined;
  /** The message's own id, under which it is recorded once; random by default. */
  readonly id?: string;
  /** Aborted, the message is sent no more. It may have been recorded. */
  readonly signal?: AbortSignal;
}

/** Which messages: the newest ones by default, or those before, after or around a seq. */
export interface HistoryQuery {
  readonly before?: Seq;
  readonly after?: Seq;
  readonly around?: Seq;
  readonly limit?: number;
}

export interface Client extends AsyncIterable<WireEntry> {
  readonly status: Status;
  /** Who we are in the room; null for nobody. */
  readonly you: Who | null;
  /** How far this client has read, for a later one to `resume` from. */
  readonly position: Position | null;
  /** What proves who we are; empty for nobody, null where the cookie does. */
  readonly token: string | null;
  /** Calls the listener from now on. The answer ends it. */
  readonly on: Listeners<ClientEvents>['on'];

  /** Joins and begins to follow. After `UNREACHABLE` it may be repeated with the same nick. */
  readonly join: (
    nick: string,
    extra?: { readonly passcode?: string },
  ) => Promise<Answer<{ you: Who }>>;
  /**
   * Goes on with the session that is there, if it is still good, and tells whether it is; from a
   * position, if one is known. Without a session the room is told as it is, as far as it is open to
   * spectators. Keeps asking a server that is away.
   */
  readonly resume: (from?: Position | null) => Promise<boolean>;
  /** Leaves the room and forgets the session. */
  readonly leave: () => Promise<void>;
  /** Asks at once, instead of waiting for the next try or for a poll that may be dead. */
  readonly reconnect: () => void;
  /** Asks nothing until `reconnect`. The session lapses meanwhile, sooner or later. */
  readonly rest: () => void;
  /** Stops everything; nothing is sent any more. */
  readonly close: () => void;

  /**
   * Says something, or calls a command. Resolves when it is recorded, answered or refused: while
   * the server is away it is sent again and again. What is said goes out in order.
   */
  readonly say: (text: string, options?: SayOptions) => Promise<Spoken>;
  readonly edit: (seq: Seq, text: string) => Promise<Answer>;
  readonly remove: (seq: Seq) => Promise<Answer>;
  readonly react: (seq: Seq, emoji: string, on: boolean) => Promise<Answer>;
  /** Tells that the member is typing, which is shown for six seconds. */
  readonly typing: () => void;

  /** Messages of the past as they stand now, ascending, and whether there are more. */
  readonly history: (query?: HistoryQuery) => Promise<Answer<HistoryPage>>;
  /** The newest messages that have all of these words, or those before a seq. Ascending. */
  readonly search: (
    words: string,
    query?: Pick<HistoryQuery, 'before' | 'limit'>,
  ) => Promise<Answer<HistoryPage>>;
  /** The room as it is now. */
  readonly look: () => Promise<Answer<Snapshot>>;
}

/** Tries of a request that somebody waits for, and the longest pause between them. */
const triesMax = 3;
const patienceMs = 2_000;
/** The id of a join is a secret of 135 bits; that of a message must only differ from others. */
const joinIdLength = 27;
const messageIdLength = 16;
const tabLength = 12;

export function connect(options: ConnectOptions): Client {
  const { clock = machineClock, random = Math.random } = options;
  const newId = (length: number): string => randomId(length, options.random);
  const isInPage = options.token === undefined && typeof document !== 'undefined';
  const { on, tell } = listeners<ClientEvents>();
  /** What every request lives under: aborted, none is sent any more. */
  const life = new AbortController();
  /** The run of the poll loop, and the waits for a server that is away. */
  let run: AbortController | null = null;
  let wait = new AbortController();

  /** Null where the browser's cookie speaks for us. */
  let token =
    (options.credentials ?? (isInPage && 'cookie')) === 'cookie' ? null : (options.token ?? '');
  let status: Status = { kind: 'idle' };
  /** The join that was tried last, for its retries, and the passcode for coming back. */
  let wanted: { readonly nick: string; readonly id: string } | null = null;
  let passcode: string | undefined;
  /** What was said before it. */
  let last: Promise<unknown> = Promise.resolve();

  const ask = wire({
    url: options.url.replace(/\/$/, ''),
    clock,
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    token: () => token,
  });
  const way = course({
    clock,
    tab: options.tab ?? newId(tabLength),
    joinBody,
    tokenHeard,
    tell,
    async ask(signal, path, shape, question) {
      const answer = await ask(signal, path, shape, question);
      // Whoever stopped the run has dropped what it would do with the answer.
      return signal.aborted ? await new Promise<never>(() => {}) : answer;
    },
  });

  return {
    get status() {
      return status;
    },
    get you() {
      return way.you;
    },
    get position() {
      return way.position;
    },
    get token() {
      return token;
    },
    on,

    async join(nick, extra) {
      const before = status;
      if (!isFollowing()) become({ kind: 'connecting' });
      passcode = extra?.passcode;
      const answer = await firmly('join', joined, { method: 'POST', body: joinBody(nick) });
      if (!answer.ok) {
        if (isFollowing() && !run) become(before);
        return answer;
      }
      tokenHeard(answer.token);
      way.begin(answer);
      become({ kind: 'live' });
      start(false);
      return answer;
    },

    resume(from = way.position) {
      if (life.signal.aborted) return Promise.resolve(false);
      way.resume(from);
      become({ kind: 'connecting' });
      start(true);
      return new Promise((resolve) => {
        const end = on('status', ({ kind }) => {
          if (kind !== 'live' && isFollowing()) return;
          end();
          resolve(kind === 'live');
        });
      });
    },

    async leave() {
      const { you } = way;
      const left = token;
      become({ kind: 'idle' });
      // Asked once: a second try might come after somebody has joined again.
      if (you) await ask(life.signal, 'leave', anything, { method: 'POST', body: {} });
      if (token === left) token &&= '';
    },

    reconnect() {
      if (isFollowing() || status.kind === 'superseded') start(true);
    },

    rest,

    close() {
      life.abort();
      become({ kind: 'closed' });
    },

    say(text, { id = newId(messageIdLength), replyTo, signal } = {}) {
      const question = { method: 'POST', body: { id, text, replyTo }, signal };
      const spoken = last.then(() => firmly('messages', saidOrReply, question, true));
      last = spoken;
      return spoken;
    },

    edit: (seq, text) => firmly(`messages/${seq}`, anything, { method: 'PATCH', body: { text } }),
    remove: (seq) => firmly(`messages/${seq}`, anything, { method: 'DELETE' }),
    react: (seq, emoji, isOn) =>
      firmly(`messages/${seq}/reactions/${encodeURIComponent(emoji)}`, anything, {
        method: isOn ? 'PUT' : 'DELETE',
      }),

    typing() {
      void ask(life.signal, 'typing', anything, { method: 'POST', body: {} });
    },

    history(query = {}) {
      // Seqs mean something in one history only, and the cursor says in which.
      const asked = Object.entries({
        ...query,
        ...(way.position && { cursor: way.position.cursor }),
      });
      return firmly(`messages?${asked.map((pair) => pair.join('=')).join('&')}`, page);
    },

    search(words, query = {}) {
      const asked = Object.entries({ ...query, q: encodeURIComponent(words) });
      return firmly(`search?${asked.map((pair) => pair.join('=')).join('&')}`, page);
    },

    look: () => firmly('room', snapshot),

    async *[Symbol.asyncIterator]() {
      const heard: WireEntry[] = [];
      let wake = (): void => {};
      const ends = [
        on('entry', (entry) => {
          heard.push(entry);
          wake();
        }),
        on('status', () => wake()),
      ];
      try {
        for (;;) {
          const entry = heard.shift();
          if (entry) yield entry;
          else if (!isFollowing()) return;
          else await new Promise<void>((resolve) => (wake = resolve));
        }
      } finally {
        for (const end of ends) end();
      }
    },
  };

  function become(next: Status): void {
    const { kind } = next;
    if (status.kind === 'closed' || (kind === 'live' && status.kind === 'live')) return;
    status = next;
    if (!isFollowing()) rest();
    if (kind === 'idle' || kind === 'out') way.admit(null);
    if (kind === 'live') hurry();
    tell('status', next);
  }

  /** Whether polls are sent, or will be. */
  function isFollowing(): boolean {
    return ['connecting', 'live', 'waiting'].includes(status.kind);
  }

  function start(isHurried: boolean): void {
    if (life.signal.aborted) return;
    rest();
    if (status.kind !== 'live') become({ kind: 'connecting' });
    run = new AbortController();
    void pollLoop({ clock, random, step: way.step, become }, isHurried, run.signal);
  }

  function rest(): void {
    run?.abort();
    run = null;
    hurry();
  }

  /** Ends the waits for a server that is away. */
  function hurry(): void {
    wait.abort();
    wait = new AbortController();
  }

  function joinBody(nick: string): object {
    if (wanted?.nick !== nick) wanted = { nick, id: newId(joinIdLength) };
    // JSON leaves out what is undefined.
    return { ...wanted, passcode };
  }

  function tokenHeard(heard: string | undefined): void {
    if (!heard) return;
    wanted = null;
    if (token !== null) token = heard;
  }

  /**
   * Asks again when it may help: a few times, or until there is an answer. Whatever we ask may be
   * asked twice without further effect, as long as we are the same.
   */
  async function firmly<T>(
    path: string,
    shape: Shape<T>,
    question: Question & { readonly signal?: AbortSignal | undefined } = {},
    isPatient = false,
  ): Promise<Answer<T>> {
    const by = way.you?.id;
    for (let attempt = 1; ; attempt++) {
      const { era } = way;
      const answer = await ask(life.signal, path, shape, question);
      if (answer.ok) {
        // From a history that is gone meanwhile. In this one the same has to be asked anew.
        if (era !== way.era) continue;
        return answer;
      }
      const { code, retryMs } = answer;
      // Whether we are still somebody is for the polls to find out.
      const mayPass = isPassing(answer) || (code === 'NO_SESSION' && by);
      const isLast = !isPatient && (attempt === triesMax || retryMs > patienceMs);
      if (!mayPass || isLast) return answer;
      // What the server asked for is not cut short by its being there.
      await pause(clock, backoffMs(attempt, random, answer), (retryMs ? life : wait).signal);
      if (question.signal?.aborted) return fail('DISCARDED', 'It was taken back');
      // It may have been done by who we were, and would be a second time by who we are.
      if (by && by !== way.you?.id) return fail('NO_SESSION', 'You have joined again meanwhile');
    }
  }
}
