/**
 * How long to wait before asking again: exponential, with full jitter, so that ten thousand clients
 * that lost the same server do not come back in the same second.
 */
import type { Failure } from './answer.ts';

/** The first ceiling; it doubles with each failure in a row. */
const baseMs = 500;
const ceilingMsMax = 30_000;

/**
 * The first retry after a lost connection is quicker still. Most lost connections are idle ones
 * that something on the way closed while the server was well.
 */
const quickMs = 100;

/** What a server may ask for. Longer waits mean never, and overflow the timers of browsers. */
const askedMsMax = 3_600_000;

/**
 * Milliseconds to wait after the failure number `attempt` in a row (1, 2, 3 ...). What the server
 * asked for is a minimum, with the jitter on top of it.
 */
export function backoffMs(
  attempt: number,
  random: () => number,
  { status, retryMs }: Pick<Failure, 'status' | 'retryMs'>,
): number {
  const ceilingMs = attempt === 1 && status === 0 ? quickMs : baseMs * 2 ** (attempt - 1);
  return Math.min(askedMsMax, retryMs) + random() * Math.min(ceilingMsMax, ceilingMs);
}
