/**
 * The network between clients and the room: each request and each answer takes its time, and may be
 * lost, repeated, overtaken, or cut off after the room has done what it asks for. Whoever waits for
 * what was lost hears of it sooner, later, or never.
 */
import type { Fetch } from '../../src/client/wire.ts';
import type { Chance } from './chance.ts';
import type { Heard } from './connections.ts';
import { proxyAddress, type Host } from './host.ts';
import type { Timeline } from './sim-clock.ts';
import type { Trace } from './trace.ts';

/** How likely each mishap is, for one request. */
export interface Weather {
  /** The request never arrives. */
  readonly lost: number;
  /** It arrives, and the answer never does. */
  readonly cut: number;
  /** It arrives twice. */
  readonly doubled: number;
  /** It arrives once more, long after. */
  readonly replayed: number;
  /** Something on the way answers instead. */
  readonly answered: number;
  /** One way takes so long on average, in milliseconds, and now and then much longer. */
  readonly latencyMs: number;
  readonly slow: number;
}

export const fair: Weather = {
  lost: 0,
  cut: 0,
  doubled: 0,
  replayed: 0,
  answered: 0,
  latencyMs: 4,
  slow: 0,
};

export const changeable: Weather = {
  lost: 0.01,
  cut: 0.02,
  doubled: 0.02,
  replayed: 0.01,
  answered: 0.005,
  latencyMs: 15,
  slow: 0.03,
};

export const storm: Weather = {
  lost: 0.12,
  cut: 0.15,
  doubled: 0.12,
  replayed: 0.05,
  answered: 0.05,
  latencyMs: 80,
  slow: 0.15,
};

export interface NetworkParts {
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly host: Host;
  readonly trace: Trace;
  /** What the room is, unseen by clients: for the record of what an answer belongs to. */
  readonly stamp: () => Readonly<Record<string, string>>;
}

interface Asked {
  readonly who: string;
  readonly url: string;
  readonly init: RequestInit;
  readonly peer: string;
  readonly forwardedFor: string | null;
}

/** How long until somebody is told that a connection is no more; some never are. */
const toldMs = [1, 2_000] as const;
/** The longest that anything is on its way, but for what is replayed. */
const slowMsMax = 2_500;
const replayMs = [3_000, 40_000] as const;
/** When a connection breaks on which a request waits. */
const brokenMs = [1, 20_000] as const;

/** Says of which history an answer is. Clients do not see it, their recorder does. */
export const historyHeader = 'x-sim-history';
/** Marks an answer to a request that arrives more than once: a refusal may not be the last word. */
export const copiedHeader = 'x-sim-copied';

export class Network {
  weather = fair;
  readonly #parts: NetworkParts;

  constructor(parts: NetworkParts) {
    this.#parts = parts;
  }

