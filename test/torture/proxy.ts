/**
 * A proxy on this machine that does to requests what networks do: it delays, cuts, half-closes,
 * stalls, sends twice, and sends once more later. It knows where a request begins and ends, so that
 * it can aim: a request that never arrived, one that took effect and whose answer was lost, an
 * answer that breaks off in the middle.
 *
 * What it does is drawn for each request from the weather at that moment, by the randomness that is
 * handed in. It never makes anything up: every byte that it sends was sent to it.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { RequestReader, type RawRequest } from './requests.ts';

/**
 * - `delay`: the request waits before it is passed on.
 * - `cutBefore`: the connection ends, and the request has not reached the server.
 * - `cutAfter`: the request has reached it, and nothing of the answer comes back.
 * - `cutWithin`: the answer breaks off in the middle.
 * - `halfClose`: the server hears that nothing more will be sent, and answers all the same.
 * - `stall`: the answer stands still on its way.
 * - `duplicate`: the request is sent twice at about the same time, and the second answer is lost.
 * - `replay`: the same, but seconds later; only for requests that a proxy may repeat then.
 */
export const harms = [
  'delay',
  'cutBefore',
  'cutAfter',
  'cutWithin',
  'halfClose',
  'stall',
  'duplicate',
  'replay',
] as const;
export type Harm = (typeof harms)[number];

/** How likely each harm comes to a request, from 0 to 1; together at most 1. */
export type Weather = Readonly<Partial<Record<Harm, number>>>;

/** Nothing happens. */
export const fair: Weather = {};

/** A bad line: about every sixth request suffers. */
export const rough: Weather = {
  delay: 0.05,
  cutBefore: 0.02,
  cutAfter: 0.02,
  cutWithin: 0.02,
  halfClose: 0.01,
  stall: 0.01,
  duplicate: 0.03,
  replay: 0.02,
};

export interface ProxyParts {
  readonly target: { readonly host: string; readonly port: number };
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly weather: Weather;
  /** Which requests may be replayed; without it, those that nothing can have overtaken. */
  readonly mayReplay?: (request: RawRequest) => boolean;
}

export interface Proxy {
  readonly port: number;
  readonly url: string;
  readonly counts: ProxyCounts;
  /** Changes the weather, for requests from now on. Without stalls, what is stalled goes on. */
  become(weather: Weather): void;
  /** Changes where new connections lead. */
  aim(target: ProxyParts['target']): void;
  /** Cuts every connection, and forgets what would have been replayed. Answers with how many. */
  cutAll(): number;
  close(): Promise<void>;
}

/** What it did so far. */
export type ProxyCounts = Readonly<
  Record<Harm | 'connections' | 'requests' | 'unreachable', number>
>;

const delayMsMax = 400;
/** Beyond what a client waits for an answer that is not held, so that some give it up. */
const stallMsMax = 18_000;
const replayMsMin = 1_000;
const replayMsMax = 30_000;
/** Two sendings of one request are this far apart at most, either way round. */
const apartMsMax = 20;
/** Requests waiting to be replayed. */
const replaysMax = 500;
/** A second sending is given up after this time: no poll is held for longer. */
const asideMsMax = 30_000;

export async function startProxy(parts: ProxyParts): Promise<Proxy> {
  const proxy = new Harming(parts);
  return await proxy.listen();
}

class Harming {
  readonly random: () => number;
  readonly counts: Record<keyof ProxyCounts, number>;
  readonly #mayReplay: (request: RawRequest) => boolean;
  readonly #server: Server;
  readonly #passages = new Set<Passage>();
  readonly #asides = new Set<Socket>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #replays = new Set<NodeJS.Timeout>();
  /** Lets an answer go on that stands still. */
  readonly #stalled = new Set<() => void>();
  #weather: Weather;
  #target: ProxyParts['target'];

