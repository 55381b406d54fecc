/**
 * Where callers find a service. A reference outlives every restart of what it refers to, so it can
 * be handed out once and kept; that is what a registered name is in Erlang.
 */
export class Ref<Service> {
  readonly id: string;
  #service: Service | null = null;
  #waiting: ((service: Service) => void)[] = [];

  constructor(id: string) {
    this.id = id;
  }

  /** The running service, or null while it is being restarted. */
  get(): Service | null {
    return this.#service;
  }

  /** The running service; throws `NotRunning` while it is being restarted. */
  now(): Service {
    if (this.#service === null) throw new NotRunning(this.id);
    return this.#service;
  }

  /** Calls `run` with the service as soon as it runs: at once, if it does. */
  whenRunning(run: (service: Service) => void): void {
    if (this.#service === null) this.#waiting.push(run);
    else run(this.#service);
  }

  /** For the supervisor alone: the service runs, or (null) it does not. */
  set(service: Service | null): void {
    this.#service = service;
    if (service === null) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const run of waiting) run(service);
  }
}

/**
 * Something cannot be had just now, through nobody's fault: asked again, it may be there. Not a
 * crash of whoever passes it on.
 */
export class Unavailable extends Error {}

/** A service was called while it was being restarted. To a client this is `BUSY`: ask again. */
export class NotRunning extends Unavailable {
  constructor(id: string) {
    super(`The service "${id}" is being restarted`);
    this.name = 'NotRunning';
  }
}
