/**
 * Sends a real server requests that nobody wrote: those of a small corpus, changed at random. An
 * input that is answered in a way that none was answered before (another status, code or sentence,
 * or another number of answers) is kept, and changed on from there. The signal is the server's own
 * words, since Bun tells no coverage while it runs; every refusal of ours has its own sentence, so
 * a new sentence is a branch that was not taken before.
 *
 *     bun test/fuzz/fuzz.ts --minutes 10 --seed 7
 *
 * After each input the room must be as it should: nothing failed or was logged, the connection is
 * in step or closed, another member reads and writes, and what was recorded is what Mallory may.
 */
import { cleanNick } from '../../src/chat/nick.ts';
import { cleanText, cleanTopic } from '../../src/chat/text.ts';
import type { WireEntry } from '../../src/protocol/entries.ts';
import { errors, type Problem } from '../../src/protocol/errors.ts';
import { limits } from '../../src/protocol/limits.ts';
import { openRaw, type RawAnswer, type RawConnection } from '../kit/raw-connection.ts';
import { RoomServer, type Guest } from '../kit/room-server.ts';
import { framed, mutate, randomOf } from './mutate.ts';

export interface FuzzOptions {
  readonly seed: number;
  /** Stops after so many inputs, */
  readonly inputsMax?: number;
  /** or after this time. */
  readonly minutes?: number;
  readonly told?: (line: string) => void;
}

export interface FuzzReport {
  readonly inputs: number;
  /** The different ways in which inputs were answered. */
  readonly outcomes: readonly string[];
  /** What must not happen, each with its input. Empty when all is well. */
  readonly troubles: readonly string[];
}

const json = (method: string, path: string, body: string): string =>
  `${method} ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {TOKEN}\r\n` +
  `Content-Type: application/json\r\nContent-Length: 0\r\n\r\n${body}`;
const plain = (method: string, path: string): string =>
  `${method} ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {TOKEN}\r\n\r\n`;

/** One good request of every kind. What stands in braces is filled in when it is sent. */
const beginnings: readonly string[] = [
  json('POST', '/v1/join', '{"nick":"eve {NEXT}","id":"0123456789012345678901"}'),
  json('POST', '/v1/messages', '{"id":"f{NEXT}","text":"hello","replyTo":{HERS}}'),
  json('POST', '/v1/messages', '{"id":"f{NEXT}","text":"/topic hello"}'),
  json('POST', '/v1/messages', '{"id":"f{NEXT}","text":"/nick mallory {NEXT}"}'),
  json('PATCH', '/v1/messages/{MINE}', '{"text":"changed {NEXT}"}'),
  json('POST', '/v1/poll', '{"after":"{CURSOR}","hold":0,"tab":"a","turn":1}'),
  json('POST', '/v1/leave', '{"tab":"a"}'),
  json('POST', '/v1/typing', '{"token":"{TOKEN}"}'),
  plain('PUT', '/v1/messages/{HERS}/reactions/%F0%9F%91%8D'),
  plain('DELETE', '/v1/messages/{HERS}/reactions/%F0%9F%91%8D'),
  plain('DELETE', '/v1/messages/{MINE}'),
  plain('GET', '/v1/poll?after={CURSOR}&hold=0&tab=a&turn=2'),
  plain('GET', '/v1/messages?before={HERS}&limit=10'),
  plain('GET', '/v1/messages?around={HERS}'),
  plain('GET', '/v1/members?prefix=k&limit=5'),
  plain('GET', '/v1/room'),
  plain('GET', '/readyz'),
  'POST /v1/leave HTTP/1.1\r\nHost: a\r\nCookie: encke={TOKEN}\r\nOrigin: http://a\r\n' +
    'Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
  'OPTIONS /v1/poll HTTP/1.1\r\nHost: a\r\nOrigin: https://ok.example\r\n\r\n',
];

