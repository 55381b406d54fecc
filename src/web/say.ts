/** `/v1/messages`: say something, change it, delete it, react to it. */
import type { Answer } from '../http/answer.ts';
import { refuse, type Outcome } from '../protocol/errors.ts';
import type { Seq } from '../protocol/entries.ts';
import type { Room } from '../chat/room.ts';
import type { Actor } from '../chat/room-parts.ts';
import type { Call } from './call.ts';
import { editBody, emptyBody, messageBody, noQuery } from './requests.ts';
import { send, sendNothing } from './responses.ts';

export async function postMessage(call: Call): Promise<Answer> {
  const body = call.body(messageBody);
  if (!body.ok) return call.refuse(body);
  const found = actorIn(call);
  if (!found.ok) return call.refuse(found);
  const { id, text, replyTo } = body.value;
  const spoken = await found.room.say(found.actor, { id, text, replyTo });
  if (!spoken.ok) return call.refuse(spoken);
  if ('reply' in spoken) return send({ reply: spoken.reply }, 200, call.cors);
  return send(spoken.said, spoken.isRepeat ? 200 : 201, call.cors);
}

export async function patchMessage(call: Call): Promise<Answer> {
  const body = call.body(editBody);
  if (!body.ok) return call.refuse(body);
  const found = subjectIn(call);
  if (!found.ok) return call.refuse(found);
  const edited = await found.room.edit(found.actor.id, found.seq, body.value.text);
  return edited.ok ? send(edited.message, 200, call.cors) : call.refuse(edited);
}

export async function deleteMessage(call: Call): Promise<Answer> {
  const body = call.body(emptyBody);
  if (!body.ok) return call.refuse(body);
  const found = subjectIn(call);
  if (!found.ok) return call.refuse(found);
  const removed = await found.room.remove(found.actor.id, found.seq);
  return removed.ok ? sendNothing(call.cors) : call.refuse(removed);
}

export async function putReaction(call: Call): Promise<Answer> {
  return await react(call, true);
}

export async function deleteReaction(call: Call): Promise<Answer> {
  return await react(call, false);
}

async function react(call: Call, on: boolean): Promise<Answer> {
  const body = call.body(emptyBody);
  if (!body.ok) return call.refuse(body);
  const found = subjectIn(call);
  if (!found.ok) return call.refuse(found);
  const reacted = await found.room.react(found.actor.id, found.seq, call.open[1] ?? '', on);
  return reacted.ok ? sendNothing(call.cors) : call.refuse(reacted);
}

/** Who asks, and the room; a sign of life of theirs as well. */
function actorIn(call: Call): Outcome<{ actor: Actor; room: Room }> {
  const query = call.query(noQuery);
  if (!query.ok) return query;
  const acting = call.actor();
  if (!acting.ok) return acting;
  call.parts.postOffice.get()?.seen(acting.actor.id);
  return { ok: true, actor: acting.actor, room: call.parts.room.now() };
}

/** The same, and the message that the path names. */
function subjectIn(call: Call): Outcome<{ actor: Actor; room: Room; seq: Seq }> {
  const found = actorIn(call);
  if (!found.ok) return found;
  const digits = call.open[0] ?? '';
  if (!/^[1-9]\d{0,14}$/.test(digits)) {
    return refuse('NOT_FOUND', `There is no message "${digits.slice(0, 40)}"`);
  }
  return { ...found, seq: Number(digits) as Seq };
}
