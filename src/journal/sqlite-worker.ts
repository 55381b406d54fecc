/**
 * The thread that owns `journal.db`. It does one thing after another, in the order in which it was
 * told, and answers each. When something goes wrong it says what, closes the file, and is done: the
 * thread that started it decides what comes next.
 */
import { troubleOf } from './disk.ts';
import { JournalRefused } from './refused.ts';
import type { FromWorker, OpenOrder, ToWorker } from './sqlite-messages.ts';
import { SqliteStore } from './sqlite-store.ts';

declare const self: Worker;

let store: SqliteStore | null = null;
let folder = '';

/** More than one commit can have gone unheard only when something else is wrong as well. */
const missedMax = 10_000;

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  try {
    obey(data);
  } catch (reason) {
    const message = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
    try {
      store?.close();
    } catch {
      // The failure that brought us here is the one to tell.
    }
    store = null;
    if (reason instanceof JournalRefused) {
      answer({ kind: 'refused', code: reason.code, message: reason.message });
    } else {
      const isBroken = folder !== '' && troubleOf(reason, folder) === 'broken';
      answer({ kind: isBroken ? 'broken' : 'crashed', message });
    }
  }
});

function obey(told: ToWorker): void {
  if (told.kind === 'open') {
    open(told.order);
    return;
  }
  if (told.kind === 'stop') {
    store?.close();
    store = null;
    answer({ kind: 'stopped' });
    return;
  }
  if (store === null) throw new Error(`The journal's worker was told to ${told.kind} while closed`);
  switch (told.kind) {
    case 'commit':
      answer({ kind: 'committed', result: store.commit(told.batch) });
      store.checkpoint();
      return;
    case 'save':
      answer({ kind: 'saved', isFull: !store.save(told.saved) });
      store.checkpoint();
      return;
    case 'read':
      read(store, told);
      return;
    default:
      throw new Error(`The journal's worker does not know "${String(told satisfies never)}"`);
  }
}

function open(order: OpenOrder): void {
  folder = order.folder;
  store = new SqliteStore(order.folder, order.freshEpoch);
  const head = store.head();
  const after = order.after ?? head.seq;
  answer({
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
function read(from: SqliteStore, { id, question }: ToWorker & { kind: 'read' }): void {
  try {
    answer({ kind: 'answered', id, answer: from.answer(question) });
  } catch (reason) {
    if (troubleOf(reason, folder) !== 'other') throw reason;
    const message = reason instanceof Error ? reason.message : String(reason);
    answer({ kind: 'unanswered', id, message });
  }
}

function answer(message: FromWorker): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- this is no window
  self.postMessage(message);
}