  constructor({ target, random, weather, mayReplay = mayReplayAlways }: ProxyParts) {
    this.random = random;
    this.#target = target;
    this.#weather = weather;
    this.#mayReplay = mayReplay;
    const names = [...harms, 'connections', 'requests', 'unreachable'] as const;
    this.counts = Object.fromEntries(names.map((name) => [name, 0])) as Record<
      keyof ProxyCounts,
      number
    >;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
      this.counts.connections++;
      const passage = new Passage(this, client, () => this.#passages.delete(passage));
      this.#passages.add(passage);
    });
  }

  async listen(): Promise<Proxy> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#server.once('error', reject);
    this.#server.listen(0, '127.0.0.1', resolve);
    await promise;
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The proxy has no port');
    const { port } = address;
    return {
      port,
      url: `http://127.0.0.1:${port}`,
      counts: this.counts,
      become: (weather) => this.#become(weather),
      aim: (target) => (this.#target = target),
      cutAll: () => this.#cutAll(),
      close: () => this.#close(),
    };
  }

  /** Draws what happens to a request. */
  fateOf(request: RawRequest): Harm | null {
    let drawn = this.random();
    for (const harm of harms) {
      drawn -= this.#weather[harm] ?? 0;
      if (drawn >= 0) continue;
      return harm === 'replay' && !this.#mayReplay(request) ? null : harm;
    }
    return null;
  }

  dial(): Socket {
    return connect({ ...this.#target, allowHalfOpen: true, noDelay: true });
  }

  /** Sends a request on a connection of its own, and throws the answer away. */
  sendAside(bytes: Buffer): void {
    const socket = this.dial();
    this.#asides.add(socket);
    socket.setTimeout(asideMsMax, () => socket.destroy());
    socket.on('data', () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('end', () => socket.destroy());
    socket.on('close', () => this.#asides.delete(socket));
    socket.write(bytes);
  }

  /** Lets an answer stand still, until its time is over or the weather better. */
  stall(goOn: () => void): void {
    const once = (): void => {
      if (this.#stalled.delete(once)) goOn();
    };
    this.#stalled.add(once);
    this.after(stallMsMax * this.random(), once);
  }

  replayLater(bytes: Buffer): boolean {
    if (this.#replays.size >= replaysMax) return false;
    const delayMs = replayMsMin + (replayMsMax - replayMsMin) * this.random();
    const timer = this.after(delayMs, () => {
      this.#replays.delete(timer);
      this.sendAside(bytes);
    });
    this.#replays.add(timer);
    return true;
  }

  after(delayMs: number, run: () => void): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, delayMs);
    this.#timers.add(timer);
    return timer;
  }

  #become(weather: Weather): void {
    this.#weather = weather;
    if (weather.stall === undefined) for (const goOn of [...this.#stalled]) goOn();
  }

  #cutAll(): number {
    const cut = this.#passages.size;
    for (const timer of this.#replays) clearTimeout(timer);
    this.#replays.clear();
    for (const passage of [...this.#passages]) passage.cut(true);
    for (const socket of this.#asides) socket.destroy();
    return cut;
  }

  async #close(): Promise<void> {
    this.#cutAll();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    await new Promise<void>((resolve) => void this.#server.close(() => resolve()));
  }
}

/** One connection of a client, and the one to the server that belongs to it. */
class Passage {
  readonly #proxy: Harming;
  readonly #client: Socket;
  readonly #ended: () => void;
  readonly #reader = new RequestReader();
  #server: Socket | null = null;
  /** What is done to the answer that comes next. */
  #fate: Harm | null = null;
  /** Requests one after the other, also when one of them is delayed. */
  #turn: Promise<void> = Promise.resolve();
  #isCut = false;

  constructor(proxy: Harming, client: Socket, ended: () => void) {
    this.#proxy = proxy;
    this.#client = client;
    this.#ended = ended;
    client.on('data', (chunk: Buffer) => {
      for (const piece of this.#reader.take(chunk)) {
        this.#turn = this.#turn.then(async () => {
          if (this.#isCut) return;
          if ('opaque' in piece) this.#forward(piece.opaque);
          else await this.#pass(piece);
        });
      }
    });
    client.on('end', () => {
      this.#turn = this.#turn.then(() => {
        if (this.#server === null) this.cut(false);
        else this.#server.end();
      });
    });
    client.on('error', () => this.cut(true));
    client.on('close', () => this.cut(false));
  }

  /** Ends it, with a reset or in order. */
  cut(isReset: boolean): void {
    if (this.#isCut) return;
    this.#isCut = true;
    this.#ended();
    if (isReset) this.#client.resetAndDestroy();
    else this.#client.destroy();
    this.#server?.destroy();
  }

  async #pass(request: RawRequest): Promise<void> {
    const { counts, random } = this.#proxy;
    counts.requests++;
    const fate = this.#proxy.fateOf(request);
    if (fate !== null) counts[fate]++;
    this.#fate = fate;
    const { bytes } = request;
    switch (fate) {
      case 'cutBefore':
        this.cut(random() < 0.5);
        return;
      case 'delay':
        await this.#pause(delayMsMax * random());
        break;
      case 'duplicate':
        if (random() < 0.5) {
          this.#proxy.sendAside(bytes);
          await this.#pause(apartMsMax * random());
        } else {
          this.#proxy.after(apartMsMax * random(), () => this.#proxy.sendAside(bytes));
        }
        break;
      case 'replay':
        this.#proxy.replayLater(bytes);
        break;
      default:
    }
    if (this.#isCut) return;
    this.#forward(bytes);
    if (fate === 'halfClose') this.#server?.end();
    // Half of them end when the server answers, the others while it is at work.
    if (fate === 'cutAfter' && random() < 0.5) {
      this.#proxy.after(apartMsMax * random(), () => this.cut(random() < 0.5));
    }
  }

  #forward(bytes: Buffer): void {
    this.#server ??= this.#open();
    if (this.#server.write(bytes)) return;
    this.#client.pause();
    this.#server.once('drain', () => this.#client.resume());
  }

  #open(): Socket {
    const server = this.#proxy.dial();
    server.on('data', (chunk: Buffer) => this.#answer(chunk, server));
    server.on('end', () => this.#client.end());
    server.on('error', (reason: NodeJS.ErrnoException) => {
      if (reason.code === 'ECONNREFUSED') this.#proxy.counts.unreachable++;
      this.cut(true);
    });
    server.on('close', () => {
      if (!this.#isCut && this.#client.writableLength === 0) this.cut(false);
    });
    return server;
  }

  #answer(chunk: Buffer, server: Socket): void {
    if (this.#isCut) return;
    const { random } = this.#proxy;
    switch (this.#fate) {
      case 'cutAfter':
        this.cut(random() < 0.5);
        return;
      case 'cutWithin': {
        this.#fate = null;
        const part = chunk.subarray(0, Math.ceil((chunk.length - 1) * random()));
        if (part.length === 0) return this.cut(random() < 0.5);
        this.#client.write(part, () => this.cut(random() < 0.5));
        server.pause();
        return;
      }
      case 'stall':
        this.#fate = null;
        server.pause();
        this.#proxy.stall(() => {
          this.#toClient(chunk, server);
          server.resume();
        });
        return;
      default:
        this.#toClient(chunk, server);
    }
  }

  // A client that reads slowly slows the server down, and not this proxy's memory.
  #toClient(chunk: Buffer, server: Socket): void {
    if (this.#isCut || this.#client.write(chunk)) return;
    server.pause();
    this.#client.once('drain', () => server.resume());
  }

  async #pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => this.#proxy.after(ms, resolve));
  }
}

/**
 * Saying the same again is the same, and reading changes nothing. A join or a leave that comes
 * again after its opposite would be another one: no proxy may do that.
 */
function mayReplayAlways({ method, target }: RawRequest): boolean {
  return method === 'GET' || (method === 'POST' && target.startsWith('/v1/messages'));
}
