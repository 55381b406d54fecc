/** The socket: the one file of the web that knows on what it runs. */
import { limits } from '../protocol/limits.ts';
import type { Clock } from '../supervisor/clock.ts';

export interface Listener {
  readonly port: number;
  /** Where a browser on this machine finds it. */
  readonly url: string;
  /**
   * Accepts no more connections, waits until what is under way is answered, but no longer than
   * `graceMs`, and closes every connection.
   */
  stop(graceMs: number): Promise<void>;
}

export interface ListenerSpec {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  readonly clock: Clock;
  readonly answer: (request: Request, peer: string) => Response | Promise<Response>;
}

/**
 * Seconds after which a connection on which nothing happens is closed. A held poll is such a
 * connection, so this is well above the longest hold.
 */
const idleSeconds = limits.holdMsMax / 1_000 + 35;

/** Requests that are begun in one turn of the event loop: about 5 ms of snapshots. */
const begunMax = 256;

/** How long a written answer is given to leave the machine before its connection is closed. */
const flushMs = 50;

/** Listens. Throws when the port is taken or not allowed. */
export function listen(spec: ListenerSpec): Listener {
  let underWay = 0;
  let whenIdle: () => void = () => undefined;
  const finished = (): void => {
    if (--underWay === 0) whenIdle();
  };
  const turn = new Turn(spec.clock);
  const server = Bun.serve({
    hostname: spec.host,
    port: spec.port,
    idleTimeout: idleSeconds,
    // Far above our own limit: a body over ours is refused with our own words, and is not read.
    maxRequestBodySize: limits.bodyBytesMax * 1_024,
    development: false,
    // Otherwise a second server would share the port, and half of the members.
    reusePort: false,
    fetch: (request, bun) => {
      underWay++;
      const peer = bun.requestIP(request)?.address ?? '';
      const answer = turn.take(() => spec.answer(request, peer));
      void answer.then(finished, finished);
      return answer;
    },
  });
  const port = server.port ?? spec.port;
  const isAny = spec.host === '0.0.0.0' || spec.host === '::';
  const host = isAny ? 'localhost' : spec.host.includes(':') ? `[${spec.host}]` : spec.host;
  return {
    port,
    url: `http://${host}:${port}`,
    async stop(graceMs) {
      void server.stop(false);
      await new Promise<void>((resolve) => {
        const cancel = spec.clock.after(graceMs, resolve);
        const idle = (): void => {
          cancel();
          spec.clock.after(flushMs, resolve);
        };
        if (underWay === 0) idle();
        else whenIdle = idle;
      });
      await server.stop(true);
    },
  };
}

/**
 * One turn of the event loop, and how many requests are begun in it. Bun reads requests that are
 * pipelined on one connection, and answers each that is answered at once, before it looks at
 * anything else: a few connections with thousands of them would keep everybody else waiting, and
 * the heartbeat too. What comes after the first few hundred waits for the next turn; and behind a
 * request that waits, Bun closes the connection on the next one that is pipelined.
 */
class Turn {
  readonly #clock: Clock;
  #begun = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Answers now, or in a later turn. */
  async take(answer: () => Response | Promise<Response>): Promise<Response> {
    if (this.#begun === 0) this.#clock.soon(() => (this.#begun = 0));
    if (this.#begun++ >= begunMax) await new Promise<void>((done) => this.#clock.soon(done));
    return await answer();
  }
}
