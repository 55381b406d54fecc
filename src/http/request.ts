/** A request as it was read from a connection, and the way back for its answer. */
import type { Answer } from './answer.ts';
import type { Stream } from './stream.ts';

/** The header fields of a request. */
export interface Fields {
  /**
   * The value of a field, several joined as the standard has it; null when it is not there. The
   * name in small letters.
   */
  get(name: string): string | null;
  has(name: string): boolean;
  /**
   * What a reader has found out from these fields. A connection on which the same fields come again
   * has the same object for them, and so the next request finds it here.
   */
  note?: object;
}

export interface HttpRequest {
  readonly method: string;
  /** What is asked for, as it was sent: a path and a query, or a whole address. */
  readonly target: string;
  readonly fields: Fields;
  /** The whole body; empty when there is none. */
  readonly body: Uint8Array;
}

/** Who must hear that nobody waits for an answer any more. */
export interface Watcher {
  hungUp(): void;
  /** All that was sent of an answer that goes on has been taken by the network. */
  caughtUp?(): void;
}

/** One request's way back. */
export interface Exchange {
  /** The network address at the other end. */
  readonly peer: string;
  /** Told when the connection ends before the answer; whoever lets a request wait sets it. */
  watcher: Watcher | null;
  /** Answers, once. When the connection is gone, or has its answer, nothing happens. */
  reply(answer: Answer): void;
  /**
   * Begins to answer: the head now, the body in parts. `watcher` is told when the connection ends
   * before the stream does.
   */
  stream(head: Answer): Stream;
}
