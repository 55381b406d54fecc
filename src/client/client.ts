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
import type { HistoryPage, MembersPage, Snapshot } from '../protocol/replies.ts';
import { fail, isPassing, type Answer } from './answer.ts';
import { backoffMs } from './backoff.ts';
import { machineClock, pause, type ClientClock } from './clock.ts';
import { course, type CourseEvents, type Position } from './course.ts';
import { listeners, type Listeners } from './listeners.ts';
import { pollLoop } from './poll-loop.ts';
import { randomId } from './random-id.ts';
import { anything, joined, members, page, saidOrReply, snapshot, type Shape } from './shapes.ts';
import type { Status } from './status.ts';
import { wire, type Ask, type Fetch, type Question } from './wire.ts';

export interface ConnectOptions {
  /** Where the room is: empty for the page's own origin, or `http://127.0.0.1:8000`. */
  readonly url: string;
  /**
   * What proves who we are: null for the browser's cookie, as in a page by default; elsewhere a
   * token that the client sends, empty by default, or of an earlier client to `resume` with.
   */
  readonly token?: string | null;
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
  readonly signal?: AbortSignal | undefined;
  /** Told when the server asks to wait: until then, in milliseconds since 1970. */
  readonly waits?: ((until: number) => void) | undefined;
}

/** Which messages: the newest ones by default, or those before, after or around a seq. */
export interface HistoryQuery {
  readonly before?: Seq;
  readonly after?: Seq;
  readonly around?: Seq;
  readonly limit?: number;
}

/** Who: those whose nick begins with the prefix, from the one after a nick. */
export interface MembersQuery {
  readonly prefix?: string;
  readonly after?: string;
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
  /** Who is here, by nick: all, or those whose nick begins so. */
  readonly members: (query?: MembersQuery) => Promise<Answer<MembersPage>>;
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
  const { clock = machineClock, random = Math.random, fetch: send = fetch } = options;
  let { token = typeof document === 'undefined' ? '' : null } = options;
  const newId = (length: number): string => randomId(length, options.random);
  const { on, tell, news } = listeners<ClientEvents>();
  /** What every request lives under: aborted, none is sent any more. */
  const life = new AbortController();
  /** The run of the poll loop, and the waits for a server that is away. */
  let run: AbortController | null = null;
  let wait = new AbortController();

  let status: Status = { kind: 'idle' };
  /** The join that was tried last, for its retries, and the passcode for coming back. */
  let wanted: { readonly nick: string; readonly id: string } | null = null;
  let passcode: string | undefined;
  /** What was said before it. */
  let last: Promise<unknown> = Promise.resolve();

  const ask = wire(options.url.replace(/\/$/, ''), send, clock, () => token);
  // Whoever stopped the run has dropped what it would do with the answer.
  const askWhileRunning: Ask = async (signal, path, shape, question) => {
    const answer = await ask(signal, path, shape, question);
    return signal.aborted ? await new Promise<never>(() => {}) : answer;
  };
  const tab = options.tab ?? newId(tabLength);
  const way = course(askWhileRunning, clock, tab, joinBody, tokenHeard, tell, become);

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
      passcode = extra?.passcode;
      if (!isFollowing()) become({ kind: 'connecting' });
      const answer = await firmly('join', joined, { body: joinBody(nick) });
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

    async resume(from = way.position) {
      way.resume(from);
      become({ kind: 'connecting' });
      start(true);
      while (isFollowing() && status.kind !== 'live') await news();
      return status.kind === 'live';
    },

