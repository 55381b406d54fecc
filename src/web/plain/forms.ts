/**
 * What the forms of the plain pages do: come in, say something, leave. What a person can do wrong
 * is told on the page, in words. What only a program does is refused as everywhere else.
 */
import { randomUUID } from 'node:crypto';
import type { Answer } from '../../http/answer.ts';
import { parseCursor } from '../../protocol/cursor.ts';
import { readForm } from '../body.ts';
import type { Call } from '../call.ts';
import { noQuery, plainJoinForm, plainLeaveForm, plainSayForm, readShape } from '../requests.ts';
import { sendFramed, sendTo, statusOf } from './answers.ts';
import { sayPage, type Writing } from './page.ts';
import {
  fine,
  fresh,
  languageOf,
  newJoinId,
  readRefusal,
  sendJoin,
  sendStill,
  whoIsHere,
} from './plain.ts';

/** Comes in, and goes to the room. */
export async function postPlainJoin(call: Call): Promise<Answer> {
  const form = formOf(call, plainJoinForm);
  if (!form.ok) return call.refuse(form);
  const { id = newJoinId(), nick, passcode, still, after } = form.value;
  const origin = call.checkOrigin();
  if (!origin.ok) return call.refuse(origin);
  const { room, sessions, settings } = call.parts;
  const joined = await room.now().join({
    nick,
    joinId: id,
    ...(settings.passcode === null ? {} : { passcode: passcode ?? '' }),
    session: call.proof()?.member ?? null,
    address: call.address(),
  });
  const isStill = still !== undefined;
  if (!joined.ok) {
    // The same id again is the same join again; one that belongs to another would never come in.
    const again = joined.code === 'ID_REUSED' ? newJoinId() : id;
    return sendJoin(call, { id: again, nick, isStill, after, trouble: joined });
  }
  const { token, expires } = sessions.issue(joined.member.id);
  const place = after !== undefined && parseCursor(after) !== null ? `?after=${after}` : '';
  return sendTo(isStill ? stillPath : `/plain${place}`, call.cookie(token, expires));
}

/** The frame in which one writes. */
export function getSay(call: Call): Answer {
  const query = call.query(noQuery);
  return query.ok ? sendSay(call, fresh()) : call.refuse(query);
}

/** Says something, and gives the form back: empty, or as it was, and why. */
export async function postSay(call: Call): Promise<Answer> {
  const form = formOf(call, plainSayForm);
  if (!form.ok) return call.refuse(form);
  const { id, text, still } = form.value;
  const acting = call.actor();
  const spoken = acting.ok ? await call.parts.room.now().say(acting.actor, { id, text }) : acting;
  if (acting.ok) {
    call.parts.postOffice.get()?.seen(acting.actor.id);
    call.parts.feeds.wrote(acting.actor.id);
  }
  const isStill = still !== undefined;
  if (!spoken.ok) {
    const isGone = isStill && whoIsHere(call) === null;
    if (isGone) return sendJoin(call, { isStill, text, trouble: spoken });
    // The same id again is the same message again; one that belongs to another would never be said.
    const again = spoken.code === 'ID_REUSED' ? randomUUID() : id;
    return await sendAfter(call, { id: again, text, trouble: spoken, reply: '' }, isStill);
  }
  const reply = 'reply' in spoken ? spoken.reply : '';
  if (isStill && reply === '') return sendTo(stillPath);
  return await sendAfter(call, { ...fresh(), reply }, isStill);
}

/**
 * The form after what it did: with the room about it, where it came from a page that stands still.
 * To make that page is to read; a network that reads too much is given the form alone.
 */
async function sendAfter(call: Call, writing: Writing, isStill: boolean): Promise<Answer> {
  if (!isStill) return sendSay(call, writing);
  const refusal = readRefusal(call);
  return refusal === null ? await sendStill(call, writing) : sendSay(call, writing, true);
}

/** Leaves the room. Who is not there has left. */
export async function postPlainLeave(call: Call): Promise<Answer> {
  const form = formOf(call, plainLeaveForm);
  if (!form.ok) return call.refuse(form);
  const acting = call.actor();
  if (!acting.ok && acting.code !== 'NO_SESSION') return call.refuse(acting);
  if (acting.ok) {
    const left = await call.parts.room.now().leave(acting.actor.id, 'left');
    if (!left.ok) return call.refuse(left);
  }
  return sendTo(form.value.still === undefined ? '/plain' : stillPath, call.cookie(null, 0));
}

const stillPath = '/plain?still';

function sendSay(call: Call, writing: Writing, isStill = false): Answer {
  const { title } = call.parts.room.now().info();
  const { status, fields } = writing.trouble === null ? fine : statusOf(writing.trouble);
  return sendFramed(sayPage(title, writing, isStill, languageOf(call)), status, fields);
}

/** Reads a form; a query beside it is none of ours. */
function formOf<S extends Parameters<typeof readShape>[0]>(
  call: Call,
  shape: S,
): ReturnType<typeof readShape<S>> {
  const query = call.query(noQuery);
  if (!query.ok) return query;
  const form = readForm(call.request);
  return form.ok ? readShape(shape, form.params) : form;
}
