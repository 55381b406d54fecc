/** The processes full of clients, seen from the run. */
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { until } from '../kit/until.ts';
import type { CrowdOrder, Ends, Following, FromCrowd, ToCrowd } from './crowd-messages.ts';
import type { History } from './history.ts';

export interface CrowdsParts {
  readonly url: string;
  readonly seed: number;
  readonly clients: number;
  readonly rate: number;
  readonly keeperCode: string;
  readonly history: History;
}

/** The runtime lets out 256 requests of a process at once, and clients take two each. */
const guestsEach = 100;
const requestsMax = 1_024;
/** One in so many clients is a bare one with old cursors. */
const readersShare = 0.06;

interface Crowd {
  readonly process: ChildProcess;
  following: readonly Following[];
  ends: Ends;
  answers: number;
}

export class Crowds {
  /** What must not be: a process of clients that broke. */
  readonly troubles: string[] = [];
  /** How many clients there are. */
  size = 0;
  readonly #crowds: Crowd[] = [];
  readonly #history: History;

  constructor({ url, seed, clients, rate, keeperCode, history }: CrowdsParts) {
    this.#history = history;
    const count = Math.ceil(clients / guestsEach);
    const readers = Math.max(1, Math.round((clients * readersShare) / count));
    for (let nr = 0; nr < count; nr++) {
      const name = String.fromCharCode('a'.charCodeAt(0) + nr);
      const guests = Math.round(clients / count) - readers;
      this.size += guests + readers;
      const order = { url, name, seed: seed + nr, guests, readers, rate: rate / count, keeperCode };
      this.#crowds.push(this.#start(order));
    }
  }

  tell(order: ToCrowd): void {
    for (const { process } of this.#crowds) if (process.connected) process.send(order);
  }

  /** Who follows the room now, and must come to know everything. */
  async following(): Promise<readonly Following[]> {
    await this.#ask({ do: 'tell' });
    return this.#crowds.flatMap((crowd) => crowd.following);
  }

  /** Everybody has written down what is on their screen. */
  async show(): Promise<void> {
    await this.#ask({ do: 'show' });
  }

  /** How clients stopped following unasked, as of when they were last asked. */
  get ends(): Ends {
    const sum: Record<string, number> = {};
    for (const { ends } of this.#crowds) {
      for (const [how, times] of Object.entries(ends)) sum[how] = (sum[how] ?? 0) + times;
    }
    return sum;
  }

  async end(): Promise<void> {
    await this.#ask({ do: 'end' }).catch((reason: unknown) => this.#trouble(String(reason)));
    for (const { process } of this.#crowds) process.kill('SIGKILL');
  }

  #start(order: CrowdOrder): Crowd {
    const child = fork(join(import.meta.dirname, 'crowd.ts'), {
      env: { ...process.env, BUN_CONFIG_MAX_HTTP_REQUESTS: String(requestsMax) },
    });
    const crowd: Crowd = { process: child, following: [], ends: {}, answers: 0 };
    child.on('message', (message) => this.#hear(crowd, message as FromCrowd));
    child.on('exit', (code, signal) => {
      if (signal !== 'SIGKILL') this.#trouble(`crowd "${order.name}" ended with ${code}`);
    });
    child.send({ do: 'begin', ...order } satisfies ToCrowd);
    return crowd;
  }

  #hear(crowd: Crowd, message: FromCrowd): void {
    switch (message.kind) {
      case 'records':
        this.#history.take(message.records);
        return;
      case 'told':
        crowd.following = message.following;
        crowd.ends = message.ends;
        crowd.answers++;
        return;
      case 'shown':
      case 'ended':
        crowd.answers++;
        return;
      case 'broken':
        this.#trouble(`a client broke: ${message.reason}`);
        return;
      default:
        throw new Error(`A crowd said "${String(message satisfies never)}"`);
    }
  }

  async #ask(order: ToCrowd): Promise<void> {
    const before = this.#crowds.map((crowd) => crowd.answers);
    this.tell(order);
    await until(`the crowds to answer to "${order.do}"`, () => {
      return this.#crowds.every((crowd, index) => crowd.answers > (before[index] ?? 0));
    });
  }

  #trouble(text: string): void {
    this.troubles.push(`The crowds: ${text}`);
  }
}
