/**
 * Where the torture takes place: the real server under its guard, its data folder on a disk of its
 * own, the proxy in front of it, and somebody who starts the server again when it has ended, as
 * systemd would.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { keeperCodeFile } from '../../src/chat/secrets.ts';
import { apartHost, encke, isAlive, ServingProcess } from '../kit/serving-process.ts';
import { until } from '../kit/until.ts';
import type { History } from './history.ts';
import { tellInside, type Inside } from './inside-link.ts';
import { LoopDisk } from './loop-disk.ts';
import { fair, startProxy, type Proxy } from './proxy.ts';
import { Tail } from './tail.ts';

export interface StageParts {
  readonly random: () => number;
  readonly history: History;
}

const diskMegabytes = 512;
const memoryMaxMb = 768;
/** Before the server is started again by whoever looks after it. */
const againMs = 300;
/** How long the server may take until it serves again, at most: it waits 5 s on a full disk. */
const backMsMax = 30_000;
/** How long it may take after a `kill -9`, on a slow machine. */
const awayMsMax = 10_000;

export class Stage {
  readonly history: History;
  readonly random: () => number;
  readonly tail: Tail;
  /** The disk, or why there is none of its own here. */
  readonly disk: LoopDisk | string;
  /** What lies outside of that disk, and survives whatever happens to it. */
  readonly base: string;
  readonly data: string;
  /** What must not be, and is not for the checker to see. */
  readonly troubles: string[] = [];
  /** How the server ended, by exit code or signal, and how often. */
  readonly ends: Record<string, number> = {};
  /** The longest that it did not serve after a `kill -9`; null when there was none. */
  awayMs: number | null = null;
  proxy!: Proxy;
  #server!: ServingProcess;
  #port = '0';
  /** Nobody starts it again while it is ended on purpose. */
  #isHeld = false;
  #hasEnded = false;
  #logs: string[] = [];

  static async open(parts: StageParts): Promise<Stage> {
    const stage = new Stage(parts);
    await stage.#begin();
    const { port } = new URL(stage.url);
    const target = { host: apartHost, port: Number(port) };
    stage.proxy = await startProxy({ target, random: parts.random, weather: fair });
    return stage;
  }

  private constructor({ random, history }: StageParts) {
    this.random = random;
    this.history = history;
    this.base = mkdtempSync(join(tmpdir(), 'encke-stage-'));
    this.disk = LoopDisk.make(diskMegabytes);
    const place = typeof this.disk === 'string' ? this.base : this.disk.path;
    this.data = join(place, 'data');
    mkdirSync(this.data, { mode: 0o700 });
    this.tail = new Tail(this.data, history);
  }

  /** Where the server itself is, past the proxy. */
  get url(): string {
    return `http://${apartHost}:${this.#port}`;
  }

