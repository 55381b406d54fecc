/**
 * Drafts that wait for the next commit, bounded in count and in bytes. Beyond the bound the newest
 * draft is refused; one that was taken in is never dropped.
 */
import type { EntryBody } from '../protocol/entries.ts';
import { refuse } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';
import type { Appended, Draft } from './journal.ts';

/** How much may wait. The defaults are in `limits`; a test hands in smaller ones. */
export interface QueueBounds {
  readonly appendQueueMax: number;
  readonly appendQueueBytesMax: number;
  readonly batchMax: number;
  readonly readQueueMax: number;
}

/** A draft on its way, with the promise that its author holds. */
export interface Waiting {
  readonly key: string;
  readonly body: EntryBody;
  /** The body as it will stand on disk. */
  readonly json: string;
  readonly bytes: number;
  readonly resolve: (answer: Appended) => void;
  readonly reject: (reason: Error) => void;
}

const keyLengthMax = 128;

export class AppendQueue {
  readonly #bounds: QueueBounds;
  #waiting: Waiting[] = [];
  #bytes = 0;
  /** Settles with the newest draft, and so after all before it. */
  #newest: Promise<unknown> = Promise.resolve();

  constructor(bounds: QueueBounds = limits) {
    this.#bounds = bounds;
  }

  get length(): number {
    return this.#waiting.length;
  }

  /** Takes a draft in; the answer comes when it is durable. Refuses with `BUSY` when full. */
  add({ key, body }: Draft): Promise<Appended> {
    if (key.length === 0 || key.length > keyLengthMax || !key.isWellFormed()) {
      const detail = `A draft's key is 1 to ${keyLengthMax} characters, not "${key}"`;
      return Promise.reject(new RangeError(detail));
    }
    const json = JSON.stringify(body);
    const bytes = Buffer.byteLength(json) + key.length;
    const isFull =
      this.#waiting.length >= this.#bounds.appendQueueMax ||
      this.#bytes + bytes > this.#bounds.appendQueueBytesMax;
    if (isFull) {
      return Promise.resolve(refuse('BUSY', 'Too much waits to be recorded, try again', 1_000));
    }
    const { promise, resolve, reject } = Promise.withResolvers<Appended>();
    this.#waiting.push({ key, body, json, bytes, resolve, reject });
    this.#bytes += bytes;
    this.#newest = promise;
    return promise;
  }

  /** Resolves when every draft that was taken in so far has been answered. */
  async settled(): Promise<void> {
    // How it was answered is its author's to hear.
    await this.#newest.catch(() => undefined);
  }

  /** The oldest drafts, as many as fit one commit. */
  takeBatch(): readonly Waiting[] {
    const batch = this.#waiting.splice(0, this.#bounds.batchMax);
    for (const draft of batch) this.#bytes -= draft.bytes;
    return batch;
  }

  /** Everything that waits. */
  takeAll(): readonly Waiting[] {
    const all = this.#waiting;
    this.#waiting = [];
    this.#bytes = 0;
    return all;
  }
}
