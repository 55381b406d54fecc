/**
 * Many members at once, each with a held poll over a connection of their own, while some of them
 * say something. They are as simple as a client can be: whatever happens, ask again with the same
 * cursor, or with the same id. They never join twice. They notice everything that must not happen:
 * an entry that is missing, repeated, out of order or not the same for all, a range that is left
 * out, a session that is not honoured any more.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseCursor } from '../../src/protocol/cursor.ts';
import type { Problem } from '../../src/protocol/errors.ts';
import type { MemberId, WireEntry } from '../../src/protocol/entries.ts';
import type { Joined, PollReply, Said } from '../../src/protocol/replies.ts';
import { ConnectionLost, KeptConnection, type Answer, type Asked } from './kept-connection.ts';
import { until } from './until.ts';

export interface CrowdOptions {
  readonly members: number;
  /** How many of them say something, and how long each pauses after each message. */
  readonly senders: number;
  readonly pauseMs: number;
  /** How long they wait at most after a connection was lost. */
  readonly againMsMax?: number;
  /** Nobody says more while some member has so many messages left to read. Usually nobody waits. */
  readonly behindMax?: number;
  /** From 0 up to 1. */
  readonly random?: () => number;
}

/** How long after an event the next message reached the first member, and the last. */
export interface NextDelivery {
  readonly firstMs: number;
  readonly allMs: number;
}

/** Joins on their way at once. */
const joinsAtOnce = 32;
/** After a lost connection: soon, since the server is back soon, and not all at the same time. */
const againMsMin = 20;
const againMsUsual = 400;
/** Kept of what went wrong: the first things tell, a thousand more hide them. */
const troublesMax = 20;

export class HeldMembers {
  /** What happened and must not. */
  readonly troubles: string[] = [];
  readonly #options: Required<CrowdOptions>;
  readonly #url: string;
  readonly #members: Member[] = [];
  readonly #senders: Sender[] = [];
  readonly #record = new Record((text) => this.#trouble(text));
  #isEnding = false;
  readonly #ending = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  /** Lets everybody join. Nobody polls yet. */
  static async join(url: string, options: CrowdOptions): Promise<HeldMembers> {
    const crowd = new HeldMembers(url, options);
    await crowd.#joinAll();
    return crowd;
  }

  private constructor(url: string, options: CrowdOptions) {
    this.#url = url;
    const usual = { random: Math.random, againMsMax: againMsUsual, behindMax: Infinity };
    this.#options = { ...usual, ...options };
  }

