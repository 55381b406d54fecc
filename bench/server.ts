/** A server under test: a process that is started pinned to one core, measured, and stopped. */
import { openSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

export interface Server {
  readonly port: number;
  readonly pid: number;
  /** Ends the process, and waits until it has ended. */
  stop(): Promise<void>;
}

/** The core of the server, and that of the generator: neither takes time from the other. */
export const serverCore = 0;
export const generatorCore = 1;

/** How long a server may take until it answers. */
const startMsMax = 15_000;

/** Starts a server, and waits until it answers `path` with a status below 500. */
export async function startServer(
  command: readonly string[],
  folder: string,
  port: number,
  path: string,
): Promise<Server> {
  const log = openSync(join(folder, 'server.log'), 'a');
  const child = Bun.spawn(['taskset', '-c', String(serverCore), ...command], {
    stdin: 'ignore',
    stdout: log,
    stderr: log,
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await child.exited;
  };
  const deadlineMs = performance.now() + startMsMax;
  while (performance.now() < deadlineMs && child.exitCode === null) {
    if (await answers(`http://127.0.0.1:${port}${path}`)) return { port, pid: child.pid, stop };
    await Bun.sleep(50);
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

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).status < 500;
  } catch {
    return false;
  }
}
