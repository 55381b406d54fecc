/** The process of a chat's members, as seen from the harness: orders in, observations out. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Observation, Order } from './crew.ts';

export class CrewProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #isWanted = true;

  constructor(program: string, observed: (observation: Observation) => void) {
    this.#child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#ended = once(this.#child, 'exit').then(([code]) => {
      if (this.#isWanted) throw new Error(`The members ended with ${String(code)} before the end`);
    });
    const { stdout } = this.#child;
    if (stdout === null) throw new Error('The members have no standard output');
    createInterface({ input: stdout }).on('line', (line) => {
      observed(JSON.parse(line) as Observation);
    });
  }

  order(order: Order): void {
    this.#child.stdin?.write(`${JSON.stringify(order)}\n`);
  }

  async close(): Promise<void> {
    this.#isWanted = false;
    this.#child.stdin?.end();
    await this.#ended;
  }
}
