/**
 * A room that speaks version 1 of the wire from memory, to be handed to the client as its `fetch`.
 * It keeps the rules of the cursor, and it has weather: what happens to each request on its way is
 * for the test to say.
 */
import type {
  Entry,
  EntryBody,
  MemberId,
  Message,
  Role,
  Seq,
  Who,
  WireEntry,
} from '../../protocol/entries.ts';
import { errors, problemOf, refuse, type ErrorCode } from '../../protocol/errors.ts';
import type { Live, PollReply, Snapshot } from '../../protocol/replies.ts';
import { amended } from '../../copy/amended.ts';
import type { ClientClock } from '../clock.ts';

/** What happens to a request. */
export type Weather =
  | 'fair'
  /** Never arrives. */
  | 'lost'
  /** Arrives and takes effect, but the answer does not come back. */
  | 'cut'
  /** Arrives twice; the second answer comes back. */
  | 'doubled'
  /** Arrives, and nothing more is ever heard of it. */
  | 'silent'
  /** Something on the way cuts what stays silent for so many milliseconds. */
  | { readonly cutMs: number }
  /** Arrives, and the answer takes so many milliseconds. */
  | { readonly lateMs: number }
  /** Something on the way answers in the room's place. */
  | { readonly status: number; readonly body?: string; readonly headers?: Record<string, string> };

export interface Request {
  readonly method: string;
  /** After `/v1`, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Record<string, unknown>;
  readonly token: string | null;
  readonly contentType: string | null;
}

interface Held {
  readonly settle: (response: Response) => void;
  readonly request: Request;
  readonly you: Who;
  readonly cancel: () => void;
}

const mime = 'application/json';

export class FakeRoom {
  readonly clock: ClientClock;
  /** Every request that arrived, in order. */
  readonly heard: Request[] = [];
  /** What happens to the next requests. */
  weather: (request: Request) => Weather = () => 'fair';
  /** Whether a request that is given up rejects, as it should. Some never hear of it. */
  isDeaf = false;
  /** What a poll that is answered says of the next one. */
  next = { waitMs: 0, hold: 25 };
  pollEntriesMax = 200;
  gapEntries = 100;
  snapshotMax = 50;
  pageMax = 200;
  roster: 'full' | 'count' = 'full';
  /** Online, but not on the roster. */
  unnamed = 0;
  epoch = 'A';
  room = { title: 'Encke', topic: '', mode: 'open' as const, slowMs: 0 };
  extra: Partial<PollReply> = {};
  /** Refuses requests for which it answers a code. */
  refusal: (request: Request) => ErrorCode | null = () => null;

  entries: Entry[] = [];
  readonly members = new Map<MemberId, Who>();
  /** Whose token is whose, also of those who have left. */
  readonly tokens = new Map<string, MemberId>();
  readonly #joins = new Map<string, { token: string; who: Who }>();
  readonly #said = new Map<string, { seq: Seq; text: string }>();
  readonly #held = new Set<Held>();
  #count = 0;

  constructor(clock: ClientClock) {
    this.clock = clock;
  }

