/**
 * One life of the journal's worker, seen from the thread that started it: opened once, ended once,
 * whichever way it ends.
 *
 * What makes an abrupt end safe: Bun closes the worker's SQLite handles before it reports the end
 * (`close`), and waits with both for a call into SQLite that is under way. So no lock and no open
 * transaction outlives a worker whose end was reported, and no other is started before. A test
 * kills two hundred of them in the middle of their work and counts the descriptors.
 */
import type { Clock } from '../supervisor/clock.ts';
import { JournalRefused } from './refused.ts';
import type { FromWorker, OpenOrder, Opened, ToWorker } from './sqlite-messages.ts';
import type { StartThread, Thread } from './sqlite-thread.ts';

/** What a worker says once it is open. */
export type Reply = Exclude<
  FromWorker,
  { kind: 'opened' | 'refused' | 'stopped' | 'broken' | 'crashed' }
>;

/** How a worker ended. Stopped: it was asked to. Broken: the disk failed. */
export type End =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'crashed'; readonly reason: Error }
  | { readonly kind: 'broken'; readonly reason: Error };

/**
 * How long an end may take. Beyond it the worker hangs in a call to a disk that does not answer.
 */
const endMsMax = 10_000;

export class WorkerLink {
  /** Resolves when the worker is gone, never rejects. */
  readonly ended: Promise<End>;

  readonly #clock: Clock;
  readonly #thread: Thread;
  readonly #opening = Promise.withResolvers<Opened>();
  readonly #ending = Promise.withResolvers<End>();
  #heard: (reply: Reply) => void = () => {};
  /** Why it ends, from the moment that this is certain. Nothing that it says later counts. */
  #end: End | null = null;
  #isStopping = false;

  constructor(clock: Clock, start: StartThread) {
    this.#clock = clock;
    this.ended = this.#ending.promise;
    this.#thread = start({
      said: (message) => {
        if (this.#end === null) this.#hear(message);
      },
      failed: (message) => this.#finish({ kind: 'crashed', reason: new Error(message) }),
      ended: () => {
        this.#end ??= { kind: 'crashed', reason: new Error("The journal's worker ended unasked") };
        this.#opening.reject(endReason(this.#end));
        this.#ending.resolve(this.#end);
      },
    });
    // Whoever opens hears of it; an end before the opening is nobody else's concern.
    this.#opening.promise.catch(() => {});
  }

  /** Whether what is sent now will be done. */
  get isListening(): boolean {
    return this.#end === null && !this.#isStopping;
  }

  /** Opens the journal. Rejects with `JournalRefused` when it must not be opened. */
  open(order: OpenOrder, heard: (reply: Reply) => void): Promise<Opened> {
    this.#heard = heard;
    this.send({ kind: 'open', order });
    return this.#opening.promise;
  }

  send(message: ToWorker): void {
    this.#thread.tell(message);
  }

  /** Ends the worker now, whatever it is doing. */
  kill(reason: Error): void {
    this.#finish({ kind: 'crashed', reason });
  }

  /** Lets the worker do what it was told, close its file, and end. */
  async stop(): Promise<void> {
    if (this.isListening) this.send({ kind: 'stop' });
    this.#isStopping = true;
    await this.ended;
  }

  #hear(message: FromWorker): void {
    switch (message.kind) {
      case 'opened':
        this.#opening.resolve(message.opened);
        return;
      case 'refused': {
        const reason = new JournalRefused(message.code, message.message);
        this.#opening.reject(reason);
        this.#finish({ kind: 'crashed', reason });
        return;
      }
      case 'stopped':
        this.#finish({ kind: 'stopped' });
        return;
      case 'broken':
      case 'crashed':
        this.#finish({ kind: message.kind, reason: new Error(message.message) });
        return;
      case 'committed':
      case 'saved':
      case 'answered':
      case 'unanswered':
        this.#heard(message);
        return;
      default:
        throw new Error(`The journal's worker said "${String(message satisfies never)}"`);
    }
  }

  #finish(end: End): void {
    if (this.#end !== null) return;
    this.#end = end;
    this.#thread.terminate();
    const cancel = this.#clock.after(endMsMax, () => {
      const reason = new Error("The journal's worker hangs in a call to its disk");
      this.#opening.reject(reason);
      this.#ending.resolve({ kind: 'broken', reason });
    });
    void this.ended.then(cancel);
  }
}

function endReason(end: End): Error {
  return end.kind === 'stopped' ? new Error("The journal's worker was stopped") : end.reason;
}
