/**
 * A server in a process of its own, as people run it: started by the command line, on a port that
 * is free, over a folder that is gone afterwards. It can be killed and started again, which a
 * server inside the test's process cannot.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ServerOptions {
  /** `run` is the serving process alone, `serve` has a parent that starts it again. */
  readonly command?: 'run' | 'serve';
  /** More of the command line: `['--title', 'Comets']`. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunningServer {
  /** Without a slash at the end. The same after every restart. */
  readonly url: string;
  /** Its data folder, until `stop`. */
  readonly data: string;
  /** The process that was started; null while it is killed. */
  readonly pid: number | null;
  /** Ends the process as `kill -9` does. */
  kill(): Promise<void>;
  /** Starts it again, on the same port and over the same data. */
  restart(): Promise<void>;
  /** Stops it in order, and removes its data. */
  stop(): Promise<void>;
}

const program = join(import.meta.dirname, '..', '..', 'src', 'encke.ts');

/** Starts a server. Resolves when it is open; rejects with what it printed when it ends first. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const data = await mkdtemp(join(tmpdir(), 'encke-server-'));
  let started = await start(options, data, '0');
  const { url } = started;

  return {
    url,
    data,
    get pid() {
      return started.child.exitCode === null ? (started.child.pid ?? null) : null;
    },
    kill: async () => await end(started.child, 'SIGKILL'),
    async restart() {
      await end(started.child, 'SIGKILL');
      started = await start(options, data, new URL(url).port);
    },
    async stop() {
      await end(started.child, 'SIGTERM');
      await rm(data, { recursive: true, force: true });
    },
  };
}

async function start(
  { command = 'run', args = [], env = {} }: ServerOptions,
  data: string,
  port: string,
): Promise<{ child: ChildProcess; url: string }> {
  // Nothing of the environment of whoever runs the tests may change what is tested.
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('ENCKE_'));
  const child = spawn(
    process.execPath,
    [program, command, '--port', port, '--data', data, ...args],
    {
      cwd: data,
      env: { ...Object.fromEntries(inherited), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let printed = '';
  const url = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      printed += chunk.toString();
      const [, found] = /open at (http:\/\/\S+)/.exec(printed) ?? [];
      if (found !== undefined) resolve(found.replace(/\/$/, ''));
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new Error(`The server ended with ${code} before it was open:\n${printed}`));
    });
  });
  return { child, url };
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}
