/**
 * Reads that wait for the worker. Only a few are with it at a time: it works in order of arrival,
 * and a commit or a heartbeat must not stand behind a thousand pages of history.
 */
import { refuse } from '../protocol/errors.ts';
import type { QueueBounds } from './append-queue.ts';
import type { Patience } from './journal.ts';
import { JournalUnavailable } from './refused.ts';
import type { Question, ReadKind, Reads } from './sqlite-messages.ts';

/** Enough to keep the worker busy while an answer is on its way back. */
const sentMax = 4;

interface Asked {
  readonly question: Question;
  readonly resolve: (answer: Reads[ReadKind]['answer']) => void;
  readonly reject: (reason: Error) => void;
}

export class ReadQueue {
  readonly #bounds: Pick<QueueBounds, 'readQueueMax'>;
  /** With the worker, by id, in the order of asking. */
  readonly #sent = new Map<number, Asked>();
  #waiting: Asked[] = [];
  #lastId = 0;

  constructor(bounds: Pick<QueueBounds, 'readQueueMax'>) {
    this.#bounds = bounds;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0 && this.#sent.size === 0;
  }

  /**
   * Takes a question in. Rejects with `JournalUnavailable` when too many wait, unless
   * it is patient: a service that starts asks one question at a time, and would not ask again.
   */
  ask<Kind extends ReadKind>(
    kind: Kind,
    ask: Reads[Kind]['ask'],
    patience: Patience = 'refuse',
  ): Promise<Reads[Kind]['answer']> {
    if (patience === 'refuse' && this.#waiting.length >= this.#bounds.readQueueMax) {
      const refusal = refuse('BUSY', 'Too many reads wait for the journal, try again', 1_000);
      return Promise.reject(new JournalUnavailable(refusal));
    }
    const { promise, resolve, reject } = Promise.withResolvers<Reads[ReadKind]['answer']>();
    this.#waiting.push({ question: { kind, ask } as Question, resolve, reject });
    return promise;
  }

  /** Hands over what the worker should have now. */
  send(post: (id: number, question: Question) => void): void {
    while (this.#sent.size < sentMax) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#lastId++;
      this.#sent.set(this.#lastId, next);
      post(this.#lastId, next.question);
    }
  }

  answered(id: number, answer: Reads[ReadKind]['answer']): void {
    this.#taken(id).resolve(answer);
  }

  unanswered(id: number, message: string): void {
    this.#taken(id).reject(new Error(message));
  }

  /** The worker died: what was with it is asked again, first. */
  recall(): void {
    this.#waiting = [...this.#sent.values(), ...this.#waiting];
    this.#sent.clear();
  }

  rejectAll(reason: Error): void {
    this.recall();
    for (const asked of this.#waiting) asked.reject(reason);
    this.#waiting = [];
  }

  #taken(id: number): Asked {
    const asked = this.#sent.get(id);
    if (asked === undefined) throw new Error(`The journal answered read ${id}, which nobody asked`);
    this.#sent.delete(id);
    return asked;
  }
}
