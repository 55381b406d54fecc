/**
 * The machine on which the room is served: the real guard, and under it one life of the real server
 * after another, each with the clock, the chance, the disk and the network of the simulation.
 */
import { realMachine, type Machine } from '../../src/chat/machine.ts';
import { Server, type ServiceName } from '../../src/chat/server.ts';
import type { GivenSettings } from '../../src/chat/settings.ts';
import { intensity, periodMs } from '../../src/chat/tree.ts';
import { exitCodes, restartHelps, restartLaterMs } from '../../src/cli/exit-codes.ts';
import { JournalRefused } from '../../src/journal/refused.ts';
import { limits } from '../../src/protocol/limits.ts';
import { Guard, type GuardedProcess, type GuardMessage } from '../../src/supervisor/guard.ts';
import { describe, GaveUp } from '../../src/supervisor/supervisor.ts';
import { Files } from '../../src/web/files.ts';
import type { Listener, ListenerSpec } from '../../src/http/listener.ts';
import type { Chance } from './chance.ts';
import { Connections } from './connections.ts';
import type { Disk } from './disk.ts';
import type { SimLog } from './sim-log.ts';
import { Life, type Timeline } from './sim-clock.ts';
import type { Trace } from './trace.ts';

export interface HostParts {
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly disk: Disk;
  readonly log: SimLog;
  readonly trace: Trace;
}

/** One life of the serving process. */
interface Process {
  readonly life: Life;
  readonly exited: (code: number | null, signal: string | null) => void;
  server: Server | null;
  isEnding: boolean;
}

export const keeperCode = 'for-the-keepers-of-the-simulation';
/** Requests from here are those of a reverse proxy. */
export const proxyAddress = '10.0.0.7';

/** From asking a process to stop until it ends anyway, as in `cli/run.ts`. */
const stopMsMax = 8_000;
const failMsMax = 1_000;

export class Host {
  /** What is connected to the room's port; null while nobody listens. */
  connections: Connections | null = null;
  /** Called when a process serves. */
  served: () => void = () => undefined;
  readonly #parts: HostParts;
  #guard: { guard: Guard; life: Life } | null = null;
  #process: Process | null = null;
  #holder: Life | null = null;
  #lives = 0;
  #isWanted = false;

  constructor(parts: HostParts) {
    this.#parts = parts;
  }

  get server(): Server | null {
    return this.#process?.server ?? null;
  }

  get life(): Life | null {
    return this.#process?.life ?? null;
  }

  /** Whether somebody runs the room, who starts it again when the guard ends. */
  get isRunning(): boolean {
    return this.#guard !== null;
  }

