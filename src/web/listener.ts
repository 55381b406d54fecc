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

/** How long a written answer is given to leave the machine before its connection is closed. */
const flushMs = 50;

/** Listens. Throws when the port is taken or not allowed. */
export function listen(spec: ListenerSpec): Listener {
  let underWay = 0;
  let whenIdle: () => void = () => undefined;
  const finished = (): void => {
    if (--underWay === 0) whenIdle();
  };
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
      const answer = spec.answer(request, bun.requestIP(request)?.address ?? '');
      // Always a promise that is not yet settled. Bun answers what is settled at once, and then the
      // next request that is pipelined behind it, all in one turn of the event loop: thousands of
      // them would stand before everybody else's. Behind one that is pending it closes.
      return Promise.resolve(answer).then((response) => {
        finished();
        return response;
      });
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
