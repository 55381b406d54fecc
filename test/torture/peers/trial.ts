/**
 * One chat through the schedule: a server that is killed and paused, members that each come through
 * a proxy of their own, everything that was observed written down as a history.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, HistoryRecord } from '../../checker/record.ts';
import { apartHost, ServingProcess } from '../../kit/serving-process.ts';
import { until } from '../../kit/until.ts';
import { fair, startProxy, type Proxy, type Weather } from '../proxy.ts';
import type { Chat } from './chats.ts';
import { CrewProcess } from './crew-process.ts';
import type { Observation, Order } from './crew.ts';
import { numbering } from './numbering.ts';
import type { Saying, Schedule, ServerFault, Sleep } from './schedule.ts';
import { Screens, type Seen } from './screens.ts';
import { askUnread } from './unread.ts';

export interface TrialOptions {
  readonly members: number;
  readonly weather: Weather;
  readonly schedule: Schedule;
  readonly lengthMs: number;
  readonly random: () => number;
  /** Takes the history, record by record. */
  readonly record: (record: HistoryRecord) => void;
}

export interface TrialResult {
  readonly seen: Seen;
  /** What happened, each with how often. */
  readonly faults: Readonly<Record<string, number>>;
}

/** Nothing gets through. */
const noNetwork: Weather = { cutBefore: 1 };
const lookEveryMs = 250;
/** What a supervisor of services waits before it starts one again. */
const reviveMs = 1_000;
const joinMsMax = 60_000;
/**
 * How long after the last fault a member may take to hear what became of its messages, and to read
 * what it missed. Socket.IO tries eleven times, ten seconds each; Faye may take 54 s to notice that
 * an answer broke off.
 */
const settleMsMax = 130_000;
/** How long the last message of all may take to reach everybody. */
const lastMsMax = 60_000;

export async function runTrial(chat: Chat, options: TrialOptions): Promise<TrialResult> {
  const trial = new Trial(chat, options);
  try {
    await trial.open();
    await trial.suffer();
    return await trial.heal();
  } finally {
    await trial.close();
  }
}

class Trial {
  readonly #chat: Chat;
  readonly #options: TrialOptions;
  readonly #folder = mkdtempSync(join(tmpdir(), 'encke-peers-'));
  readonly #screens = new Screens();
  readonly #place: (record: Observation) => Observation;
  readonly #proxies: Proxy[] = [];
  readonly #faults: Record<string, number> = {};
  #server: ServingProcess | null = null;
  #crew: CrewProcess | null = null;
  #address = { host: apartHost, port: 0 };
  #nr = 0;
  #said = 0;
  /** Requests of those who slept: the proxy counts them among what the weather did. */
  #keptBack = 0;
  /** The last place that anybody was shown. */
  #head = { epoch: '', seq: 0 };

  constructor(chat: Chat, options: TrialOptions) {
    this.#chat = chat;
    this.#options = options;
    this.#place = chat.recorded === null ? numbering() : (record) => record;
  }

