/** `POST /v1/leave` and `/v1/typing`: signs of a member that are no messages. */
import type { Answer } from '../http/answer.ts';
import type { Call } from './call.ts';
import { emptyBody, leaveBody, noQuery } from './requests.ts';
import { sendNothing } from './responses.ts';

/**
 * Leave the room; or, with `tab`, only say that a tab was closed, as `sendBeacon` does when a page
 * goes: then the member stays a moment, for it may be a reload.
 */
export async function postLeave(call: Call): Promise<Answer> {
  const body = call.body(leaveBody);
  if (!body.ok) return call.refuse(body);
  const query = call.query(noQuery);
  if (!query.ok) return call.refuse(query);
  const acting = call.actor();
  if (!acting.ok) return call.refuse(acting);
  const { tab } = body.value;
  if (tab !== undefined) {
    call.parts.postOffice.now().tabClosed(acting.actor.id, tab);
    return sendNothing(call.cors);
  }
  const left = await call.parts.room.now().leave(acting.actor.id, 'left');
  if (!left.ok) return call.refuse(left);
  return sendNothing({ ...call.cors, ...call.cookie(null, 0) });
}

export async function postTyping(call: Call): Promise<Answer> {
  const body = call.body(emptyBody);
  if (!body.ok) return call.refuse(body);
  const query = call.query(noQuery);
  if (!query.ok) return call.refuse(query);
  const acting = call.actor();
  if (!acting.ok) return call.refuse(acting);
  const { id } = acting.actor;
  const member = call.parts.room.now().mayType(id);
  if (!member.ok) return call.refuse(member);
  call.parts.postOffice.now().typing(id);
  return sendNothing(call.cors);
}