/** Inputs in one room. The seconds that they are given end every session after a day. */
const renewedEvery = 10_000;
/** A run ends when so much has gone wrong: the first things tell. */
const troublesMax = 10;
/** Answers read to one input; a request can hold a few more, and those are not ours to count. */
const answersMax = 6;

/** Fuzzes a server of its own. */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { seed, inputsMax = Number.POSITIVE_INFINITY, minutes, told } = options;
  const random = randomOf(seed);
  const endMs = minutes === undefined ? Number.POSITIVE_INFINITY : Date.now() + minutes * 60_000;
  const corpus: string[] = [...beginnings];
  const outcomes = new Set<string>();
  const troubles: string[] = [];
  let inputs = 0;
  await using target = await Target.open();
  while (inputs < inputsMax && Date.now() < endMs && troubles.length < troublesMax) {
    const from = corpus[Math.floor(random() * corpus.length)] ?? '';
    const first = inputs < beginnings.length;
    const changed = first ? (beginnings[inputs] ?? '') : mutate(from, corpus, random);
    // Mostly with a length that is right: a wrong one is refused, whatever else there is.
    const input = first || random() < 0.8 ? framed(changed) : changed;
    inputs++;
    if (inputs % renewedEvery === 0) await target.renew();
    try {
      const outcome = await target.try(input);
      if (outcomes.has(outcome)) continue;
      outcomes.add(outcome);
      corpus.push(changed);
      told?.(`${inputs}: ${outcome}`);
    } catch (reason) {
      troubles.push(`Seed ${seed}, input ${inputs}, ${JSON.stringify(input)}: ${String(reason)}`);
      told?.(troubles.at(-1) ?? '');
      await target.renew();
    }
  }
  return { inputs, outcomes: [...outcomes], troubles };
}

/** The room that is fuzzed: Mallory's token is in the inputs, Kim looks at what became of it. */
class Target implements AsyncDisposable {
  #room: RoomServer;
  #kim: Guest;
  #mallory: Guest;
  #cursor: string;
  #hers: number;
  #mine: number;
  #isAway = false;
  #isMineGone = false;
  #nr = 0;

  private constructor(room: RoomServer, kim: Guest, mallory: Guest, hers: number, mine: number) {
    this.#room = room;
    this.#kim = kim;
    this.#mallory = mallory;
    this.#hers = hers;
    this.#mine = mine;
    this.#cursor = kim.cursor;
  }

  static async open(): Promise<Target> {
    const room = await RoomServer.open({ embedOrigins: ['https://ok.example'] });
    room.clock.freeze();
    const kim = await room.join('kim');
    const mallory = await room.join('mallory');
    const { seq: hers } = await kim.say('hers');
    const { seq: mine } = await mallory.say('mine');
    const target = new Target(room, kim, mallory, hers, mine);
    target.#cursor = (await room.snapshot()).cursor;
    return target;
  }

  /** After something went wrong: another room, so that the next input begins with a good one. */
  async renew(): Promise<void> {
    const fresh = await Target.open();
    await this.#room.close().catch(() => undefined);
    this.#room = fresh.#room;
    this.#kim = fresh.#kim;
    this.#mallory = fresh.#mallory;
    this.#cursor = fresh.#cursor;
    this.#hers = fresh.#hers;
    this.#mine = fresh.#mine;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#room.close();
  }