  /** Starts the server, and lets everybody in under a fair sky. */
  async open(): Promise<void> {
    await this.#start();
    this.#crew = new CrewProcess(this.#chat.crew, (observation) => this.#observe(observation));
    const { members, random, weather } = this.#options;
    for (let member = 0; member < members; member++) {
      const proxy = await startProxy({
        target: this.#address,
        random,
        weather: fair,
        // What a proxy may repeat of its own accord, whatever the chat: RFC 9110, section 9.2.2.
        mayReplay: ({ method }) => method === 'GET',
      });
      this.#proxies.push(proxy);
      this.#order({ do: 'join', who: nameOf(member), url: proxy.url });
    }
    const areIn = (): boolean => this.#screens.members.length === members;
    await until('everybody to join', areIn, joinMsMax);
    for (const proxy of this.#proxies) proxy.become(weather);
  }

  /** The schedule, from its beginning to its end. */
  async suffer(): Promise<void> {
    const { schedule, lengthMs } = this.#options;
    const startMs = performance.now();
    const at = async (atMs: number): Promise<void> => {
      await sleep(Math.max(0, startMs + atMs - performance.now()));
    };
    await Promise.all([
      this.#eachInTurn(schedule.server, at, async (fault) => await this.#strike(fault)),
      this.#eachInTurn(schedule.sayings, at, (saying) => this.#say(saying)),
      ...schedule.sleeps.map(async (one) => {
        await at(one.atMs);
        await this.#sleep(one);
      }),
      at(lengthMs),
    ]);
  }

  /** All is well again. Everybody may catch up, and then hears one more message. */
  async heal(): Promise<TrialResult> {
    this.#weatherReport();
    for (const proxy of this.#proxies) proxy.become(fair);
    await this.#patience(({ lost }) => lost === 0, settleMsMax);
    this.#say({ member: 0 });
    await this.#patience(({ stuck }) => stuck === 0, lastMsMax);
    const { epoch, seq } = this.#head;
    const clients = this.#screens.members;
    this.#take({ who: 'run', nr: ++this.#nr, do: 'healed', is: 'ok', epoch, seq, clients });
    await this.#end();
    const entries = this.#chat.recorded?.(this.#folder);
    if (entries) this.#take({ who: 'journal', nr: 1, do: 'journal', is: 'ok', epoch, entries });
    return { seen: this.#screens.seen(), faults: this.#faults };
  }

  async close(): Promise<void> {
    await this.#crew?.close();
    await this.#end();
    for (const proxy of this.#proxies) await proxy.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Waits until every message is known to have arrived or not, and what is seen is good. */
  async #patience(isGood: (seen: Seen) => boolean, forMs: number): Promise<void> {
    const lateAt = performance.now() + forMs;
    while (performance.now() < lateAt) {
      await sleep(lookEveryMs);
      const seen = this.#screens.seen();
      if (seen.said === this.#said && this.#screens.pending === 0 && isGood(seen)) return;
    }
  }

  async #start(): Promise<void> {
    const { host, port } = this.#address;
    const where = ['--host', host, '--port', String(port), '--data', this.#folder];
    const server = new ServingProcess({ args: [...this.#chat.server, ...where] });
    this.#address = { host, port: Number(new URL(await server.open()).port) };
    this.#server = server;
    void server.ended.then(async () => await this.#revive(server));
  }

  /** Ends the server. Nobody else starts it again meanwhile. */
  async #end(): Promise<ServingProcess | null> {
    const server = this.#server;
    this.#server = null;
    await server?.destroy();
    return server;
  }

  /** A server that ends by itself is started again, as whatever runs a service would do. */
  async #revive(server: ServingProcess): Promise<void> {
    if (this.#server !== server) return;
    this.#server = null;
    this.#faults['crashed by itself'] = (this.#faults['crashed by itself'] ?? 0) + 1;
    console.error(`${this.#chat.name} crashed: ${lastWordsOf(server)}`);
    await sleep(reviveMs);
    await this.#start();
  }

  async #strike(fault: ServerFault): Promise<void> {
    const { name, forMs } = fault;
    await this.#break(name, async () => {
      if (name === 'kill') return await this.#kill(forMs);
      if (name === 'pause') return await this.#pause(forMs);
      await this.#serving();
      return await askUnread(this.#address, this.#chat.large, forMs);
    });
  }

  async #kill(forMs: number): Promise<string | null> {
    await this.#serving();
    const old = await this.#end();
    const signal = (await old?.ended)?.signal;
    await sleep(forMs);
    await this.#start();
    const { pid } = await this.#serving();
    return signal === 'SIGKILL' ? `process ${old?.pid} was killed, ${pid} serves now` : null;
  }

  async #pause(forMs: number): Promise<string | null> {
    const server = await this.#serving();
    server.signal('SIGSTOP');
    await sleep(forMs);
    // The kernel's word: T is a process that was stopped.
    const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
    server.signal('SIGCONT');
    const isStopped = /^State:\s+T/m.test(status);
    return isStopped ? `process ${server.pid} stood still for ${forMs} ms` : null;
  }

  async #sleep({ member, forMs }: Sleep): Promise<void> {
    const proxy = this.#proxies[member];
    if (proxy === undefined) throw new Error(`There is no member ${member}`);
    await this.#break('sleep', async () => {
      const before = proxy.counts.cutBefore;
      proxy.become(noNetwork);
      const cut = proxy.cutAll();
      await sleep(forMs);
      const tried = proxy.counts.cutBefore - before;
      this.#keptBack += tried;
      proxy.become(this.#options.weather);
      if (cut + tried === 0) return null;
      return `${cut} connections of ${nameOf(member)} cut, ${tried} requests kept back`;
    });
  }

  #say({ member }: Pick<Saying, 'member'>): void {
    const who = nameOf(member);
    this.#order({ do: 'say', who, key: `${who}:m${++this.#said}` });
  }

  /** What the proxies did, told as faults as well. */
  #weatherReport(): void {
    const { weather } = this.#options;
    for (const name of Object.keys(weather) as (keyof Weather)[]) {
      const counted = this.#proxies.reduce((total, { counts }) => total + counts[name], 0);
      const times = name === 'cutBefore' ? counted - this.#keptBack : counted;
      const nr = ++this.#nr;
      this.#fault(nr, { do: 'fault', is: 'invoke', name });
      if (times === 0) this.#fault(nr, { do: 'fault', is: 'fail', reason: 'It never came' });
      else this.#fault(nr, { do: 'fault', is: 'ok', evidence: `${times} requests` });
      this.#faults[name] = times;
    }
  }

  async #break(name: string, run: () => Promise<string | null>): Promise<void> {
    const nr = ++this.#nr;
    this.#fault(nr, { do: 'fault', is: 'invoke', name });
    const evidence = await run();
    if (evidence === null) {
      this.#fault(nr, { do: 'fault', is: 'fail', reason: 'Nothing shows that it happened' });
      return;
    }
    this.#fault(nr, { do: 'fault', is: 'ok', evidence });
    this.#faults[name] = (this.#faults[name] ?? 0) + 1;
  }

  #fault(nr: number, fault: Fault): void {
    this.#take({ who: 'faults', nr, ...fault });
  }

  async #eachInTurn<T extends { readonly atMs: number }>(
    things: readonly T[],
    at: (atMs: number) => Promise<void>,
    run: (thing: T) => Promise<void> | void,
  ): Promise<void> {
    for (const thing of things) {
      await at(thing.atMs);
      await run(thing);
    }
  }

  /** The server; waited for, should it have crashed just now. */
  async #serving(): Promise<ServingProcess> {
    return await until('a server', () => this.#server);
  }

  #order(order: Order): void {
    if (this.#crew === null) throw new Error('Nobody is there to be told');
    this.#crew.order(order);
  }

  #observe(observation: Observation): void {
    const placed = this.#place(observation);
    if (placed.do === 'show' && placed.seq > this.#head.seq) {
      this.#head = { epoch: placed.epoch, seq: placed.seq };
    }
    this.#take(placed);
  }

  #take(observation: Observation): void {
    const record = { at: performance.now(), ...observation } as HistoryRecord;
    this.#screens.take(record);
    this.#options.record(record);
  }
}

/** The line of its log that says why. */
function lastWordsOf({ logged }: ServingProcess): string {
  return /^\S*(error|panic)\b.*$/im.exec(logged)?.[0] ?? 'it did not say why';
}

function nameOf(member: number): string {
  return `c${member}`;
}
