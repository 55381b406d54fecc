/**
 * The guard is the small parent process that supervises the serving one. Only a process can be
 * stopped from outside when it hangs, and only a process contains a heap that blows up; so this is
 * where the supervision of everything inside it ends.
 *
 * It holds no data and no socket. It starts the child, listens for its heartbeat, and when the beat
 * stops, or the memory passes its limit, or the child dies, it starts another. Restarted more than
 * `intensity` times within `periodMs`, it gives up with a clear last line.
 */
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';

/** What the child tells: its event loop turns, it has done real work, it serves at a port. */
export type GuardMessage =
  | { readonly kind: 'alive' }
  | { readonly kind: 'worked' }
  | { readonly kind: 'ready'; readonly port: number; readonly url: string };

/** A process that was started. */
export interface GuardedProcess {
  readonly pid: number;
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
  /** Its resident memory in bytes; null when that cannot be told. */
  memoryBytes(): number | null;
}

export interface GuardParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly memoryBytesMax: number;
  readonly intensity: number;
  readonly periodMs: number;
  /** Whether starting again may help after this exit code. */
  readonly restartHelps: (code: number) => boolean;
  /** How long to wait first, after an exit that only time mends; null for not at all. */
  readonly restartLaterMs: (code: number | null) => number | null;
  /** Starts a child; `port` is where the one before it served, null at first. */
  readonly spawn: (
    port: number | null,
    heard: (message: GuardMessage) => void,
    exited: (code: number | null, signal: string | null) => void,
  ) => GuardedProcess;
  /** The child serves. Called at each start. */
  readonly ready: (url: string, restarts: number) => void;
}

/** How the guard ended: with the child's own exit code, or because restarting did not help. */
export type GuardEnd = { readonly code: number } | { readonly gaveUp: string };

/** No sign of the event loop for this long is a hang. Collections and slices take far less. */
export const aliveMsMax = 2_000;
/** No proof of work for this long is a hang too. A disk may stall for seconds and recover. */
export const workMsMax = 8_000;
/** How long a start may take: reading a large journal is not a hang. */
export const startMsMax = 60_000;
/** From SIGTERM to SIGKILL. */
export const stopMsMax = 9_000;
/** How often the child is looked at. */
const checkMs = 250;

interface Watched {
  /** Null until it has been started: it may speak, or die, before that returns. */
  process: GuardedProcess | null;
  readonly startedAt: number;
  isReady: boolean;
  aliveAt: number;
  workedAt: number;
  /** Why it was killed; null while nobody has. */
  killedFor: string | null;
}

export class Guard {
  readonly #parts: GuardParts;
  #child: Watched | null = null;
  #port: number | null = null;
  #hasServed = false;
  #restarts = 0;
  #restartTimes: number[] = [];
  #isStopping = false;
  #checkedAt: number;
  #cancelCheck: () => void = () => undefined;
  #end: (end: GuardEnd) => void = () => undefined;

  constructor(parts: GuardParts) {
    this.#parts = parts;
    this.#checkedAt = parts.clock.monotonic();
  }

