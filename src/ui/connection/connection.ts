/**
 * What the page says about the connection. It stays silent about what nobody has to know: most lost
 * connections are idle ones that something on the way closed, and the first retry, a moment later,
 * finds the server well.
 */
import type { Status } from '../../copy/room-state.ts';

type Waiting = Extract<Status, { kind: 'waiting' }>;

/** Why nothing is heard, as far as it can be known from here. */
export type Why =
  | 'noAnswer'
  /** Something answers, and it is not the room: the sign-in page of a network, a proxy. */
  | 'intercepted'
  | 'restarting'
  | 'other';

export type Connection =
  /** `why`: the server has said that it is about to stop, and nothing else has happened yet. */
  | { readonly kind: 'quiet'; readonly why?: 'restarting' }
  /** `retryAt`, in milliseconds since 1970, is null while a try is under way. */
  | { readonly kind: 'lost'; readonly why: Why; readonly retryAt: number | null }
  | { readonly kind: 'offline' }
  /** It was lost, and is there again. */
  | { readonly kind: 'found' }
  | { readonly kind: 'superseded' };

export const quiet: Connection = { kind: 'quiet' };

/** A server that is not back after so many tries, half a minute, is not restarting. */
const restartTriesMax = 6;

/** What to say after a change of status, given what was said before. */
export function connectionAfter(before: Connection, status: Status): Connection {
  const isTrouble = before.kind === 'lost' || before.kind === 'offline';
  switch (status.kind) {
    case 'connecting': {
      const why = before.kind === 'lost' ? before.why : 'other';
      return isTrouble ? { kind: 'lost', why, retryAt: null } : before;
    }
    case 'waiting': {
      const why = whyOf(status, before);
      if (status.attempt > 1 || isTrouble) return { kind: 'lost', why, retryAt: status.retryAt };
      return why === 'restarting' ? { kind: 'quiet', why } : before;
    }
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

function whyOf({ reason, attempt }: Waiting, before: Connection): Why {
  const { code, status } = reason;
  if (code === 'DRAINING') return 'restarting';
  if (code !== 'UNREACHABLE') return 'other';
  // A gateway says with such a status that it hears nothing either, a network with 511 that it
  // wants to be signed in to (RFC 6585).
  if (status !== 0 && (status < 500 || status === 511)) return 'intercepted';
  const wasStopping = 'why' in before && before.why === 'restarting';
  return wasStopping && attempt <= restartTriesMax ? 'restarting' : 'noAnswer';
}