  get port(): number {
    return Number(this.#port);
  }

  /** What makes a member a keeper here. */
  get keeperCode(): string {
    return readFileSync(join(this.data, keeperCodeFile), 'utf8').trim();
  }

  /** The process that serves, or null while there is none. */
  pid(): number | null {
    return this.#server.hasEnded ? null : this.#server.childPid();
  }

  guardPid(): number {
    return this.#server.pid;
  }

  /** The process that serves; throws when there is none. */
  mustPid(): number {
    const pid = this.pid();
    if (pid === null) throw new Error('Nobody serves just now');
    return pid;
  }

  /** How far the journal has grown, as far as it could be read. */
  headSeq(): number {
    this.tail.read();
    return this.tail.end?.seq ?? 0;
  }

  async inside<T = object>(order: Inside): Promise<T> {
    return await tellInside<T>(this.#insidePath, order);
  }

  /** The answer to `/readyz`; null when nobody answers. */
  async readiness(): Promise<{ readonly status: number } | null> {
    try {
      const { status } = await fetch(`${this.url}/readyz`, {
        signal: AbortSignal.timeout(2_000),
        keepalive: false,
      });
      return { status };
    } catch {
      return null;
    }
  }

  /** Waits until it serves, by another process than the given one. Answers with its pid. */
  async serves(than: number | null = null): Promise<number> {
    return await until(
      'the server to serve again',
      async () => {
        const pid = this.pid();
        if (pid === null || pid === than) return null;
        return (await this.readiness())?.status === 200 ? pid : null;
      },
      backMsMax,
    );
  }

  /** It did not serve for so long after a `kill -9`. */
  wasAway(ms: number): void {
    this.awayMs = Math.max(this.awayMs ?? 0, ms);
    if (ms > awayMsMax) this.troubles.push(`After kill -9 it took ${ms} ms until it served again`);
  }

  /** What the server has logged so far, as a place to look from. */
  mark(): { readonly server: ServingProcess; readonly at: number } {
    return { server: this.#server, at: this.#server.logged.length };
  }

  /** Waits for something in the log behind the mark, and answers with that line. */
  async logged(
    pattern: RegExp,
    mark: ReturnType<Stage['mark']>,
    deadlineMs?: number,
  ): Promise<string> {
    return await until(
      `${String(pattern)} in the log`,
      () => this.#linesSince(mark).find((line) => pattern.test(line)),
      deadlineMs,
    );
  }

  #linesSince({ server, at }: ReturnType<Stage['mark']>): string[] {
    const rest = server.logged.slice(at);
    return (server === this.#server ? rest : rest + this.#server.logged).split('\n');
  }

  /**
   * Ends the server by force, has something done to its files, and starts it again. Nobody else
   * touches them meanwhile, and no answer from before arrives after it.
   */
  async whileDead<T>(work: () => Promise<T> | T): Promise<T> {
    return await this.tail.closedFor('the server is dead', async () => {
      this.#isHeld = true;
      try {
        await this.#server.destroy();
        this.proxy.cutAll();
        return await work();
      } finally {
        this.#isHeld = false;
        await this.#begin();
      }
    });
  }

  /** The server was told to stop and is started again. Answers with how it ended. */
  async stopped(): Promise<string> {
    this.#isHeld = true;
    try {
      this.#server.signal('SIGTERM');
      const { code, signal } = await this.#server.ended;
      return `${code ?? signal}`;
    } finally {
      this.#isHeld = false;
      await this.#begin();
    }
  }

  /** Puts the log where it is kept. */
  keepLog(path: string): void {
    this.#logs.push(this.#server.printed, this.#server.logged);
    writeFileSync(path, this.#logs.join('\n'));
  }

  /** Ends everything, and leaves nothing behind but what is kept on purpose. */
  async close(): Promise<void> {
    this.#hasEnded = true;
    this.#isHeld = true;
    await this.#server.destroy();
    await this.proxy.close();
  }

  remove(): void {
    if (typeof this.disk !== 'string') this.disk.remove();
    rmSync(this.base, { recursive: true, force: true });
  }

  get #insidePath(): string {
    return join(this.base, 'inside');
  }

  async #begin(): Promise<void> {
    const place = ['--host', apartHost, '--port', this.#port, '--data', this.data];
    const rest = ['--address-limits', 'off', '--log', 'json', '--memory-max-mb', `${memoryMaxMb}`];
    const server = new ServingProcess({
      args: [encke, 'serve', ...place, ...rest],
      env: {
        BUN_OPTIONS: `--preload ${join(import.meta.dirname, 'inside.ts')}`,
        TORTURE_INSIDE: this.#insidePath,
      },
    });
    this.#server = server;
    void server.ended.then(({ code, signal }) => this.#ended(server, `${code ?? signal}`));
    try {
      this.#port = new URL(await server.open()).port;
    } catch (reason) {
      // It is started again, or whoever broke it sees to it.
      if (this.#port === '0') throw reason;
    }
  }

  #ended(server: ServingProcess, how: string): void {
    this.#logs = [...this.#logs, server.printed, server.logged].slice(-100);
    if (this.#isHeld || this.#hasEnded) return;
    this.ends[how] = (this.ends[how] ?? 0) + 1;
    void sleep(againMs).then(async () => {
      if (!this.#hasEnded && !this.#isHeld) await this.#begin();
    });
  }
}

/** What a process takes: memory in bytes, descriptors, threads. */
export interface Usage {
  readonly rssBytes: number;
  readonly descriptors: number;
}

export function usageOf(pid: number): Usage {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
  return { rssBytes: pages * 4096, descriptors: readdirSync(`/proc/${pid}/fd`).length };
}

/** Stops processes where they are, and waits until they stand still. */
export async function freeze(pids: readonly number[]): Promise<void> {
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  await until('the processes to stand still', () => {
    return pids.every((pid) => !isAlive(pid) || /^State:\tT/m.test(statusText(pid)));
  });
}

export function statusText(pid: number): string {
  return readFileSync(`/proc/${pid}/status`, 'utf8');
}
