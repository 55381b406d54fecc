/** A server under test: a process that is started pinned to one core, measured, and stopped. */
import { openSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { familyOf } from './usage.ts';

export interface Server {
  readonly port: number;
  readonly pid: number;
  /** How long it took from the start of the process until it answered. */
  readonly startMs: number;
  /** Ends the process, and waits until it has ended. */
  stop(): Promise<void>;
}

/** The core of the server, and that of the generator: neither takes time from the other. */
export const serverCore = 0;
export const generatorCore = 1;

/** How long a server may take until it answers, and until it has ended in order. */
const startMsMax = 30_000;
const stopMsMax = 3_000;

/** Starts a server, and waits until it answers `path` with a status below 500. */
export async function startServer(
  command: readonly string[],
  folder: string,
  port: number,
  path: string,
): Promise<Server> {
  const log = openSync(join(folder, 'server.log'), 'a');
  const begin = performance.now();
  const child = Bun.spawn(['taskset', '-c', String(serverCore), ...command], {
    stdin: 'ignore',
    stdout: log,
    stderr: log,
  });
  const stop = async (): Promise<void> => {
    const all = familyOf(child.pid);
    child.kill('SIGTERM');
    await Promise.race([child.exited, Bun.sleep(stopMsMax)]);
    for (const pid of all) kill(pid);
    await child.exited;
  };
  while (performance.now() < begin + startMsMax && child.exitCode === null) {
    if (await answers(`http://127.0.0.1:${port}${path}`)) {
      return { port, pid: child.pid, startMs: performance.now() - begin, stop };
    }
    await Bun.sleep(10);
  }
  await stop();
  throw new Error(`"${command.join(' ')}" did not start: see ${join(folder, 'server.log')}`);
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port could be had');
  await new Promise((resolve) => server.close(resolve));
  return address.port;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended, as it was asked to.
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).status < 500;
  } catch {
    return false;
  }
}
