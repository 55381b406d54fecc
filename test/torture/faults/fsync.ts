/** The disk takes long to say that it has written, or says that it could not. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../../kit/serving-process.ts';
import { until } from '../../kit/until.ts';
import type { Stage } from '../stage.ts';
import { theReasonNotTo } from './command.ts';
import type { Fault } from './fault.ts';

const slowMs = 500;
const slowForMs = 5_000;
/** How long strace may take to let go. */
const patienceMs = 2_000;

export const slowSync: Fault = {
  name: 'fsync-slow',
  endsProcess: false,
  weight: 2,
  needs: () => theReasonNotTo('strace'),
  async inject(stage) {
    const trace = await Trace.of(stage, `delay_exit=${slowMs * 1_000}`);
    await sleep(slowForMs);
    await trace.end();
    const delayed = trace.injected();
    if (delayed.length === 0) throw new Error('Nothing was written meanwhile');
    await stage.serves();
    return `${delayed.length} calls took ${slowMs} ms longer: ${delayed[0]}`;
  },
};

export const failedSync: Fault = {
  name: 'fsync-fails',
  endsProcess: true,
  weight: 2,
  needs: () => theReasonNotTo('strace'),
  async inject(stage) {
    const pid = stage.mustPid();
    const mark = stage.mark();
    const trace = await Trace.of(stage, 'error=EIO');
    await until('the process to end', () => !isAlive(pid));
    await trace.end();
    const [first] = trace.injected();
    if (first === undefined) throw new Error('Nothing was written meanwhile');
    const line = await stage.logged(/"The server stops".*"code":74/, mark);
    await stage.serves(pid);
    return `${first}; ${line}`;
  },
};

/** What is done to every call that asks the disk to have written. */
class Trace {
  readonly #process: ChildProcess;
  readonly #path: string;

  static async of(stage: Stage, what: string): Promise<Trace> {
    const path = join(stage.base, 'trace');
    rmSync(path, { force: true });
    const pid = stage.mustPid();
    const calls = 'fsync,fdatasync';
    const rule = ['-e', `trace=${calls}`, '-e', `inject=${calls}:${what}`];
    const traced = spawn('strace', ['-f', '-p', `${pid}`, '-o', path, ...rule], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    traced.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await until('strace to be there', () => said.includes('attached') || traced.exitCode !== null);
    return new Trace(traced, path);
  }

  private constructor(traced: ChildProcess, path: string) {
    this.#process = traced;
    this.#path = path;
  }

  /** The calls that it was done to. */
  injected(): readonly string[] {
    if (!existsSync(this.#path)) return [];
    return readFileSync(this.#path, 'utf8')
      .split('\n')
      .filter((line) => /\((INJECTED|DELAYED)\)/.test(line));
  }

  async end(): Promise<void> {
    const { exitCode, signalCode } = this.#process;
    if (exitCode !== null || signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGINT');
    // It may wait for ever for a process that has ended, and keep that one from its parent.
    const impatience = setTimeout(() => this.#process.kill('SIGKILL'), patienceMs);
    await ended;
    clearTimeout(impatience);
  }
}
