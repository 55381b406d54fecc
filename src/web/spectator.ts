/** Who may read without having joined: everybody, unless the room has a passcode. */
import { refuse, type Outcome } from '../protocol/errors.ts';
import type { Viewer } from '../journal/journal.ts';
import type { Call } from './call.ts';

/** Who reads: a member, or (null) a spectator. Refuses spectators of a room with a passcode. */
export function checkSpectator(call: Call): Outcome<{ viewer: Viewer }> {
  const proof = call.proof();
  const who = proof === null ? null : call.parts.room.now().who(proof.session.member);
  if (who === null && call.parts.settings.passcode !== null) {
    return refuse('NO_SESSION', 'This room has a passcode, join it to read');
  }
  if (who !== null) call.parts.postOffice.get()?.seen(who.id);
  return { ok: true, viewer: who };
}