  /** Whoever runs the room starts it, and again whenever even the guard gives up. */
  start(): void {
    this.#isWanted = true;
    if (this.#guard !== null) return;
    const { timeline, chance, log } = this.#parts;
    const life = new Life(timeline, chance);
    const guard = new Guard({
      clock: life,
      log,
      memoryBytesMax: Number.MAX_SAFE_INTEGER,
      intensity,
      periodMs,
      restartHelps,
      restartLaterMs,
      spawn: (_, heard, exited) => this.#spawn(heard, exited),
      ready: () => this.served(),
    });
    this.#guard = { guard, life };
    void guard.run().then((end) => {
      const how = 'code' in end ? `exit code ${end.code}` : `gave up: ${end.gaveUp}`;
      this.#parts.trace.note('guard', `ended, ${how}`);
      life.end();
      this.#guard = null;
      if (this.#isWanted) timeline.after(3_000, () => this.#isWanted && this.start());
    });
  }

  /** Stops it in order. `isStopped` tells when it is done. */
  stop(): void {
    this.#isWanted = false;
    this.#guard?.guard.stop();
  }

  /** `kill -9` of the serving process. */
  kill(): void {
    const process = this.#process;
    if (process === null) return;
    this.#gone(process);
    process.exited(null, 'SIGKILL');
  }

  /** The power fails, and comes back after a while. What was being written may be torn. */
  cutPower(awayMs: number): string {
    this.#guard?.life.end();
    this.#guard = null;
    const process = this.#process;
    const tear = process === null ? null : this.#gone(process, true);
    this.#parts.timeline.after(awayMs, () => this.#isWanted && this.start());
    return tear === null ? 'nothing was being written' : `the last transaction was ${tear}`;
  }

  crash(service: ServiceName): boolean {
    const server = this.server;
    if (server === null) return false;
    try {
      server.crash(service);
      return true;
    } catch {
      // The journal's worker is being restarted already.
      return false;
    }
  }

  #spawn(
    heard: (message: GuardMessage) => void,
    exited: (code: number | null, signal: string | null) => void,
  ): GuardedProcess {
    const { timeline, chance, trace } = this.#parts;
    const pid = ++this.#lives;
    const life = new Life(timeline, chance);
    const process: Process = { life, exited, server: null, isEnding: false };
    this.#process = process;
    trace.note('host', `process ${pid} begins`);
    // What a process needs before its own first line.
    life.after(chance.between(20, 120), () => void this.#run(process, heard));
    return {
      pid,
      memoryBytes: () => null,
      signal: (name) => {
        if (this.#process !== process) return;
        if (name === 'SIGKILL') this.kill();
        else this.#endWith(process, exitCodes.ok.code, stopMsMax);
      },
    };
  }

  async #run(process: Process, heard: (message: GuardMessage) => void): Promise<void> {
    const { disk, log } = this.#parts;
    try {
      const server = await Server.start({
        settings: { ...settings, data: disk.folder },
        files: Files.none(),
        log,
        version: 'simulated',
        machine: this.#machine(process),
        beat: (kind) => heard({ kind }),
        failed: (reason) => {
          log.error('The server stops', { reason: describe(reason) });
          const exit = reason instanceof GaveUp ? exitCodes.gaveUp : exitCodes.storageFailed;
          this.#endWith(process, exit.code, failMsMax);
        },
      });
      if (process.life.isOver) return;
      process.server = server;
      if (process.isEnding) await server.stop();
      else heard({ kind: 'ready', port: server.port(), url: server.url() });
    } catch (reason) {
      if (process.life.isOver) return;
      const isFull = reason instanceof JournalRefused && reason.code === 'DISK_FULL';
      log.error('The server did not start', { reason: describe(reason) });
      if (reason instanceof JournalRefused && !isFull) {
        this.#parts.trace.trouble('crash', 'the journal was refused');
      }
      this.#exit(process, isFull ? exitCodes.diskFull.code : exitCodes.gaveUp.code);
    }
  }

  #machine(process: Process): Machine {
    const { disk, chance } = this.#parts;
    return {
      ...realMachine,
      clock: process.life,
      random: (count) => chance.bytes(count),
      chance: () => chance.next(),
      listen: (spec) => this.#listen(process, spec),
      startThread: disk.startThread(process.life),
      lockFolder: () => {
        if (this.#holder !== null) throw new Error('Two processes would have the folder');
        this.#holder = process.life;
        return { release: () => (this.#holder = null) };
      },
      // What a collection takes back is not seen from within.
      memory: { residentBytes: () => 0, collect: () => undefined },
    };
  }

  #listen(process: Process, { answer }: ListenerSpec): Listener {
    if (this.connections !== null) throw new Error('The port is taken');
    const connections = new Connections(process.life, answer);
    this.connections = connections;
    return {
      port: 8_000,
      url: 'http://room.test:8000',
      stop: async (graceMs) => {
        if (this.connections === connections) this.connections = null;
        await connections.close(graceMs);
      },
    };
  }

  /** The process stops what it can, and ends. */
  #endWith(process: Process, code: number, withinMs: number): void {
    if (process.isEnding || process.life.isOver) return;
    process.isEnding = true;
    const end = (): void => this.#exit(process, code);
    process.life.after(withinMs, end);
    if (process.server !== null) void process.server.stop().then(end, end);
    else if (code !== exitCodes.ok.code) end();
  }

  #exit(process: Process, code: number): void {
    if (process.life.isOver) return;
    this.#gone(process);
    process.exited(code, null);
  }

  #gone(process: Process, isPowerCut = false): string | null {
    process.life.end();
    this.#process = null;
    if (this.#holder === process.life) this.#holder = null;
    this.connections?.cut();
    this.connections = null;
    this.#parts.trace.note('host', isPowerCut ? 'the power is gone' : 'the process is gone');
    return this.#parts.disk.left(isPowerCut);
  }
}

const settings: Omit<GivenSettings, 'data'> = {
  host: '127.0.0.1',
  port: 8_000,
  title: 'Simulated',
  topicBy: 'everyone',
  trustedProxies: [proxyAddress],
  addressLimits: true,
  embedOrigins: [],
  publicUrl: null,
  passcode: null,
  keeperCode,
  pace: limits.paceMs,
  membersMax: 500,
  heldPollsMax: 500,
  memoryMaxMb: 2_048,
  log: 'text',
};