  /** Sends an input and says how it was answered. Throws when anything is not as it should be. */
  async try(input: string): Promise<string> {
    const filled = input
      .replaceAll('{TOKEN}', this.#mallory.token)
      .replaceAll('{CURSOR}', this.#cursor)
      .replaceAll('{HERS}', String(this.#hers))
      .replaceAll('{MINE}', String(this.#mine))
      .replaceAll('{NEXT}', String(++this.#nr));
    const sent = /content-length/i.test(input) && input === framed(input) ? framed(filled) : filled;
    const answers = await this.#send(Buffer.from(sent, 'latin1'));
    // A second for each, so that nobody is too fast and nobody's lease is over.
    this.#room.clock.leap(limits.paceMs);
    const news = await this.#news();
    const { lines } = this.#room.log;
    const complaint = lines.find(({ level }) => level !== 'info');
    if (complaint !== undefined) throw new Error(`It logged ${JSON.stringify(complaint)}`);
    if (this.#room.failures.length > 0)
      throw new Error(`It gave up: ${this.#room.failures.join()}`);
    await this.#restore(answers);
    const others = news.filter((entry) => !this.#isByKim(entry));
    const types = [...new Set(others.map(({ type }) => type))].toSorted().join('+');
    return `${wordsOf(answers)}${types === '' ? '' : ` -> ${types}`}`;
  }

  /**
   * Sends bytes and reads what is answered; then another request, and reads on until that one is
   * answered as itself. It is not sent at once: behind a request that waits it would wait as well.
   */
  async #send(bytes: Uint8Array): Promise<(RawAnswer | 'closed' | 'held')[]> {
    const raw = await openRaw(this.#room.server.port());
    const answers: (RawAnswer | 'closed' | 'held')[] = [];
    const path = `/step-${this.#nr}`;
    try {
      raw.send(bytes);
      const isBodiless = Buffer.from(bytes).toString('latin1', 0, 5) === 'HEAD ';
      const first = await this.#next(raw, isBodiless);
      if (first !== 'held') answers.push(first);
      if (first === 'closed') return answers;
      raw.send(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
      while (answers.length < answersMax) {
        const answer = await this.#next(raw);
        if (typeof answer !== 'string' && answer.body.includes(path)) return answers;
        answers.push(answer);
        if (typeof answer === 'string') return answers;
      }
      return answers;
    } finally {
      raw.close();
      for (const answer of answers) if (typeof answer !== 'string') expectOrderly(answer);
    }
  }

  /** The next answer; `held` when the server has answered others since, and not this one. */
  async #next(raw: RawConnection, isBodiless = false): Promise<RawAnswer | 'closed' | 'held'> {
    const next = raw.next({ isBodiless }).catch(() => null);
    const silence = async (): Promise<'held'> => {
      // What waits for the journal is recorded before this, and answered before the next.
      this.#room.clock.leap(limits.paceMs);
      await this.#kim.say('still here');
      await this.#room.call('GET', '/healthz');
      return 'held';
    };
    return (await Promise.race([next, silence()])) ?? 'closed';
  }

  /** What was recorded since the last look, as Kim reads it. */
  async #news(): Promise<WireEntry[]> {
    const { entries, cursor } = await this.#kim.readOn(this.#cursor);
    this.#cursor = cursor;
    for (const entry of entries) {
      this.#check(entry);
      if (entry.type === 'leave' && entry.member.id === this.#mallory.you.id) this.#isAway = true;
      if (entry.type === 'delete') this.#isMineGone = true;
    }
    return entries;
  }

  #isByKim(entry: WireEntry): boolean {
    return entry.type === 'message' && entry.by.id === this.#kim.you.id;
  }

  /** Mallory is no keeper, and nobody but herself and who comes in by her hand. */
  #check(entry: WireEntry): void {
    const wrong = (what: string): never => {
      throw new Error(`${what} was recorded: ${JSON.stringify(entry)}`);
    };
    switch (entry.type) {
      case 'message': {
        const clean = cleanText(entry.text);
        if (this.#isByKim(entry) && entry.text !== 'still here') {
          return wrong('A message of Kim’s');
        }
        if (!clean.ok || clean.text !== entry.text) return wrong('A text that is not clean');
        return;
      }
      case 'edit':
        return cleanText(entry.text).ok ? undefined : wrong('A text that is not clean');
      case 'topic':
        return cleanTopic(entry.topic).ok ? undefined : wrong('A topic that is not clean');
      case 'join':
      case 'member': {
        const clean = cleanNick(entry.member.nick);
        if (!clean.ok || clean.nick !== entry.member.nick) return wrong('A nick that is not clean');
        return entry.member.role === 'member' ? undefined : wrong('A keeper');
      }
      case 'leave':
        return entry.member.id === this.#kim.you.id ? wrong('That Kim left') : undefined;
      case 'delete':
        return entry.by.id === this.#kim.you.id ? wrong('A deletion by Kim') : undefined;
      case 'reaction':
        return;
      default:
        return wrong('Something that only keepers do');
    }
  }

  /** Who came in goes, Mallory comes back, and her message is there to be changed again. */
  async #restore(answers: readonly (RawAnswer | string)[]): Promise<void> {
    for (const answer of answers) {
      if (typeof answer === 'string' || answer.status !== 201) continue;
      const { token, you } = JSON.parse(answer.body) as { token?: string; you?: { id: string } };
      if (token === undefined || you?.id === this.#mallory.you.id) continue;
      await this.#room.call('POST', '/v1/leave', { token, body: {} });
    }
    // What was still under way is done when Kim has written something.
    if (this.#nr % 4 === 0) await this.#kim.say('still here');
    await this.#news();
    if (this.#isAway) {
      const body = { nick: `mallory ${this.#nr}` };
      const { status, text } = await this.#mallory.call('POST', '/v1/join', { body });
      if (status !== 201) throw new Error(`Mallory cannot come back: ${text}`);
      this.#isAway = false;
    }
    if (this.#isMineGone) {
      this.#mine = (await this.#mallory.say(`mine ${this.#nr}`, { id: `r${this.#nr}` })).seq;
      this.#isMineGone = false;
    }
    // Who does not poll would be gone soon, since each input takes some seconds. A leave that was
    // still on its way may be recorded only now.
    const polled = await this.#mallory.tryPoll(this.#cursor);
    this.#isAway = polled.status !== 200;
    await this.#news();
  }
}

/** An answer is one of ours, without a word of what is behind it. */
function expectOrderly({ status, headers, body }: RawAnswer): void {
  if (status >= 500 && status !== 505) throw new Error(`The answer is ${status}: ${body}`);
  if (/^\s+at |\.ts:\d|node:|node_modules/m.test(body)) throw new Error(`It tells: ${body}`);
  const isProblem = headers.get('content-type')?.startsWith('application/problem') === true;
  if (!isProblem || body === '') return;
  const { code, status: told } = JSON.parse(body) as Problem;
  if (told !== status || errors[code].status !== status) throw new Error(`It says: ${body}`);
}

/** How an input was answered. What is said without words to the rest of it is noise. */
function wordsOf(answers: readonly (RawAnswer | 'closed' | 'held')[]): string {
  const shapes = answers.map(shapeOf);
  return shapes.filter((shape, nr) => nr === 0 || shape.includes(' ')).join(', ');
}

/** The status, the code, and the sentence without what it quotes. */
function shapeOf(answer: RawAnswer | 'closed' | 'held'): string {
  if (typeof answer === 'string') return answer;
  const { status, headers, body } = answer;
  const isProblem = headers.get('content-type')?.startsWith('application/problem') === true;
  if (!isProblem || body === '') return String(status);
  const { code, detail } = JSON.parse(body) as Problem;
  return `${status} ${code} ${detail.replaceAll(/"[^]*"/g, '""').replaceAll(/U\+[0-9A-F]+|\d+/g, '0')}`;
}

if (import.meta.main) {
  const option = (name: string): number | undefined => {
    const at = process.argv.indexOf(`--${name}`);
    return at === -1 ? undefined : Number(process.argv[at + 1]);
  };
  const seed = option('seed') ?? Math.floor(Math.random() * 2 ** 31);
  const minutes = option('minutes') ?? 1;
  console.log(`Fuzzing for ${minutes} minutes with --seed ${seed}`);
  const report = await fuzz({ seed, minutes, told: (line) => console.log(line) });
  const { inputs, outcomes, troubles } = report;
  console.log(`${inputs} inputs, ${outcomes.length} outcomes, ${troubles.length} troubles`);
  process.exit(troubles.length === 0 ? 0 : 1);
}
