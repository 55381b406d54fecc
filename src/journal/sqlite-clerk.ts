/**
 * Who does the work in the journal's thread. The clerk owns `journal.db`, does one thing after
 * another, in the order in which it was told, and answers each. When something goes wrong it says
 * what, closes the file, and is done: the thread that started it decides what comes next.
 */
import { troubleOf } from './disk.ts';
import { JournalRefused } from './refused.ts';
import type { FromWorker, OpenOrder, ToWorker } from './sqlite-messages.ts';
import { SqliteStore } from './sqlite-store.ts';

/** More than one commit can have gone unheard only when something else is wrong as well. */
const missedMax = 10_000;

export class Clerk {
  readonly #answer: (message: FromWorker) => void;
  #store: SqliteStore | null = null;
  #folder = '';

  constructor(answer: (message: FromWorker) => void) {
    this.#answer = answer;
  }

  /** Does what it is told. Never throws. */
  hear(told: ToWorker): void {
    try {
      this.#obey(told);
    } catch (reason) {
      this.#giveUp(reason);
    }
  }

  #obey(told: ToWorker): void {
    if (told.kind === 'open') {
      this.#open(told.order);
      return;
    }
    const store = this.#store;
    if (told.kind === 'stop') {
      store?.close();
      this.#store = null;
      this.#answer({ kind: 'stopped' });
      return;
    }
    if (store === null)
      throw new Error(`The journal's worker was told to ${told.kind} while closed`);
    switch (told.kind) {
      case 'commit':
        this.#answer({ kind: 'committed', result: store.commit(told.batch) });
        store.checkpoint();
        return;
      case 'save':
        this.#answer({ kind: 'saved', isFull: !store.save(told.saved) });
        store.checkpoint();
        return;
      case 'read':
        this.#read(store, told);
        return;
      default:
        throw new Error(`The journal's worker does not know "${String(told satisfies never)}"`);
    }
  }

  #open(order: OpenOrder): void {
    this.#folder = order.folder;
    const store = new SqliteStore(order.folder, order.freshEpoch);
    this.#store = store;
    const head = store.head();
    const after = order.after ?? head.seq;
    this.#answer({
      kind: 'opened',
      opened: {
        epoch: store.epoch,
        head,
        at: store.lastAt,
        hashAfter: store.hashAt(after),
        missed: store.entriesAfter(after, missedMax),
      },
    });
  }

  // A read that fails is its caller's affair, unless the disk is what failed.
  #read(from: SqliteStore, { id, question }: ToWorker & { kind: 'read' }): void {
    try {
      this.#answer({ kind: 'answered', id, answer: from.answer(question) });
    } catch (reason) {
      if (troubleOf(reason, this.#folder) !== 'other') throw reason;
      const message = reason instanceof Error ? reason.message : String(reason);
      this.#answer({ kind: 'unanswered', id, message });
    }
  }

  #giveUp(reason: unknown): void {
    const message = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
    try {
      this.#store?.close();
    } catch {
      // The failure that brought us here is the one to tell.
    }
    this.#store = null;
    if (reason instanceof JournalRefused) {
      this.#answer({ kind: 'refused', code: reason.code, message: reason.message });
      return;
    }
    const isBroken = this.#folder !== '' && troubleOf(reason, this.#folder) === 'broken';
    this.#answer({ kind: isBroken ? 'broken' : 'crashed', message });
  }
}