  /** Starts the child and keeps it running. Resolves when that is over. */
  async run(): Promise<GuardEnd> {
    return await new Promise<GuardEnd>((resolve) => {
      this.#end = (end) => {
        this.#cancelCheck();
        resolve(end);
      };
      this.#start();
      this.#check();
    });
  }

  /** Asks the child to stop, and kills it when it does not. */
  stop(): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    const child = this.#child;
    if (child === null) return this.#end({ code: 0 });
    child.process?.signal('SIGTERM');
    this.#parts.clock.after(stopMsMax, () => {
      if (this.#child !== child) return;
      this.#parts.log.error('The serving process did not stop in time', {
        pid: child.process?.pid,
      });
      child.process?.signal('SIGKILL');
    });
  }

  #start(): void {
    const now = this.#parts.clock.monotonic();
    const child: Watched = {
      process: null,
      startedAt: now,
      isReady: false,
      aliveAt: now,
      workedAt: now,
      killedFor: null,
    };
    this.#child = child;
    child.process = this.#parts.spawn(
      this.#port,
      (message) => this.#heard(child, message),
      (code, signal) => this.#exited(child, code, signal),
    );
  }

  #heard(child: Watched, message: GuardMessage): void {
    const now = this.#parts.clock.monotonic();
    child.aliveAt = now;
    if (message.kind === 'worked') child.workedAt = now;
    if (message.kind !== 'ready') return;
    child.isReady = true;
    child.workedAt = now;
    this.#port = message.port;
    this.#hasServed = true;
    this.#parts.ready(message.url, this.#restarts);
  }

  #check(): void {
    const now = this.#parts.clock.monotonic();
    // When this process itself did not run (a suspended machine, a starved one), the child could
    // not be heard; its silence then proves nothing, and it is given its time anew.
    const lateMs = now - this.#checkedAt - checkMs;
    this.#checkedAt = now;
    const child = this.#child;
    if (child !== null && lateMs > aliveMsMax / 2) {
      child.aliveAt = now;
      child.workedAt = now;
    }
    if (child !== null && child.killedFor === null) this.#judge(child, now);
    this.#cancelCheck = this.#parts.clock.after(checkMs, () => this.#check());
  }

  #judge(child: Watched, now: number): void {
    const memory = child.process?.memoryBytes() ?? null;
    if (memory !== null && memory > this.#parts.memoryBytesMax) {
      return this.#kill(child, `it takes ${Math.round(memory / 1_048_576)} MB of memory`);
    }
    if (this.#isStopping) return;
    if (!child.isReady) {
      if (now - child.startedAt > startMsMax) this.#kill(child, 'it did not start');
    } else if (now - child.aliveAt > aliveMsMax) {
      this.#kill(child, 'its event loop hangs');
    } else if (now - child.workedAt > workMsMax) {
      this.#kill(child, 'it does no work');
    }
  }

  #kill(child: Watched, why: string): void {
    child.killedFor = why;
    this.#parts.log.error('The serving process is killed', { pid: child.process?.pid, why });
    child.process?.signal('SIGKILL');
  }

  #exited(child: Watched, code: number | null, signal: string | null): void {
    if (this.#child !== child) return;
    this.#child = null;
    // A child that had not yet learnt to stop in order dies of the signal itself: stopped, too.
    if (this.#isStopping) return this.#end({ code: code ?? (signal === 'SIGTERM' ? 0 : 1) });
    // What cannot start at all (a port that is taken, a journal that is refused) says so itself,
    // and starting it again would only say it again.
    const isHopeless = code !== null && (!this.#hasServed || !this.#parts.restartHelps(code));
    if (isHopeless && child.killedFor === null) return this.#end({ code });
    const laterMs = this.#parts.restartLaterMs(code);
    if (laterMs !== null) return this.#startLater(laterMs, code);
    const how = child.killedFor ?? (signal === null ? `exit code ${code}` : `signal ${signal}`);
    if (!this.#mayRestart()) return this.#end({ gaveUp: how });
    this.#restarts++;
    this.#parts.log.warn('The serving process is restarted', { how, restarts: this.#restarts });
    this.#start();
  }

  /** Starts again when it may help. It counts for nothing: restarting is not what failed. */
  #startLater(laterMs: number, code: number | null): void {
    this.#parts.log.warn('The serving process is started again later', { code, ms: laterMs });
    this.#parts.clock.after(laterMs, () => {
      if (!this.#isStopping) this.#start();
    });
  }

  #mayRestart(): boolean {
    const now = this.#parts.clock.monotonic();
    this.#restartTimes = this.#restartTimes.filter((at) => now - at < this.#parts.periodMs);
    this.#restartTimes.push(now);
    return this.#restartTimes.length <= this.#parts.intensity;
  }
}
