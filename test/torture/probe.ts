/**
 * Somebody who is not in the crowd, and asks the server itself, past the proxy: to hear how it
 * refuses. What they say is written down like everything else.
 */
import type { Joined } from '../../src/protocol/replies.ts';
import type { Problem } from '../../src/protocol/errors.ts';
import { nowMs } from './history.ts';
import { Recorder } from './recorder.ts';
import type { Stage } from './stage.ts';

const deadlineMs = 10_000;
let probes = 0;

export class Probe {
  readonly #url: string;
  readonly #who = `probe${++probes}`;
  readonly #recorder: Recorder;
  #token = '';
  #said = 0;

  constructor({ url, history }: Stage) {
    this.#url = url;
    this.#recorder = new Recorder({
      who: this.#who,
      fetch: (input, init) => fetch(input, { ...init, keepalive: false }),
      nowMs,
      write: (record) => history.take([record]),
    });
  }

  async join(): Promise<void> {
    const joined = await this.#post('join', { nick: this.#who, id: crypto.randomUUID() });
    if (!joined.ok) throw new Error(`The probe did not get in: ${await joined.text()}`);
    this.#token = ((await joined.json()) as Joined).token;
  }

  /** Says something. Answers with `ok`, or with how it was refused. */
  async say(): Promise<string> {
    const id = `m${++this.#said}`;
    const said = await this.#post('messages', { id, text: `${this.#who} says ${id}` });
    return said.ok ? 'ok' : ((await said.json()) as Problem).code;
  }

  async leave(): Promise<void> {
    await this.#post('leave', {});
  }

  async #post(path: string, body: object): Promise<Response> {
    return await this.#recorder.fetch(`${this.#url}/v1/${path}`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        ...(this.#token !== '' && { Authorization: `Bearer ${this.#token}` }),
      },
      signal: AbortSignal.timeout(deadlineMs),
      body: JSON.stringify(body),
    });
  }
}
