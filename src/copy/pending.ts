/** What was said and is not recorded yet: how it is kept, and how it is shown. */
import type { MemberId, Seq } from '../protocol/entries.ts';
import type { Failure } from '../client/answer.ts';
import type { PendingLine } from './room-state.ts';

/** A message on its way. */
export interface Pending {
  readonly id: string;
  readonly text: string;
  readonly replyTo?: Seq | undefined;
  /** Who we were when it was first sent: the server knows its id as theirs alone. */
  readonly by?: MemberId;
  /** Why it was refused. */
  readonly failure?: Failure;
  /** When it is sent again, in milliseconds since 1970, since the server asked to wait. */
  readonly retryAt?: number | undefined;
}

export function lineOf({ id, text, replyTo, failure, retryAt }: Pending): PendingLine {
  const shown = isSecret(text) ? '/keeper …' : text;
  return { type: 'pending', id, text: shown, replyTo, failure, retryAt };
}

/** The same for another history, where the seq of what it answers is that of another message. */
export function answeringNone({ replyTo: _replyTo, ...pending }: Pending): Pending {
  return pending;
}

/** The code of the keepers is neither stored nor shown. */
export function isSecret(text: string): boolean {
  // Behind what cannot be seen it is a command all the same.
  return /^[\s\p{C}\p{Default_Ignorable_Code_Point}\u2800]*\/keeper\b/iu.test(text);
}
