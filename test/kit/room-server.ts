/**
 * A server inside the test's process, on a free port and over a folder that is gone afterwards, and
 * a small client that says exactly what it is told to: no retries, no cookies of its own. The
 * server's clock runs in real time, since sockets do, and can be moved forward at will.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server, type ServerParts } from '../../src/chat/server.ts';
import type { GivenSettings } from '../../src/chat/settings.ts';
import type { Who, WireEntry } from '../../src/protocol/entries.ts';
import type { Problem } from '../../src/protocol/errors.ts';
import type { HistoryPage, Joined, PollReply, Said, Snapshot } from '../../src/protocol/replies.ts';
import { systemClock, type Clock } from '../../src/supervisor/clock.ts';
import { Files } from '../../src/web/files.ts';
import { testSettings } from './chat.ts';
import { keptLog } from './quiet-log.ts';
import { openRaw, type RawConnection } from './raw-connection.ts';

export interface Answer<Body = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The text read as JSON; undefined when there is none. */
  readonly body: Body;
}

export interface CallOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent as it is, anything else as JSON. */
  readonly body?: unknown;
  readonly token?: string;
}

export interface PollOptions {
  /** In seconds. Not held unless it is given. */
  readonly hold?: number;
  readonly tab?: string;
  readonly turn?: number;
}

/** Time that passes by itself, and in leaps. */
export class LeapClock implements Clock {
  #monotonicMs = 0;
  #wallMs = 0;
  #frozenMs: number | null = null;

  now(): number {
    return systemClock.now() + this.#wallMs;
  }

  monotonic(): number {
    return this.#frozenMs ?? systemClock.monotonic() + this.#monotonicMs;
  }

  /** Durations stand still from here on, but for leaps: a pace is then not the machine's. */
  freeze(): void {
    // Whole: of a time with a fraction, differences are a hair more than what was added.
    this.#frozenMs = Math.ceil(this.monotonic());
  }

  after(delayMs: number, run: () => void): () => void {
    return systemClock.after(delayMs, run);
  }

  soon(run: () => void): void {
    systemClock.soon(run);
  }

  /** Both clocks move; timers that are set stay where they are, so the wheel finds itself late. */
  leap(ms: number): void {
    this.#monotonicMs += ms;
    if (this.#frozenMs !== null) this.#frozenMs += ms;
    this.#wallMs += ms;
  }

  /** Somebody sets the wall clock. */
  setForward(ms: number): void {
    this.#wallMs += ms;
  }
}

/** What a server may be given beside its settings. */
export type RoomServerParts = Partial<GivenSettings> & {
  readonly files?: Files;
  /** One that was set before the journal began, whose times never go back. */
  readonly clock?: LeapClock;
};

export class RoomServer implements AsyncDisposable {
  readonly server: Server;
  readonly clock: LeapClock;
  readonly data: string;
  readonly log: ReturnType<typeof keptLog>;
  /** What the server gave up for. */
  readonly failures: readonly unknown[];
  readonly #raws: RawConnection[] = [];
  readonly #ownsData: boolean;
  #ids = 0;

  private constructor(
    server: Server,
    parts: Pick<RoomServer, 'clock' | 'data' | 'log' | 'failures'>,
    ownsData: boolean,
  ) {
    this.server = server;
    this.clock = parts.clock;
    this.data = parts.data;
    this.log = parts.log;
    this.failures = parts.failures;
    this.#ownsData = ownsData;
  }

  /** Starts a server. A data folder that is given is left where it is. */
  static async open(given: RoomServerParts = {}): Promise<RoomServer> {
    const { files = Files.none(), clock = new LeapClock(), ...settings } = given;
    const data = settings.data ?? mkdtempSync(join(tmpdir(), 'encke-room-'));
    const log = keptLog();
    const failures: unknown[] = [];
    const parts: ServerParts = {
      settings: { ...testSettings, ...settings, data },
      files,
      log,
      version: '0.0.0-test',
      machine: { clock },
      failed: (reason) => failures.push(reason),
    };
    const server = await Server.start(parts);
    return new RoomServer(server, { clock, data, log, failures }, settings.data === undefined);
  }

  get url(): string {
    return this.server.url();
  }

  get host(): string {
    return new URL(this.url).host;
  }

