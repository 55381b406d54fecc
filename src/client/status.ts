/** How it stands between the client and the room. */
import type { Failure, FailureCode } from './answer.ts';

export type Status =
  /** Not in the room: never joined, or left. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** A poll failed; the next one goes out at `retryAt`, in milliseconds since 1970. */
  | {
      readonly kind: 'waiting';
      readonly retryAt: number;
      readonly attempt: number;
      readonly reason: Failure;
    }
  /** Not a member any more, and why. */
  | { readonly kind: 'out'; readonly code: FailureCode; readonly detail: string }
  /** Another client polls under our name of a tab. */
  | { readonly kind: 'superseded' }
  | { readonly kind: 'closed' };
