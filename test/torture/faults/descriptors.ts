/** The process may open no more files and connections. */
import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { apartHost } from '../../kit/serving-process.ts';
import { run, theReasonNotTo } from './command.ts';
import type { Fault } from './fault.ts';

const connections = 40;
const heldMs = 4_000;
/** The numbers below it are in use for as long as the process lives, or nearly all of them. */
const descriptorsMax = 24;

export const noDescriptors: Fault = {
  name: 'no-descriptors',
  endsProcess: false,
  weight: 1,
  needs: () => theReasonNotTo('prlimit'),
  async inject(stage) {
    const pid = stage.mustPid();
    const open = readdirSync(`/proc/${pid}/fd`).length;
    const before = run([
      'prlimit',
      '--pid',
      `${pid}`,
      '--nofile',
      '--noheadings',
      '-o',
      'SOFT,HARD',
    ]);
    const [soft = '', hard = ''] = before.trim().split(/\s+/);
    run(['prlimit', '--pid', `${pid}`, `--nofile=${descriptorsMax}:${hard}`]);
    const asking = Array.from({ length: connections }, () => new Asking(stage.port));
    await sleep(heldMs);
    const left = asking.filter((one) => !one.isAnswered).length;
    run(['prlimit', '--pid', `${pid}`, `--nofile=${soft}:${hard}`]);
    const mended = await stage.serves();
    for (const one of asking) one.end();
    if (left === 0) throw new Error('Everybody was answered all the same');
    const what = `${open} descriptors open and ${descriptorsMax} allowed`;
    return `${left} of ${connections} were not answered with ${what}, ${mended} serves`;
  },
};

/** Somebody who asks once, and waits. */
class Asking {
  isAnswered = false;
  readonly #socket: Socket;

  constructor(port: number) {
    this.#socket = connect(port, apartHost);
    this.#socket.on('data', () => (this.isAnswered = true));
    this.#socket.on('error', () => this.#socket.destroy());
    this.#socket.write('GET /healthz HTTP/1.1\r\nHost: encke\r\n\r\n');
  }

  end(): void {
    this.#socket.destroy();
  }
}