  /** A way to the room for one client. `address` is its own; some come by a proxy. */
  line(who: string, address: string, isProxied: boolean): Line {
    return new Line(this, this.#parts.chance, { who, address, isProxied });
  }

  /** Sends a request on its way. */
  send(asked: Asked): Promise<Response> {
    const { chance, timeline, trace, stamp } = this.#parts;
    const { weather } = this;
    const what = `${asked.init.method ?? 'GET'} ${asked.url}`;
    return new Promise<Response>((resolve, reject) => {
      const answered = ({ status, headers, text }: Heard): void => {
        const isOld = (): boolean => headers.get(historyHeader) !== stamp()[historyHeader];
        timeline.after(this.#wayMs(weather), () => {
          // An answer from before a cut that comes after it would be of either history.
          if (isOld()) return failed();
          trace.note(asked.who, `${what} ${status} ${text.length}`);
          // An answer without a body may not have one.
          resolve(new Response(status === 204 ? null : text, { status, headers }));
        });
      };
      const failed = (): void => {
        if (chance.happens(0.2)) return;
        timeline.after(chance.between(...toldMs), () => {
          trace.note(asked.who, `${what} failed`);
          reject(new TypeError('Failed to fetch'));
        });
      };
      const ignored = (): void => undefined;
      if (chance.happens(weather.lost)) {
        trace.count('request lost');
        return failed();
      }
      if (chance.happens(weather.answered)) {
        trace.count('answered by somebody else');
        return timeline.after(this.#wayMs(weather), () => resolve(this.#foreign()));
      }
      const isCut = chance.happens(weather.cut);
      const isDoubled = chance.happens(weather.doubled);
      // Who has left and come back would be sent out by it: that is what it asks for.
      const isReplayed = !asked.url.endsWith('/leave') && chance.happens(weather.replayed);
      if (isCut) trace.count('answer lost');
      const heard = isCut
        ? failed
        : (answer: Heard): void => {
            if (isDoubled || isReplayed) answer.headers.set(copiedHeader, 'yes');
            answered(answer);
          };
      timeline.after(this.#wayMs(weather), () => {
        const hangUp = this.#arrive(asked, heard, failed);
        if (!isCut) return;
        timeline.after(chance.between(...brokenMs), () => {
          if (!hangUp()) return;
          trace.count('connection broken');
          failed();
        });
      });
      if (isDoubled) {
        trace.count('request doubled');
        timeline.after(this.#wayMs(weather), () => void this.#arrive(asked, heard, ignored));
      }
      if (isReplayed) {
        trace.count('request replayed');
        timeline.after(
          chance.between(...replayMs),
          () => void this.#arrive(asked, ignored, ignored),
        );
      }
    });
  }

  /** Returns what breaks the connection, and tells whether there was an answer still to come. */
  #arrive(asked: Asked, heard: (heard: Heard) => void, failed: () => void): () => boolean {
    const { host, stamp } = this.#parts;
    const { url, init, peer, forwardedFor } = asked;
    const { connections } = host;
    if (connections === null) {
      failed();
      return () => false;
    }
    const headers = new Headers(init.headers);
    headers.set('host', 'room.test:8000');
    if (forwardedFor !== null) headers.set('x-forwarded-for', forwardedFor);
    const { method = 'GET', body = null } = init;
    if (typeof body === 'string') headers.set('content-length', String(Buffer.byteLength(body)));
    const bytes = typeof body === 'string' ? Buffer.from(body) : new Uint8Array();
    return connections.take(
      { method, target: url, fields: headers, body: bytes },
      peer,
      (answer) => {
        for (const [name, value] of Object.entries(stamp())) answer.headers.set(name, value);
        heard(answer);
      },
      failed,
    );
  }

  #wayMs({ latencyMs, slow }: Weather): number {
    const { chance } = this.#parts;
    const usual = chance.between(0.2, 2) * latencyMs;
    return chance.happens(slow) ? usual + Math.min(slowMsMax, chance.waiting(1_500)) : usual;
  }

  /** A proxy without its server, a captive portal, a page of a provider. */
  #foreign(): Response {
    const kind = this.#parts.chance.below(3);
    const html = { 'Content-Type': 'text/html' };
    if (kind === 0) return new Response('<h1>502 Bad Gateway</h1>', { status: 502, headers: html });
    if (kind === 1) return new Response('<h1>Log in here</h1>', { status: 200, headers: html });
    return new Response(null, { status: 503, headers: { 'Retry-After': '1' } });
  }
}

/** One client's way to the room. */
export class Line {
  /** Without a network nothing arrives, in either direction. */
  isAway = false;
  readonly #network: Network;
  readonly #chance: Chance;
  readonly #who: string;
  readonly #address: string;
  readonly #isProxied: boolean;

  constructor(
    network: Network,
    chance: Chance,
    { who, address, isProxied }: { who: string; address: string; isProxied: boolean },
  ) {
    this.#network = network;
    this.#chance = chance;
    this.#who = who;
    this.#address = address;
    this.#isProxied = isProxied;
  }

  readonly fetch: Fetch = async (url, init) => {
    if (this.isAway) throw new TypeError('Failed to fetch');
    const response = await this.#network.send({
      who: this.#who,
      url,
      init,
      peer: this.#isProxied ? proxyAddress : this.#address,
      forwardedFor: this.#isProxied ? this.#forwardedFor() : null,
    });
    // What comes while the network is away is lost, and nobody says so.
    return this.isAway ? await new Promise<never>(() => {}) : response;
  };

  /** What a client says of itself stands to the left, and is nobody's business. */
  #forwardedFor(): string {
    const made = this.#chance.happens(0.5) ? `198.51.100.${this.#chance.below(250)}, ` : '';
    return made + this.#address;
  }
}
