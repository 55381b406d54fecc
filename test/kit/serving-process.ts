/**
 * A serving process whose life and death are what is tested: what it prints and logs, which
 * process serves, how it ends. It lives in a folder that the test owns.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './until.ts';

export interface ServingOptions {
  /** The arguments: a program, and what it is told. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Hears what the process sends to whoever started it. */
  readonly heard?: (message: unknown) => void;
}

/** How a process ended: of the two, one is null. */
export interface End {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** The command line of Encke. */
export const encke = join(import.meta.dirname, '..', '..', 'src', 'encke.ts');

/**
 * Where a server listens whose clients go on trying while it is down. From another address than
 * 127.0.0.1, which is where they come from: otherwise the system may give a client that tries the
 * server's own free port as its source, connect it to itself, and keep the server from its port.
 */
export const apartHost = process.platform === 'linux' ? '127.0.0.2' : '127.0.0.1';

export class ServingProcess {
  /** Resolves when the process itself has ended. */
  readonly ended: Promise<End>;
  /** Resolves when everything that it, and what it started, wrote was read. */
  readonly silent: Promise<End>;
  readonly #child: ChildProcess;
  #printed = '';
  #logged = '';
  #hasEnded = false;

  constructor({ args, env = {}, heard }: ServingOptions) {
    // Nothing of the environment of whoever runs the tests may change what is tested; also not the
    // runner's own flag that has every descendant killed with its parent.
    const inherited = Object.entries(process.env).filter(
      ([name]) => !name.startsWith('ENCKE_') && name !== 'BUN_FEATURE_FLAG_NO_ORPHANS',
    );
    this.#child = spawn(process.execPath, [...args], {
      env: { ...Object.fromEntries(inherited), NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe', ...(heard === undefined ? [] : (['ipc'] as const))],
    });
    this.#child.stdout?.on('data', (chunk: Buffer) => (this.#printed += chunk.toString()));
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.#logged += chunk.toString()));
    if (heard !== undefined) this.#child.on('message', heard);
    this.ended = this.#event('exit');
    this.silent = this.#event('close');
    void this.ended.then(() => (this.#hasEnded = true));
  }

  /** `encke serve` (a parent that watches) or `encke run`, with its log as JSON. */
  static encke(
    command: 'serve' | 'run',
    options: { readonly data: string; readonly port?: string; readonly args?: readonly string[] },
  ): ServingProcess {
    const { data, port = '0', args = [] } = options;
    const place = ['--host', apartHost, '--port', port, '--data', data];
    const rest = ['--address-limits', 'off', '--log', 'json', ...args];
    return new ServingProcess({ args: [encke, command, ...place, ...rest] });
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** What it wrote for people. */
  get printed(): string {
    return this.#printed;
  }

  /** What it wrote to its log, as text. */
  get logged(): string {
    return this.#logged;
  }

  /** The lines of a log in JSON, as far as they are whole. */
  log(): readonly LogLine[] {
    const lines = this.#logged.split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as LogLine);
  }

  /** Waits until it says where it is open. Throws what it wrote when it ends first. */
  async open(): Promise<string> {
    return await until('the server to open', () => {
      if (this.#hasEnded) throw new Error(`The server ended:\n${this.#printed}${this.#logged}`);
      return /open at (http:\/\/\S+?)\/?\s/.exec(this.#printed)?.[1];
    });
  }

  /** Waits for a line of the log, the first or a later one with this message. */
  async line(message: string, nr = 1): Promise<LogLine> {
    return await until(`"${message}" in the log`, () => {
      return this.log().filter((line) => line.message === message)[nr - 1];
    });
  }

  /** The process that this one started; null while there is none. */
  childPid(): number | null {
    return childOf(this.pid);
  }

  /** Waits until another process than the given one runs below this one. */
  async nextChild(than: number | null): Promise<number> {
    return await until('a process below it', () => {
      const pid = this.childPid();
      return pid === than ? null : pid;
    });
  }

  send(message: unknown): void {
    this.#child.send(message as object);
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Ends it if it has not ended, by force and with what is below it. For the end of a test. */
  async destroy(): Promise<void> {
    const below = this.#hasEnded ? null : this.childPid();
    this.signal('SIGKILL');
    await this.ended;
    if (below !== null && isAlive(below)) process.kill(below, 'SIGKILL');
    await this.silent;
  }

  async #event(name: 'exit' | 'close'): Promise<End> {
    const [code, signal] = (await once(this.#child, name)) as [number | null, string | null];
    return { code, signal };
  }
}

/** Whether a process exists and is not merely waiting to be buried. */
export function isAlive(pid: number): boolean {
  const status = statusOf(pid);
  return status !== null && status.state !== 'Z';
}

/** The first process whose parent is the given one. */
function childOf(parent: number): number | null {
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const status = statusOf(pid);
    if (status?.parent === parent && status.state !== 'Z') return pid;
  }
  return null;
}

function statusOf(pid: number): { readonly state: string; readonly parent: number } | null {
  try {
    // After the name, which is in parentheses and may contain anything: the state, the parent.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state = '', parent = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state, parent: Number(parent) };
  } catch {
    return null;
  }
}
