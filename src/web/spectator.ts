/** Who may read without having joined: everybody, unless the room has a passcode. */
import { refuse, type Outcome } from '../protocol/errors.ts';
import type { Viewer } from '../journal/journal.ts';
import type { Call } from './call.ts';

/**
 * Who reads: a member, or (null) a spectator. Refuses spectators of a room with a passcode, and,
 * with TOO_FAST, an address that reads too much.
 */
export function checkSpectator(call: Call): Outcome<{ viewer: Viewer }> {
  const { reads, clock, settings } = call.parts;
  const wait = settings.addressLimits ? reads.take(call.address(), clock.monotonic()) : 0;
  if (wait > 0) return refuse('TOO_FAST', 'Your network reads faster than the room allows', wait);
  const proof = call.proof();
  const who = proof === null ? null : call.parts.room.now().who(proof.member);
  if (who === null && call.parts.settings.passcode !== null) {
    return refuse('NO_SESSION', 'This room has a passcode, join it to read');
  }
  if (who !== null) call.parts.postOffice.get()?.seen(who.id);
  return { ok: true, viewer: who };
}
