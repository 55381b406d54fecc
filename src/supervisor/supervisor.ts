/**
 * A supervisor starts its children in order, starts again those that crash, and gives up loudly
 * when that does not help: more than `intensity` restarts within `periodMs` take it down, and its
 * own supervisor decides. It stops its children in the reverse order, each within its deadline.
 *
 * The meaning is OTP's (see the Erlang/OTP documentation, "Supervisor Behaviour"). What differs is
 * the ground it stands on: a child here is an object on one event loop, not a process, so nothing
 * but its own report tells that it is broken. `reporting` in child.ts makes that report.
 */
import type { ChildContext, ChildSpec, Running } from './child.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import { Ref } from './ref.ts';

/**
 * Who is restarted with a child that crashed. One for one: it alone. One for all: every child.
 * Rest for one: it and those that were started after it, because they build upon it.
 */
export type Strategy = 'one_for_one' | 'one_for_all' | 'rest_for_one';

export interface SupervisorSpec {
  readonly id: string;
  readonly strategy: Strategy;
  /** More restarts than this within `periodMs` take the supervisor down. */
  readonly intensity: number;
  readonly periodMs: number;
  readonly children: readonly AnyChildSpec[];
}

// A list of children of different kinds: each specification agrees with itself, and the
// supervisor never looks inside a service.
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyChildSpec = ChildSpec<any>;

/** What `GET /readyz` and the log show of a tree. */
export interface TreeNode {
  readonly id: string;
  readonly kind: 'supervisor' | 'service';
  readonly state: 'starting' | 'running' | 'stopped';
  readonly restarts: number;
  readonly children?: readonly TreeNode[];
}

interface Child {
  readonly spec: AnyChildSpec;
  state: 'starting' | 'running' | 'stopped';
  running: Running<unknown> | null;
  /** Distinguishes one life from the next: a report about an earlier life is ignored. */
  life: number;
  restarts: number;
}

export class Supervisor {
  readonly #spec: SupervisorSpec;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #gaveUp: (reason: unknown) => void;
  readonly #children: Child[];
  #restartTimes: number[] = [];
  #state: 'idle' | 'running' | 'stopping' | 'stopped' = 'idle';
  /** Starts and restarts happen one after the other; this is the last of them. */
  #work: Promise<void> = Promise.resolve();

