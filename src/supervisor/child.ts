/**
 * The words of OTP for one thing that a supervisor keeps running. Source: the Erlang/OTP
 * documentation, "Supervisor Behaviour" (child specifications, restart types, shutdown).
 */
import { Unavailable, type Ref } from './ref.ts';

/**
 * When a child that ended is started again. Permanent: always. Transient: only when it crashed.
 * Temporary: never.
 */
export type Restart = 'permanent' | 'transient' | 'temporary';

/** What a child is given when it starts. */
export interface ChildContext {
  /**
   * Reports that the child is broken; it is then stopped and, by its restart type, started anew.
   */
  readonly crashed: (reason: unknown) => void;
  /** Reports that the child has done what it was there for. */
  readonly ended: () => void;
}

/** A child that runs. */
export interface Running<Service> {
  readonly service: Service;
  /**
   * Ends it and lets go of all it holds. Called once, also after a crash, so it must cope with a
   * service in any state. What it throws is logged.
   */
  stop(): void | Promise<void>;
}

/** How to start a child, and what to do when it ends. */
export interface ChildSpec<Service = unknown> {
  readonly id: string;
  readonly restart: Restart;
  /** How long `stop` may take before the child is given up, in milliseconds. */
  readonly stopMs: number;
  /** How long `start` may take before it counts as a crash, in milliseconds. */
  readonly startMs: number;
  /** Where callers find the service. It outlives every restart. */
  readonly ref: Ref<Service>;
  start(context: ChildContext): Running<Service> | Promise<Running<Service>>;
}

/**
 * Makes a service report its own broken assumptions: an exception that leaves one of its methods,
 * or a promise that such a method rejects, is a crash, since refusals are values; only what is
 * `Unavailable` for a moment passes through. The caller gets the exception too. What is returned
 * has the service's methods and nothing else: state stays
 * behind them. Made once at each start, so that a call costs no more than a call.
 */
export function reporting<Service extends object>(
  service: Service,
  crashed: (reason: unknown) => void,
): Service {
  const report = (reason: unknown): never => {
    if (!(reason instanceof Unavailable)) crashed(reason);
    throw reason;
  };
  const guarded: Record<string, unknown> = {};
  for (const [name, method] of methodsOf(service)) {
    guarded[name] = (...args: unknown[]): unknown => {
      try {
        const result = method.apply(service, args);
        return result instanceof Promise ? result.catch(report) : result;
      } catch (reason) {
        return report(reason);
      }
    };
  }
  return guarded as Service;
}

type Method = (...args: unknown[]) => unknown;

function methodsOf(service: object): readonly (readonly [string, Method])[] {
  const prototype = Object.getPrototypeOf(service) as object;
  return Object.entries(Object.getOwnPropertyDescriptors(prototype)).flatMap(([name, property]) => {
    const method: unknown = property.value;
    return name !== 'constructor' && typeof method === 'function' ? [[name, method as Method]] : [];
  });
}
