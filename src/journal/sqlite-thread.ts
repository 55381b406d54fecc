/**
 * The thread that owns the journal's file, as whoever starts it sees it. It is an argument of the
 * journal: a simulation hands in one that runs on its own clock and loses what a disk may lose.
 */
import type { FromWorker, ToWorker } from './sqlite-messages.ts';

export interface Thread {
  tell(message: ToWorker): void;
  /** Ends it now, whatever it is doing. `ended` is called when it is gone. */
  terminate(): void;
}

export interface ThreadListener {
  said(message: FromWorker): void;
  /** It threw what nobody caught. */
  failed(message: string): void;
  /** It is gone, and with it every lock and handle. Called once. */
  ended(): void;
}

/**
 * A message on its way between the threads: one string. A structured clone of a batch of twenty
 * takes twice the time, because it takes every object and every text by itself.
 */
export function pack(message: ToWorker | FromWorker): string {
  return JSON.stringify(message);
}

/** The same on the other side. Nothing else ever says something to either thread. */
export function unpack(packed: string): unknown {
  return JSON.parse(packed);
}

export type StartThread = (listener: ThreadListener) => Thread;

/** Starts a worker of the machine. */
export const startWorker: StartThread = (listener) => {
  const worker = new Worker(new URL('sqlite-worker.ts', import.meta.url).href, {
    name: 'encke-journal',
  });
  worker.addEventListener('message', ({ data }: MessageEvent<string>) =>
    listener.said(unpack(data) as FromWorker),
  );
  worker.addEventListener('error', ({ message }) => listener.failed(message));
  worker.addEventListener('close', () => listener.ended());
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- this is no window
    tell: (message) => worker.postMessage(pack(message)),
    terminate: () => worker.terminate(),
  };
};