  /** Stops the server and removes everything. */
  async close(): Promise<void> {
    for (const raw of this.#raws) raw.close();
    await this.server.stop();
    if (this.#ownsData) rmSync(this.data, { recursive: true, force: true });
  }

  /** So that `await using` closes it, however the test ends. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Sends a request. */
  async call<Body = unknown>(
    method: string,
    path: string,
    { headers = {}, body, token }: CallOptions = {},
  ): Promise<Answer<Body>> {
    const isText = body === undefined || typeof body === 'string';
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...headers,
      },
      redirect: 'manual',
      ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    const isJson = type.includes('json') && text !== '';
    const read = (isJson ? JSON.parse(text) : undefined) as Body;
    return { status: response.status, headers: response.headers, text, body: read };
  }

  /** Somebody comes in. Throws when they are refused. */
  async join(nick: string, more: Readonly<Record<string, unknown>> = {}): Promise<Guest> {
    const answer = await this.call<Joined>('POST', '/v1/join', { body: { nick, ...more } });
    return new Guest(this, accepted(answer, 201));
  }

  /** Somebody comes in and becomes a keeper. */
  async joinKeeper(nick: string): Promise<Guest> {
    const keeper = await this.join(nick);
    await keeper.command(`/keeper ${testSettings.keeperCode ?? ''}`);
    return keeper;
  }

  async snapshot(token?: string): Promise<Snapshot> {
    const options = token === undefined ? {} : { token };
    return accepted(await this.call<Snapshot>('GET', '/v1/room', options), 200);
  }

  /** The seq of the newest entry in the journal. */
  async seq(): Promise<number> {
    const { text } = await this.call('GET', '/metrics');
    return Number(/^encke_journal_seq (\d+)$/m.exec(text)?.[1]);
  }

  /** Waits until this many polls are held. */
  async held(count: number): Promise<void> {
    await this.until(async () => (await this.#load()).held === count);
  }

  /** Waits until something is true. */
  async until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
    for (let attempt = 0; !(await isTrue()); attempt++) {
      if (attempt === 1_000) throw new Error('It did not come true');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** A connection on which any bytes can be sent. */
  async connect(): Promise<RawConnection> {
    const raw = await openRaw(this.server.port());
    this.#raws.push(raw);
    return raw;
  }

  /** An id that no other message of this room has. */
  newId(): string {
    return `m${++this.#ids}`;
  }

  async #load(): Promise<{ held: number }> {
    const { body } = await this.call<{ load: { held: number } | null }>('GET', '/readyz');
    return body.load ?? { held: -1 };
  }
}

/** Somebody in the room, with their token. */
export class Guest {
  readonly room: RoomServer;
  readonly joined: Joined;

  constructor(room: RoomServer, joined: Joined) {
    this.room = room;
    this.joined = joined;
  }

  get you(): Who {
    return this.joined.you;
  }

  get token(): string {
    return this.joined.token;
  }

  get cursor(): string {
    return this.joined.cursor;
  }

  /** Sends a request with the token in the header. */
  async call<Body = unknown>(
    method: string,
    path: string,
    options: CallOptions = {},
  ): Promise<Answer<Body>> {
    return await this.room.call<Body>(method, path, { token: this.token, ...options });
  }

  /** Says something. Throws when it is refused. */
  async say(text: string, more: { id?: string; replyTo?: number } = {}): Promise<Said> {
    const answer = await this.trySay(text, more);
    if (answer.status === 200) return accepted(answer, 200);
    return accepted(answer, 201);
  }

  async trySay(
    text: string,
    { id = this.room.newId(), replyTo }: { id?: string; replyTo?: number } = {},
  ): Promise<Answer<Said>> {
    const body = { id, text, ...(replyTo === undefined ? {} : { replyTo }) };
    return await this.call<Said>('POST', '/v1/messages', { body });
  }

  /** Runs a command and answers with its reply. Throws when it is refused. */
  async command(text: string): Promise<string> {
    const body = { id: this.room.newId(), text };
    const answer = await this.call<{ reply: string }>('POST', '/v1/messages', { body });
    return accepted(answer, 200).reply;
  }

  /** Polls after a cursor. Throws when it is refused. */
  async poll(after: string, options: PollOptions = {}): Promise<PollReply> {
    return accepted(await this.tryPoll(after, options), 200);
  }

  async tryPoll(after: string, { hold = 0, tab, turn }: PollOptions = {}) {
    const query = new URLSearchParams({ after, hold: String(hold) });
    if (tab !== undefined) query.set('tab', tab);
    if (turn !== undefined) query.set('turn', String(turn));
    return await this.call<PollReply>('GET', `/v1/poll?${query.toString()}`);
  }

  /** Polls until there is nothing more, and answers with all entries and the last cursor. */
  async readOn(after: string): Promise<{ entries: WireEntry[]; cursor: string }> {
    const entries: WireEntry[] = [];
    for (let cursor = after; ;) {
      const reply = await this.poll(cursor);
      if (reply.gap !== undefined) throw new Error('There is a gap');
      entries.push(...reply.entries);
      if (reply.cursor === cursor) return { entries, cursor };
      cursor = reply.cursor;
    }
  }

  /** A page of history. Throws when it is refused. */
  async history(query: string): Promise<HistoryPage> {
    return accepted(await this.call<HistoryPage>('GET', `/v1/messages?${query}`), 200);
  }

  async snapshot(): Promise<Snapshot> {
    return await this.room.snapshot(this.token);
  }
}

/** The code of a refusal; throws when the answer is none. */
export function codeOf(answer: Answer): string {
  const { code } = answer.body as Partial<Problem>;
  if (code === undefined) throw new Error(`No refusal, but ${answer.status}: ${answer.text}`);
  return code;
}

function accepted<Body>(answer: Answer<Body>, status: number): Body {
  if (answer.status === status) return answer.body;
  throw new Error(`The answer is ${answer.status}: ${answer.text}`);
}
