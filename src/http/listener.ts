/** The network: the one file that knows on what the server listens. */
import { refuse, type Refusal } from '../protocol/errors.ts';
import type { Clock } from '../supervisor/clock.ts';
import type { Answer } from './answer.ts';
import { Connection, type Host } from './connection.ts';
import { connectionsAllowed } from './descriptors.ts';
import type { Exchange, HttpRequest } from './request.ts';
import { Turn, type Telling } from './turn.ts';

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
  /** Takes a request. Must not throw. */
  readonly answer: (request: HttpRequest, exchange: Exchange) => void;
  /** The answer to what is no request. */
  readonly problem: (refusal: Refusal) => Answer;
  /** While many are told something, those who were wait with what they ask next. */
  readonly telling?: Telling;
  /** Connections at once; as many as the process has descriptors for, unless it is said. */
  readonly connectionsMax?: number;
}

/** How often deadlines are looked at. Each is late by up to this much. */
const sweepMs = 1_000;

/** How long a written answer is given to leave the machine before its connection is closed. */
const flushMs = 50;

const full = refuse('BUSY', 'The server has as many connections as it may', 5_000);

/** Listens. Throws when the port is taken or not allowed. */
export function listen(spec: ListenerSpec): Listener {
  const host = new ListenerHost(spec);
  const connectionsMax = spec.connectionsMax ?? connectionsAllowed();
  const server = Bun.listen<Connection>({
    hostname: spec.host,
    port: spec.port,
    socket: {
      open(socket) {
        const connection = new Connection(socket, host);
        socket.data = connection;
        // One more would take a descriptor that the process needs itself; without any left it would
        // be woken for a connection that it cannot accept, again and again.
        if (host.connections.size >= connectionsMax) return connection.turnAway(full);
        host.connections.add(connection);
      },
      data: (socket, bytes) => socket.data.took(bytes),
      drain: (socket) => socket.data.drained(),
      close(socket) {
        host.connections.delete(socket.data);
        socket.data.closed();
      },
      // What one of these throws is a broken assumption, and would be kept quiet. A connection that
      // breaks is no error: it is closed.
      error(_, reason) {
        throw reason;
      },
    },
  });
  host.started();
  const isAny = spec.host === '0.0.0.0' || spec.host === '::';
  const name = isAny ? 'localhost' : spec.host.includes(':') ? `[${spec.host}]` : spec.host;
  return {
    port: server.port,
    url: `http://${name}:${server.port}`,
    async stop(graceMs) {
      server.stop();
      await host.whenIdle(graceMs);
      host.close();
      server.stop(true);
    },
  };
}

/** What the connections of one listener share: the time, the turn, what is under way. */
class ListenerHost implements Host {
  readonly connections = new Set<Connection>();
  /** Counted from the start. */
  nowMs = 0;
  date: string;
  readonly #spec: ListenerSpec;
  readonly #turn: Turn;
  #underWay = 0;
  #whenIdle: () => void = () => undefined;
  #cancelSweep: () => void = () => undefined;

  constructor(spec: ListenerSpec) {
    this.#spec = spec;
    this.date = dateOf(spec.clock);
    this.#turn = new Turn(spec.clock, spec.telling ?? { isOn: false });
  }

  /** The port is taken: time goes on from here, and for one that is not, no timer is left. */
  started(): void {
    this.#sweepLater();
  }

  putsOff(connection: Connection): boolean {
    return this.#turn.putsOff(connection);
  }

  mayBegin(connection: Connection): boolean {
    return this.#turn.mayBegin(connection);
  }

  begun(request: HttpRequest, exchange: Exchange): void {
    this.#underWay++;
    this.#spec.answer(request, exchange);
  }

  ended(): void {
    if (--this.#underWay === 0) this.#whenIdle();
  }

  problem(refusal: Refusal): Answer {
    return this.#spec.problem(refusal);
  }

  /** Resolves when nothing is under way any more, and what was written has had time to leave. */
  async whenIdle(graceMs: number): Promise<void> {
    const { clock } = this.#spec;
    await new Promise<void>((resolve) => {
      const cancel = clock.after(graceMs, resolve);
      const idle = (): void => {
        cancel();
        clock.after(flushMs, resolve);
      };
      if (this.#underWay === 0) idle();
      else this.#whenIdle = idle;
    });
  }

  close(): void {
    this.#cancelSweep();
    for (const connection of [...this.connections]) connection.expire();
  }

  /** Looks at every deadline: one timer for all, and a comparison for each. */
  #sweepLater(): void {
    const { clock } = this.#spec;
    const sweptMs = clock.monotonic();
    this.#cancelSweep = clock.after(sweepMs, () => {
      // While the process was stopped it heard nobody: that time is nobody's to have been silent.
      this.nowMs += Math.min(clock.monotonic() - sweptMs, 2 * sweepMs);
      this.date = dateOf(clock);
      for (const connection of this.connections) {
        if (connection.deadlineMs < this.nowMs) connection.expire();
      }
      this.#sweepLater();
    });
  }
}

/** A date as HTTP writes it. */
function dateOf(clock: Clock): string {
  return new Date(clock.now()).toUTCString();
}
