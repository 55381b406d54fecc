/** `GET` and `POST /v1/poll`: wait for something to say. */
import type { PollAnswer } from '../chat/mailbox.ts';
import { uncounted } from '../chat/post-office-parts.ts';
import { limits } from '../protocol/limits.ts';
import type { Call } from './call.ts';
import { readCursor } from './position.ts';
import { noQuery, pollBody, pollQuery } from './requests.ts';
import { sendJson, sendProblem } from './responses.ts';
import type { Session } from './session.ts';

interface PollAsked {
  readonly after: string;
  readonly hold?: number | undefined;
  readonly tab?: string | undefined;
  readonly turn?: number | undefined;
}

export function getPoll(call: Call): Response | Promise<Response> {
  const query = call.query(pollQuery);
  return query.ok ? poll(call, query.value) : call.refuse(query);
}

export async function postPoll(call: Call): Promise<Response> {
  const body = await call.body(pollBody);
  if (!body.ok) return call.refuse(body);
  const query = call.query(noQuery);
  return query.ok ? await poll(call, body.value) : call.refuse(query);
}

function poll(call: Call, asked: PollAsked): Response | Promise<Response> {
  const read = readCursor(asked.after);
  if (!read.ok) return call.refuse(read);
  const after = read.cursor;
  const reader = call.reader();
  if (!reader.ok) return call.refuse(reader);
  const { session } = reader;
  const { clock, postOffice } = call.parts;
  const seconds = asked.hold ?? limits.holdMsMax / 1_000;
  const leftMs = session.expires - clock.now();
  const holdMs = Math.max(0, Math.min(seconds * 1_000, limits.holdMsMax, leftMs));
  const renewal = renew(call, session);
  const request = {
    member: session.member,
    after,
    holdMs,
    tab: asked.tab ?? '',
    turn: asked.turn ?? uncounted,
    extra: renewal.extra,
  };
  const office = postOffice.now();
  return new Promise<Response>((resolve) => {
    office.poll(request, { tell: (answer) => resolve(respond(call, answer, renewal.headers)) });
  });
}

function respond(
  call: Call,
  answer: PollAnswer,
  headers: Readonly<Record<string, string>> | null,
): Response {
  if (!answer.ok) return sendProblem(answer, call.cors);
  return sendJson(answer.body, 200, headers);
}

/**
 * A fresh token, when the session ages. It goes into every reply until the client uses it: which
 * replies arrive, the server cannot know.
 */
function renew(
  call: Call,
  session: Session,
): { extra: string; headers: Readonly<Record<string, string>> | null } {
  const cors = Object.keys(call.cors).length === 0 ? null : call.cors;
  if (!call.parts.sessions.isAgeing(session)) return { extra: '', headers: cors };
  const { token, expires } = call.parts.sessions.issue(session.member);
  return {
    extra: `,"token":${JSON.stringify(token)}`,
    headers: { ...call.cors, ...call.cookie(token, expires) },
  };
}
