/** `POST /v1/join`: come into the room. */
import type { Answer } from '../http/answer.ts';
import type { Joined } from '../protocol/replies.ts';
import type { Call } from './call.ts';
import { noFields } from './origin.ts';
import { joinBody, noQuery } from './requests.ts';
import { sendJson } from './responses.ts';

export async function postJoin(call: Call): Promise<Answer> {
  const body = call.body(joinBody);
  if (!body.ok) return call.refuse(body);
  const query = call.query(noQuery);
  if (!query.ok) return call.refuse(query);
  // Another site's page may join only if whoever runs the room allows that site.
  const isAllowed = call.cors !== noFields;
  const origin = isAllowed ? { ok: true as const } : call.checkOrigin();
  if (!origin.ok) return call.refuse(origin);
  const { nick, id, passcode } = body.value;
  const proof = call.proof();
  // It comes in as somebody new, and not as whoever the visitor's cookie names.
  const isOurs = proof !== null && (proof.by !== 'cookie' || call.isOwn());
  const joined = await call.parts.room.now().join({
    nick,
    joinId: id,
    passcode,
    session: isOurs ? proof.member : null,
    address: call.address(),
  });
  if (!joined.ok) return call.refuse(joined);
  const { token, expires } = call.parts.sessions.issue(joined.member.id);
  const own: Pick<Joined, 'token' | 'expires' | 'you'> = { token, expires, you: joined.member };
  const { snapshot, room, postOffice } = call.parts;
  const text = `${snapshot.take(room.now(), postOffice.now())},${JSON.stringify(own).slice(1)}`;
  return sendJson(text, 201, { ...call.cors, ...call.cookie(token, expires) });
}