    async leave() {
      const { you } = way;
      const left = token;
      become({ kind: 'idle' });
      // Asked once: a second try might come after somebody has joined again.
      if (you) await mention('leave');
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

    say(text, said = {}) {
      const { id = newId(messageIdLength), replyTo } = said;
      const body = { id, text, replyTo };
      const spoken = last.then(() => firmly('messages', saidOrReply, { body }, said));
      last = spoken;
      return spoken;
    },

    edit: (seq, text) => amend('PATCH', seq, { text }),
    remove: (seq) => amend('DELETE', seq),
    react: (seq, emoji, isOn) =>
      amend(isOn ? 'PUT' : 'DELETE', `${seq}/reactions/${encodeURIComponent(emoji)}`),

    typing: () => void mention('typing'),

    // Seqs mean something in one history only, and the cursor says in which.
    history: (query) =>
      read('messages', page, {
        ...query,
        ...(way.position && { cursor: way.position.cursor }),
      }),
    search: (words, query) => read('search', page, { ...query, q: words }),
    members: (query) => read('members', members, query),
    look: () => firmly('room', snapshot),

    async *[Symbol.asyncIterator]() {
      const heard: WireEntry[] = [];
      const end = on('entry', (entry) => heard.push(entry));
      try {
        for (;;) {
          const entry = heard.shift();
          if (entry) yield entry;
          else if (isFollowing()) await news();
          else return;
        }
      } finally {
        end();
      }
    },
  };

  function become(next: Status): void {
    const { kind } = next;
    if (status.kind === 'closed' || (kind === 'live' && status.kind === 'live')) return;
    status = next;
    if (!isFollowing()) rest();
    if (kind === 'live') hurry();
    if (kind === 'idle' || kind === 'out') way.admit(null);
    tell('status', next);
  }

  /** Whether polls are sent, or will be. */
  function isFollowing(): boolean {
    return ['connecting', 'live', 'waiting'].includes(status.kind);
  }

  function start(isHurried: boolean): void {
    if (status.kind === 'closed') return;
    rest();
    if (status.kind !== 'live') become({ kind: 'connecting' });
    run = new AbortController();
    void pollLoop(clock, random, way.step, become, isHurried, run.signal);
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
    if (heard) {
      wanted = null;
      if (token !== null) token = heard;
    }
  }

  /** Asks once, whatever comes of it. */
  function mention(path: string): Promise<Answer> {
    return ask(life.signal, path, anything, { body: {} });
  }

  function amend(method: string, path: Seq | string, body?: object): Promise<Answer> {
    return firmly(`messages/${path}`, anything, { method, body });
  }

  function read<T>(path: string, shape: Shape<T>, query?: object): Promise<Answer<T>> {
    return firmly(`${path}?${new URLSearchParams(query as Record<string, string>)}`, shape);
  }

  /**
   * Asks again when it may help: a few times, or until there is an answer. Whatever we ask may be
   * asked twice without further effect, as long as we are the same.
   */
  async function firmly<T>(
    path: string,
    shape: Shape<T>,
    question?: Question,
    said?: SayOptions,
  ): Promise<Answer<T>> {
    const by = way.you?.id;
    // Of a message, by its seq, which in another history is that of another one. A join counts as
    // one too: its answer begins the room anew, and the next poll finds out a cursor of the past.
    const isChange = question && !said;
    for (let attempt = 1; ; attempt++) {
      if (said?.signal?.aborted) return fail('DISCARDED');
      const begun = way.era;
      const answer = await ask(life.signal, path, shape, question);
      if (answer.ok) {
        // From a history that is gone meanwhile. In this one the same has to be asked anew.
        if (!isChange && begun !== way.era) continue;
        return answer;
      }
      const { code, retryMs } = answer;
      // Whether we are still somebody is for the polls to find out.
      if (!isPassing(answer) && (code !== 'NO_SESSION' || !by)) return answer;
      if (!said && (attempt === triesMax || retryMs > patienceMs)) return answer;
      // What the server asked for is not cut short by its being there.
      const ms = backoffMs(attempt, random, answer);
      if (code === 'TOO_FAST') said?.waits?.(clock.now() + ms);
      await pause(clock, ms, (retryMs ? life : wait).signal, said?.signal);
      // It may have been done by who we were, and would be a second time by who we are.
      if (by && by !== way.you?.id) return fail('NO_SESSION');
      if (isChange && begun !== way.era) return answer;
    }
  }
}
