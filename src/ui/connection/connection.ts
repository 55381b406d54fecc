/**
 * What the page says about the connection. It stays silent about what nobody has to know: most lost
 * connections are idle ones that something on the way closed, and the first retry, a moment later,
 * finds the server well.
 */
import type { Status } from '../../copy/room-state.ts';

export type Connection =
  | { readonly kind: 'quiet' }
  /** `retryAt`, in milliseconds since 1970, is null while a try is under way. */
  | { readonly kind: 'lost'; readonly retryAt: number | null }
  | { readonly kind: 'offline' }
  /** It was lost, and is there again. */
  | { readonly kind: 'found' }
  | { readonly kind: 'superseded' };

export const quiet: Connection = { kind: 'quiet' };

/** What to say after a change of status, given what was said before. */
export function connectionAfter(before: Connection, status: Status): Connection {
  const isTrouble = before.kind === 'lost' || before.kind === 'offline';
  switch (status.kind) {
    case 'connecting':
      return isTrouble ? { kind: 'lost', retryAt: null } : before;
    case 'waiting':
      return status.attempt > 1 || isTrouble ? { kind: 'lost', retryAt: status.retryAt } : before;
    case 'offline':
      return { kind: 'offline' };
    case 'live':
      return isTrouble ? { kind: 'found' } : before.kind === 'found' ? before : quiet;
    case 'superseded':
      return { kind: 'superseded' };
    default:
      return quiet;
  }
}