  /** `gaveUp` is called once, after all children were stopped, when restarting did not help. */
  constructor(spec: SupervisorSpec, clock: Clock, log: Log, gaveUp: (reason: unknown) => void) {
    this.#spec = spec;
    this.#clock = clock;
    this.#log = log;
    this.#gaveUp = gaveUp;
    this.#children = spec.children.map((child) => ({
      spec: child,
      state: 'stopped',
      running: null,
      life: 0,
      restarts: 0,
    }));
  }

  /**
   * Starts the children in order. When one cannot be started, those that were are stopped again
   * and the reason is thrown: a first start that fails is the caller's to judge, not a crash.
   */
  async start(): Promise<void> {
    this.#state = 'running';
    // A crash that is reported meanwhile, and a stop, wait until all have been started.
    const started = this.#work.then(async () => await this.#startAll());
    this.#work = started.catch(() => undefined);
    try {
      await started;
    } catch (reason) {
      await this.stop();
      throw reason;
    }
  }

  /** Stops the children in the reverse order of their start, each within its deadline. */
  async stop(): Promise<void> {
    if (this.#state === 'stopped') return;
    this.#state = 'stopping';
    await this.#work;
    for (const child of this.#children.toReversed()) await this.#stopChild(child);
    this.#state = 'stopped';
  }

  /** The tree below this supervisor, with the state and the restarts of each child. */
  tree(): TreeNode {
    const children = this.#children.map((child): TreeNode => {
      const { service } = child.running ?? {};
      const below = service instanceof Supervisor ? service.tree().children : undefined;
      return {
        id: child.spec.id,
        kind: below === undefined ? 'service' : 'supervisor',
        state: child.state,
        restarts: child.restarts,
        ...(below === undefined ? {} : { children: below }),
      };
    });
    return {
      id: this.#spec.id,
      kind: 'supervisor',
      state: this.#state === 'running' ? 'running' : 'stopped',
      restarts: 0,
      children,
    };
  }

  async #startAll(): Promise<void> {
    for (const child of this.#children) {
      if (this.#state !== 'running') return;
      await this.#startChild(child);
    }
  }

  async #startChild(child: Child): Promise<void> {
    const life = ++child.life;
    const isThisLife = (): boolean => child.life === life;
    const context: ChildContext = {
      crashed: (reason) => {
        if (isThisLife()) this.#childEnded(child, true, reason);
      },
      ended: () => {
        if (isThisLife()) this.#childEnded(child, false, null);
      },
    };
    child.state = 'starting';
    try {
      const running = await this.#within(
        child.spec.startMs,
        `The start of "${child.spec.id}"`,
        async () => await child.spec.start(context),
        // A start that ends after its deadline made something that nobody will ever stop.
        (late) => void this.#letGo(child.spec, late),
      );
      // It may have reported a crash before `start` returned: then this life is over already, and
      // what it made must not live on beside the next one.
      if (!isThisLife()) return await this.#letGo(child.spec, running);
      child.running = running;
      child.state = 'running';
      child.spec.ref.set(running.service);
    } catch (reason) {
      child.state = 'stopped';
      child.life++;
      throw reason;
    }
  }

  async #stopChild(child: Child): Promise<void> {
    child.life++;
    child.state = 'stopped';
    child.spec.ref.set(null);
    const running = child.running;
    child.running = null;
    if (running !== null) await this.#letGo(child.spec, running);
  }

  /** Ends what a life has made that is over already. */
  async #letGo({ id, stopMs }: AnyChildSpec, running: Running<unknown>): Promise<void> {
    try {
      await this.#within(stopMs, `The stop of "${id}"`, async () => await running.stop());
    } catch (reason) {
      this.#log.warn('A service did not stop cleanly', { service: id, reason: describe(reason) });
    }
  }

  #childEnded(child: Child, isCrash: boolean, reason: unknown): void {
    // From here on this life is over: what else it reports is about the same end.
    child.life++;
    child.state = 'stopped';
    child.spec.ref.set(null);
    if (this.#state !== 'running') return;
    const { restart, id } = child.spec;
    const isRestarted = restart === 'permanent' || (restart === 'transient' && isCrash);
    if (isCrash) {
      this.#log.error('A service crashed', { service: id, reason: describe(reason), restart });
    }
    this.#work = this.#work.then(async () => {
      if (this.#state !== 'running') return;
      if (isRestarted) await this.#restart(child, reason);
      else await this.#stopChild(child);
    });
  }

  async #restart(child: Child, reason: unknown): Promise<void> {
    const index = this.#children.indexOf(child);
    const { strategy } = this.#spec;
    const concerned =
      strategy === 'one_for_one'
        ? [child]
        : this.#children.slice(strategy === 'one_for_all' ? 0 : index);
    for (let why = reason; ;) {
      for (const other of concerned.toReversed()) await this.#stopChild(other);
      if (!this.#mayRestart()) return await this.#giveUp(child, why);
      child.restarts++;
      const startedAt = this.#clock.monotonic();
      try {
        for (const other of concerned) await this.#startChild(other);
        this.#log.info('A service was restarted', {
          service: child.spec.id,
          restarts: child.restarts,
          ms: Math.round(this.#clock.monotonic() - startedAt),
        });
        return;
      } catch (failure) {
        why = failure;
        this.#log.error('A service could not be started', {
          service: child.spec.id,
          reason: describe(failure),
        });
      }
    }
  }

  /** Counts a restart, and tells whether it is still within the intensity. */
  #mayRestart(): boolean {
    const now = this.#clock.monotonic();
    this.#restartTimes = this.#restartTimes.filter((at) => now - at < this.#spec.periodMs);
    this.#restartTimes.push(now);
    return this.#restartTimes.length <= this.#spec.intensity;
  }

  async #giveUp(child: Child, reason: unknown): Promise<void> {
    const { id, intensity, periodMs } = this.#spec;
    this.#log.error('A supervisor gives up', {
      supervisor: id,
      service: child.spec.id,
      reason: describe(reason),
      rule: `${intensity} restarts in ${periodMs / 1000} s`,
    });
    this.#state = 'stopping';
    for (const other of this.#children.toReversed()) await this.#stopChild(other);
    this.#state = 'stopped';
    this.#gaveUp(new GaveUp(id, child.spec.id, reason));
  }

  async #within<T>(
    deadlineMs: number,
    what: string,
    run: () => Promise<T>,
    late: (result: T) => void = () => undefined,
  ): Promise<T> {
    return await new Promise<T>((resolve, reject) => {
      let isLate = false;
      const cancel = this.#clock.after(deadlineMs, () => {
        isLate = true;
        reject(new Error(`${what} took longer than ${deadlineMs} ms`));
      });
      run().then(
        (result) => {
          cancel();
          if (isLate) late(result);
          else resolve(result);
        },
        (reason: unknown) => {
          cancel();
          reject(reason instanceof Error ? reason : new Error(describe(reason)));
        },
      );
    });
  }
}

/** Restarting did not help. */
export class GaveUp extends Error {
  readonly service: string;

  constructor(supervisor: string, service: string, reason: unknown) {
    super(`"${supervisor}" gave up on "${service}": ${describe(reason)}`);
    this.name = 'GaveUp';
    this.service = service;
    this.cause = reason;
  }
}

/** A supervisor as the child of another: how a tree is made. */
export function supervisorChild(spec: SupervisorSpec, clock: Clock, log: Log): AnyChildSpec {
  return {
    id: spec.id,
    restart: 'permanent',
    startMs: spec.children.reduce((sum, child) => sum + child.startMs, 1_000),
    stopMs: spec.children.reduce((sum, child) => sum + child.stopMs, 1_000),
    ref: new Ref<Supervisor>(spec.id),
    async start({ crashed }) {
      const supervisor = new Supervisor(spec, clock, log, crashed);
      await supervisor.start();
      return { service: supervisor, stop: async () => await supervisor.stop() };
    },
  };
}

/** A reason in one line, for the log. */
export function describe(reason: unknown): string {
  if (!(reason instanceof Error)) return String(reason);
  const cause = reason.cause === undefined ? '' : ` (${describe(reason.cause)})`;
  return `${reason.message}${cause}`;
}