  /** What the client is given as its `fetch`. */
  readonly fetch = async (input: string, init: RequestInit): Promise<Response> => {
    const url = new URL(input, 'http://room.test');
    const headers = new Headers(init.headers);
    const request: Request = {
      method: init.method ?? 'GET',
      path: url.pathname.replace(/^\/v1\//, ''),
      query: url.searchParams,
      body: JSON.parse((typeof init.body === 'string' && init.body) || '{}') as Request['body'],
      token: headers.get('Authorization')?.replace('Bearer ', '') ?? null,
      contentType: headers.get('Content-Type'),
    };
    const weather = this.weather(request);
    this.heard.push(request);
    const answered = this.#through(weather, request);
    const { signal } = init;
    if (!signal || this.isDeaf) return await answered;
    const abandoned = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => {
        for (const held of this.#held) {
          if (held.request !== request) continue;
          this.#held.delete(held);
          held.cancel();
        }
        reject(new Error('given up'));
      });
    });
    return await Promise.race([answered, abandoned]);
  };

  // --- What others do in the room -------------------------------------------------------------

  append(body: EntryBody): Seq {
    const seq = (this.head + 1) as Seq;
    this.entries.push({ ...body, seq, at: this.clock.now() });
    if (body.type === 'join' || body.type === 'member')
      this.members.set(body.member.id, body.member);
    if (body.type === 'leave') this.members.delete(body.member.id);
    if (body.type === 'topic') this.room = { ...this.room, topic: body.topic };
    for (const held of this.#held) {
      if (body.type !== 'leave' || held.you.id !== body.member.id) continue;
      this.#held.delete(held);
      held.cancel();
      held.settle(refusal('NO_SESSION'));
    }
    this.settleAll();
    return seq;
  }

  say(nick: string, text: string): Seq {
    const id = `theirs${++this.#count}`;
    return this.append({ type: 'message', id, by: whoIs(nick), text });
  }

  enter(nick: string): Who {
    const member = whoIs(nick);
    this.append({ type: 'join', member });
    return member;
  }

  /** The same data under another identity, less the newest entries: a backup was restored. */
  restore(lost: number): void {
    this.epoch = String.fromCharCode(this.epoch.charCodeAt(0) + 1);
    this.entries = this.entries.slice(0, this.entries.length - lost);
    for (const [key, { seq }] of this.#said) if (seq > this.head) this.#said.delete(key);
    this.members.clear();
    for (const entry of this.entries) {
      if (entry.type === 'join') this.members.set(entry.member.id, entry.member);
      if (entry.type === 'leave') this.members.delete(entry.member.id);
    }
    this.settleAll();
  }

  /** Members who stop polling are gone after a while. */
  lapse(who: Who): void {
    if (this.members.has(who.id)) this.append({ type: 'leave', member: who, reason: 'timeout' });
  }

  get head(): Seq {
    return this.entries.length as Seq;
  }

  get held(): number {
    return this.#held.size;
  }

  /** Answers all held polls. */
  settleAll(): void {
    for (const held of this.#held) {
      this.#held.delete(held);
      held.cancel();
      held.settle(this.#poll(held.request, held.you));
    }
  }

  /** All messages as they stand now. */
  present(): Message[] {
    return this.entries
      .filter((entry) => entry.type === 'message')
      .map((message) => this.#presentOf(message));
  }

  sent(path: string): Request[] {
    return this.heard.filter((request) => request.path === path);
  }

  // --- The way --------------------------------------------------------------------------------

  async #through(weather: Weather, request: Request): Promise<Response> {
    const never = new Promise<never>(() => {});
    if (weather === 'lost') throw new TypeError('Failed to fetch');
    if (typeof weather === 'object' && 'status' in weather) {
      const { status, body = '', headers = {} } = weather;
      return new Response(status === 204 ? null : body, { status, headers });
    }
    const answered = this.#answer(request);
    if (typeof weather === 'object' && 'cutMs' in weather) {
      const cut = new Promise<never>((_, reject) => {
        this.clock.after(weather.cutMs, () => reject(new TypeError('Failed to fetch')));
      });
      return await Promise.race([answered, cut]);
    }
    const response = await answered;
    if (weather === 'cut') throw new TypeError('Failed to fetch');
    if (weather === 'silent') return await never;
    if (weather === 'doubled') return await this.#answer(request);
    if (typeof weather === 'object') {
      await new Promise<void>((resolve) => {
        this.clock.after(weather.lateMs, resolve);
      });
    }
    return response;
  }

  // --- The room -------------------------------------------------------------------------------

  async #answer(request: Request): Promise<Response> {
    const code = this.refusal(request);
    if (code) return refusal(code);
    const { method, path, query } = request;
    if (path === 'join') return this.#join(request);
    if (path === 'room') return json(this.#snapshot(request));
    if (path === 'messages' && method === 'GET') return this.#page(request);
    if (path === 'members') return this.#membersPage(request);
    if (path === 'search') return this.#search(request);
    const you = this.#you(request);
    if (!you) return refusal('NO_SESSION');
    if (path === 'poll') {
      const seq = this.#seqOf(query.get('after') ?? '');
      const hold = Number(query.get('hold'));
      if (typeof seq === 'string' || seq < this.head || hold === 0) {
        return this.#poll(request, you);
      }
      return await new Promise<Response>((settle) => {
        const cancel = this.clock.after(hold * 1_000, () => {
          this.#held.delete(held);
          settle(this.#poll(request, you));
        });
        const held: Held = { settle, request, you, cancel };
        this.#held.add(held);
      });
    }
    if (path === 'messages') return this.#say(request, you);
    if (path === 'leave') {
      this.append({ type: 'leave', member: you, reason: 'left' });
      return new Response(null, { status: 204 });
    }
    if (path === 'typing') return new Response(null, { status: 204 });
    return this.#amend(request, you);
  }

  #join({ body, token }: Request): Response {
    const nick = String(body.nick);
    const known = this.#joins.get(String(body.id));
    if (known) return json({ ...this.#joined(known.token, known.who) }, 201);
    const lapsed = token === null ? undefined : this.tokens.get(token);
    const who: Who = { id: lapsed ?? idOf(`${nick}${++this.#count}`), nick, role: 'member' };
    for (const member of this.members.values()) {
      if (member.nick === nick && member.id !== who.id) return refusal('NICK_TAKEN');
    }
    const fresh = `token${++this.#count}`;
    this.tokens.set(fresh, who.id);
    this.#joins.set(String(body.id), { token: fresh, who });
    if (!this.members.has(who.id)) this.append({ type: 'join', member: who });
    return json(this.#joined(fresh, who), 201);
  }

  #joined(token: string, who: Who): object {
    return {
      ...this.#snapshot({ token }),
      you: who,
      token,
      expires: this.clock.now() + 86_400_000,
    };
  }

  #snapshot(request: Pick<Request, 'token'>): Snapshot {
    const you = this.#you(request);
    return {
      cursor: `${this.epoch}.${this.head}`,
      room: { ...this.room, limits: { textMax: 2000, nickMax: 24 } },
      entries: this.present().slice(-this.snapshotMax),
      live: this.#live(),
      ...(this.roster === 'full' && { members: [...this.members.values()] }),
      ...(you && { you }),
    };
  }

  #live(): Live {
    return { online: this.members.size + this.unnamed, roster: this.roster, typing: [] };
  }

  #poll(request: Request, you: Who): Response {
    const from = this.#seqOf(request.query.get('after') ?? '');
    if (typeof from === 'string') return refusal(from);
    const missed = this.entries.slice(from).filter((entry) => this.#isVisible(entry, you));
    const isGap = missed.length > this.pollEntriesMax;
    const entries = isGap ? missed.slice(-this.gapEntries) : missed;
    const first = entries[0];
    return json({
      cursor: `${this.epoch}.${this.head}`,
      from: isGap && first ? first.seq - 1 : from,
      to: this.head,
      entries,
      live: this.#live(),
      next: this.next,
      ...(isGap && first && { gap: { from, to: first.seq - 1 } }),
      ...this.extra,
    });
  }

  #page({ query }: Request): Response {
    const limit = Math.min(this.pageMax, Number(query.get('limit') ?? 50));
    const history = this.#seqOf(query.get('cursor') ?? `${this.epoch}.0`);
    if (typeof history === 'string') return refusal(history);
    const after = query.get('after');
    if (after === null) {
      const before = Number(query.get('before'));
      const older = this.present().filter(({ seq }) => seq < before);
      return json({ entries: older.slice(-limit), more: older.length > limit });
    }
    const newer = this.entries.slice(Number(after)).filter((entry) => this.#isVisible(entry, null));
    const entries = newer.slice(0, limit).map((entry): WireEntry => {
      return entry.type === 'message' ? this.#presentOf(entry) : entry;
    });
    return json({ entries, more: newer.length > limit });
  }

  #search({ query }: Request): Response {
    const limit = Number(query.get('limit'));
    const before = Number(query.get('before') ?? Infinity);
    const found = this.present().filter(({ seq, text }) => {
      return seq < before && text.includes(query.get('q') ?? '');
    });
    return json({ entries: found.slice(-limit), more: found.length > limit });
  }

  #membersPage({ query }: Request): Response {
    const prefix = query.get('prefix') ?? '';
    const limit = Number(query.get('limit') ?? this.pageMax);
    const found = [...this.members.values()].filter(({ nick }) => nick.startsWith(prefix));
    const online = this.members.size;
    return json({ members: found.slice(0, limit), online, more: found.length > limit });
  }

  #say({ body }: Request, by: Who): Response {
    const { id, text } = body as { id: string; text: string };
    const key = `${by.id}:${id}`;
    const known = this.#said.get(key);
    if (known && known.text !== text) return refusal('ID_REUSED');
    if (text.startsWith('/')) return json({ reply: `You called ${text}` });
    const seq = known?.seq ?? this.append({ type: 'message', id, by, text: text.trim() });
    this.#said.set(key, { seq, text });
    const at = this.entries[seq - 1]?.at;
    return json({ seq, at, id }, known ? 200 : 201);
  }

  #amend({ method, path, body }: Request, by: Who): Response {
    const [, of, , emoji] = path.split('/');
    const at = { of: Number(of) as Seq, by };
    if (emoji !== undefined) {
      this.react(at.of, decodeURIComponent(emoji), by, method === 'PUT');
    } else if (method === 'PATCH') this.append({ type: 'edit', ...at, text: String(body.text) });
    else if (method === 'DELETE') this.append({ type: 'delete', ...at });
    else return refusal('METHOD');
    return new Response(null, { status: 204 });
  }

  /** Only a change is recorded. */
  react(of: Seq, emoji: string, by: Who, on: boolean): void {
    const last = this.entries.findLast(
      (entry) =>
        entry.type === 'reaction' &&
        entry.of === of &&
        entry.emoji === emoji &&
        entry.by.id === by.id,
    );
    const isOn = last?.type === 'reaction' && last.on;
    if (isOn !== on) this.append({ type: 'reaction', of, emoji, by, on });
  }

  #you({ token }: Pick<Request, 'token'>): Who | null {
    const id = token === null ? undefined : this.tokens.get(token);
    return id === undefined ? null : (this.members.get(id) ?? null);
  }

  #seqOf(cursor: string): number | ErrorCode {
    const [epoch, seq] = cursor.split('.');
    if (seq === undefined) return 'BAD_CURSOR';
    return epoch === this.epoch && Number(seq) <= this.head ? Number(seq) : 'GONE';
  }

  #isVisible(entry: Entry, you: Who | null): boolean {
    if (entry.type === 'notice' && entry.to !== undefined) return entry.to === you?.id;
    return this.roster === 'full' || (entry.type !== 'join' && entry.type !== 'leave');
  }

  #presentOf(message: Message): Message {
    let present = message;
    for (const entry of this.entries) {
      if ('of' in entry && entry.of === message.seq) present = amended(present, entry);
    }
    return present;
  }
}

export function whoIs(nick: string): Who {
  return { id: idOf(nick), nick, role: 'member' satisfies Role };
}

function idOf(name: string): MemberId {
  return `id-of-${name}` as MemberId;
}

function json(body: object, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': mime } });
}

function refusal(code: ErrorCode): Response {
  const problem = problemOf(refuse(code, `Refused with ${code}`));
  return new Response(JSON.stringify(problem), {
    status: errors[code].status,
    headers: { 'Content-Type': 'application/problem+json' },
  });
}
