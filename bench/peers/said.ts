/** A message of a peer's chat, and how messages are numbered there. */

export interface Line {
  /** What the author's client named it: the same when it is sent again. */
  readonly key: string;
  readonly text: string;
}

/** Where a message stands: its number in one history. */
export interface Place {
  readonly seq: number;
  readonly epoch: string;
}

export type Said = Line & Place;

/** Whether something that came from a client is a line: a server must not break over less. */
export function isLine(value: unknown): value is Line {
  if (typeof value !== 'object' || value === null) return false;
  return 'key' in value && 'text' in value && typeof value.key === 'string';
}