  /** Everybody polls from now on, and the senders send. */
  start(): void {
    const loops = [...this.#members, ...this.#senders].map((one) => one.live());
    this.#running = Promise.all(loops);
  }

  /** Measures from now to the delivery of a message that is sent, or sent again, after now. */
  async nextDelivery(deadlineMs?: number): Promise<NextDelivery> {
    const start = performance.now();
    const reached = new Map<Member, number>();
    this.#record.watch = (member, key, at) => {
      if (reached.has(member) || (this.#record.sentAt.get(key) ?? 0) <= start) return;
      reached.set(member, at - start);
    };
    await until('a delivery to everybody', () => this.#areAllIn(reached), deadlineMs);
    const times = [...reached.values()];
    return { firstMs: Math.min(...times), allMs: Math.max(...times) };
  }

  /** The senders finish what they began; waits until everybody has read it. */
  async settle(): Promise<void> {
    this.#isEnding = true;
    await until('the last acknowledgement', () => this.#senders.every((one) => one.isIdle));
    const last = Math.max(...this.#record.acknowledged.values());
    const isBehind = (one: Member): boolean => !one.hasStopped && one.to < last;
    await until('everybody to read the end', () => !this.#members.some(isBehind)).catch(() => {
      const behind = this.#members.filter(isBehind).length;
      this.#trouble(`${behind} members never read up to ${last}`);
    });
    // What is delivered to everybody, in order, is what was acknowledged: no more and no less.
    const expected = [...this.#record.acknowledged.values()].toSorted((a, b) => a - b);
    for (const one of this.#members) one.compare(expected);
  }

  /** Everything that was acknowledged: the seq of each `member:id`. */
  get acknowledged(): ReadonlyMap<string, number> {
    return this.#record.acknowledged;
  }

  /** Who they are. */
  get ids(): readonly MemberId[] {
    return this.#members.map((one) => one.id);
  }

  /** Polls that were answered, in all. */
  get replies(): number {
    return this.#members.reduce((sum, one) => sum + one.replies, 0);
  }

  /** Hangs up. */
  async close(): Promise<void> {
    this.#isEnding = true;
    this.#ending.abort();
    for (const one of [...this.#members, ...this.#senders]) one.connection.close();
    await this.#running;
  }

  async #joinAll(): Promise<void> {
    const { members, senders, ...options } = this.#options;
    const left = Array.from({ length: members }, (_, nr) => nr);
    const parts: MemberParts = {
      url: this.#url,
      record: this.#record,
      options,
      hasEnded: () => this.#isEnding,
      isAnyBehind: () => this.#isAnyBehind(),
      signal: this.#ending.signal,
      trouble: (text) => this.#trouble(text),
    };
    const joinSome = async (): Promise<void> => {
      for (let nr = left.shift(); nr !== undefined; nr = left.shift()) {
        const member = await Member.join(parts, `member-${nr}`);
        this.#members.push(member);
        if (nr < senders) this.#senders.push(new Sender(parts, member));
      }
    };
    await Promise.all(Array.from({ length: joinsAtOnce }, joinSome));
    this.#record.joinedUntil = Math.max(...this.#members.map((one) => one.to));
  }

  #isAnyBehind(): boolean {
    const { behindMax } = this.#options;
    if (behindMax === Infinity) return false;
    const newest = Math.max(...this.#record.acknowledged.values());
    return this.#members.some((one) => !one.hasStopped && newest - one.to > behindMax);
  }

  #areAllIn(reached: ReadonlyMap<Member, number>): boolean {
    if (this.troubles.length > 0) throw new Error(this.troubles.join('\n'));
    return reached.size === this.#members.length;
  }

  #trouble(text: string): void {
    if (this.troubles.length < troublesMax) this.troubles.push(text);
  }
}

/** What all of them know together: which message stands where. */
class Record {
  readonly acknowledged = new Map<string, number>();
  /** When each message was last sent. */
  readonly sentAt = new Map<string, number>();
  /** Up to here people joined; after it nobody does. */
  joinedUntil = 0;
  watch: (member: Member, key: string, at: number) => void = () => undefined;
  readonly #keys = new Map<number, string>();
  readonly #seqs = new Map<string, number>();
  readonly #trouble: (text: string) => void;
  #parsed: { readonly body: string; readonly reply: PollReply } | null = null;

  constructor(trouble: (text: string) => void) {
    this.#trouble = trouble;
  }

  /** Reads a reply. Those of a cohort are the same, and are read once. */
  parse(body: string): PollReply {
    if (this.#parsed?.body !== body) this.#parsed = { body, reply: JSON.parse(body) as PollReply };
    return this.#parsed.reply;
  }

  /** A message stands at a seq: whoever says so, and however often, it is the same one. */
  stands(key: string, seq: number): void {
    const at = this.#seqs.get(key) ?? seq;
    const other = this.#keys.get(seq) ?? key;
    this.#seqs.set(key, at);
    this.#keys.set(seq, other);
    if (at !== seq) this.#trouble(`"${key}" stands at ${at} and at ${seq}`);
    if (other !== key) this.#trouble(`At ${seq} stands "${other}" and "${key}"`);
  }
}

interface MemberParts {
  readonly url: string;
  readonly record: Record;
  readonly options: Required<Omit<CrowdOptions, 'members' | 'senders'>>;
  readonly hasEnded: () => boolean;
  /** Whether some member has more left to read than `behindMax`. */
  readonly isAnyBehind: () => boolean;
  readonly signal: AbortSignal;
  readonly trouble: (text: string) => void;
}

/** Asks until there is an answer that is not "try again". Null: the test is over. */
async function insist(
  parts: MemberParts,
  connection: KeptConnection,
  asked: () => Asked,
): Promise<Answer | null> {
  const { againMsMax, random } = parts.options;
  for (let failures = 0; !parts.signal.aborted; failures++) {
    let waitMs = Math.min(againMsMax, againMsMin * 2 ** failures) * (1 - random() / 2);
    try {
      const answer = await connection.ask(asked());
      if (answer.status < 500 && answer.status !== 429) return answer;
      waitMs = Math.max(waitMs, (JSON.parse(answer.body) as Problem).retryMs ?? 0);
    } catch (reason) {
      if (!(reason instanceof ConnectionLost)) throw reason;
    }
    await pause(waitMs, parts.signal);
  }
  return null;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  // An abort ends the pause early, and that is all it does.
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

class Member {
  readonly id: MemberId;
  readonly token: string;
  readonly connection: KeptConnection;
  /** How far it has read. */
  to: number;
  replies = 0;
  hasStopped = false;
  readonly #parts: MemberParts;
  readonly #received: number[] = [];
  #cursor: string;
  #turn = 0;

  static async join(parts: MemberParts, nick: string): Promise<Member> {
    const connection = new KeptConnection(parts.url);
    // The same join, however often it has to be asked for.
    const body = { nick, id: crypto.randomUUID() };
    const answer = await insist(parts, connection, () => {
      return { method: 'POST', path: '/v1/join', body };
    });
    if (answer?.status !== 201) throw new Error(`${nick} did not get in: ${answer?.body}`);
    return new Member(parts, connection, JSON.parse(answer.body) as Joined);
  }

  constructor(parts: MemberParts, connection: KeptConnection, { you, token, cursor }: Joined) {
    this.#parts = parts;
    this.connection = connection;
    this.id = you.id;
    this.token = token;
    this.#cursor = cursor;
    this.to = parseCursor(cursor)?.seq ?? 0;
  }

  /** Polls until the end. */
  async live(): Promise<void> {
    const { signal } = this.#parts;
    while (!signal.aborted && !this.hasStopped) {
      const answer = await insist(this.#parts, this.connection, () => this.#ask());
      if (answer === null) return;
      if (answer.status !== 200) return this.#stop(`was answered ${answer.status} ${answer.body}`);
      const reply = this.#parts.record.parse(answer.body);
      this.#read(reply);
      if (reply.next.waitMs > 0) await pause(reply.next.waitMs, signal);
    }
  }

  /** Whether what it received is what it should have. */
  compare(expected: readonly number[]): void {
    if (this.hasStopped) return;
    const missing = new Set(expected).difference(new Set(this.#received));
    if (missing.size > 0) this.#trouble(`never received ${[...missing].slice(0, 5).join(', ')}`);
    const surplus = this.#received.length + missing.size - expected.length;
    if (surplus > 0) this.#trouble(`received ${surplus} messages that nobody was told of`);
  }

  #ask(): Asked {
    const query = `after=${this.#cursor}&hold=25&tab=a&turn=${++this.#turn}`;
    return { method: 'GET', path: `/v1/poll?${query}`, token: this.token };
  }

  #read({ cursor, from, to, entries, gap, superseded }: PollReply): void {
    this.replies++;
    if (superseded === true) this.#trouble(`was pushed out by itself at ${from}`);
    if (gap !== undefined) this.#trouble(`was left a gap from ${gap.from} to ${gap.to}`);
    if (from !== this.to) this.#trouble(`stood at ${this.to} and was answered from ${from}`);
    let last: number = from;
    for (const entry of entries) {
      if (entry.seq <= last || entry.seq > to) this.#trouble(`got ${entry.seq} after ${last}`);
      last = entry.seq;
      this.#receive(entry);
    }
    this.#cursor = cursor;
    this.to = to;
  }

  #receive(entry: WireEntry): void {
    const { record } = this.#parts;
    if (entry.type !== 'message') {
      const isBefore = entry.type === 'join' && entry.seq <= record.joinedUntil;
      if (!isBefore) this.#trouble(`got an entry that nobody caused: ${JSON.stringify(entry)}`);
      return;
    }
    const key = `${entry.by.id}:${entry.id}`;
    record.stands(key, entry.seq);
    if (entry.text !== textOf(entry.id)) this.#trouble(`got "${entry.text}" as ${entry.id}`);
    this.#received.push(entry.seq);
    record.watch(this, key, performance.now());
  }

  #stop(why: string): void {
    this.hasStopped = true;
    this.#trouble(why);
  }

  #trouble(text: string): void {
    this.#parts.trouble(`Member ${this.id} ${text}`);
  }
}

class Sender {
  readonly connection: KeptConnection;
  isIdle = false;
  readonly #parts: MemberParts;
  readonly #member: Member;

  constructor(parts: MemberParts, member: Member) {
    this.#parts = parts;
    this.#member = member;
    this.connection = new KeptConnection(parts.url);
  }

  /** Sends one message after the other until the end, each until it is acknowledged. */
  async live(): Promise<void> {
    const { signal } = this.#parts;
    const { pauseMs, random } = this.#parts.options;
    await pause(pauseMs * random(), signal);
    for (let nr = 0; !this.#parts.hasEnded(); nr++) {
      if (!(await this.#send(`m${nr}`))) break;
      do await pause(pauseMs * (0.5 + random()), signal);
      while (this.#parts.isAnyBehind() && !this.#parts.hasEnded());
    }
    this.isIdle = true;
  }

  /** Whether it was acknowledged. */
  async #send(id: string): Promise<boolean> {
    const { record, trouble } = this.#parts;
    const { token, id: author } = this.#member;
    const key = `${author}:${id}`;
    const answer = await insist(this.#parts, this.connection, () => {
      record.sentAt.set(key, performance.now());
      return { method: 'POST', path: '/v1/messages', token, body: { id, text: textOf(id) } };
    });
    if (answer === null) return false;
    if (answer.status !== 201 && answer.status !== 200) {
      trouble(`Message ${key} was answered ${answer.status} ${answer.body}`);
      return false;
    }
    const { seq } = JSON.parse(answer.body) as Said;
    record.acknowledged.set(key, seq);
    record.stands(key, seq);
    return true;
  }
}

function textOf(id: string): string {
  return `This is message ${id}`;
}
