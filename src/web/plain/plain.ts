/**
 * `/plain`: the room as one page that goes on, for browsers without scripts, the oldest technique
 * of Comet; and as a page that stands still, for those that show one only when all of it is there.
 *
 * What a person can do wrong is told on the page, in words. What only a program does is refused as
 * everywhere else.
 */
import { randomUUID } from 'node:crypto';
import type { Answer } from '../../http/answer.ts';
import { parseCursor } from '../../protocol/cursor.ts';
import type { Who } from '../../protocol/entries.ts';
import { refuse, type Refusal } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import { readForm } from '../body.ts';
import type { Call } from '../call.ts';
import type { Proof } from '../proof.ts';
import {
  noQuery,
  plainHereQuery,
  plainJoinForm,
  plainLeaveForm,
  plainQuery,
  plainSayForm,
  readShape,
} from '../requests.ts';
import { readCursor } from '../position.ts';
import {
  sendFramed,
  sendPage,
  sendPixel,
  sendStyle,
  sendTo,
  statusOf,
  streamHead,
} from './answers.ts';
import { Feed } from './feed.ts';
import { beginningOfStream, joinPage, sayPage, stillPage, type Written } from './page.ts';

/** The room for who is in it; for others, the form to come in. */
export function getPlain(call: Call): Answer | null {
  const isStill = call.target.query === 'still';
  const query = isStill ? { ok: true as const, value: {} } : call.query(plainQuery);
  if (!query.ok) return call.refuse(query);
  const { after }: { after?: string | undefined } = query.value;
  const { reads, clock, settings } = call.parts;
  const wait = settings.addressLimits ? reads.take(call.address(), clock.monotonic()) : 0;
  if (wait > 0) return call.refuse(tooFast(wait));
  const here = whoIsHere(call);
  if (here === null) return sendJoin(call, { isStill, after });
  call.parts.postOffice.get()?.seen(here.you.id, isStill ? limits.plainStillMs : limits.leaseMs);
  if (isStill) return sendStill(call, fresh(), null, '');
  if (call.request.method === 'HEAD') return streamHead({});
  return startStream(call, here.proof, after);
}

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
  if (!query.ok) return call.refuse(query);
  return sendFramed(sayPage(titleOf(call), fresh(), null, ''));
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
    call.parts.feeds.seen(acting.actor.id);
  }
  const isStill = still !== undefined;
  if (!spoken.ok) {
    // The same id again is the same message again; one that belongs to another would never be said.
    const written = { id: spoken.code === 'ID_REUSED' ? randomUUID() : id, text };
    if (isStill && whoIsHere(call) === null) return sendJoin(call, { isStill, trouble: spoken });
    if (isStill) return sendStill(call, written, spoken, '');
    const { status, fields } = statusOf(spoken);
    return sendFramed(sayPage(titleOf(call), written, spoken, ''), status, fields);
  }
  const reply = 'reply' in spoken ? spoken.reply : '';
  if (isStill && reply !== '') return sendStill(call, fresh(), null, reply);
  if (isStill) return sendTo(stillPath);
  return sendFramed(sayPage(titleOf(call), fresh(), null, reply));
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

/** The picture that a page asks for while it goes on: somebody is there. */
export function getHere(call: Call): Answer {
  const query = call.query(plainHereQuery);
  if (!query.ok) return call.refuse(query);
  const reader = call.reader();
  if (!reader.ok) return call.refuse(reader);
  call.parts.feeds.seen(reader.proof.member);
  return sendPixel();
}

export function getStyle(call: Call): Answer {
  const query = call.query(noQuery);
  return query.ok ? sendStyle() : call.refuse(query);
}

const stillPath = '/plain?still';

/** Begins a page that goes on: with the newest messages, or behind a cursor without them. */
function startStream(call: Call, proof: Proof, after: string | undefined): null | Answer {
  const { parts, exchange } = call;
  const office = parts.postOffice.now();
  const room = parts.room.now();
  if (parts.feeds.isFull) return call.refuse(full);
  // Read in one turn of the event loop: nothing falls between the messages and the cursor.
  const cursor = readCursor(after ?? office.cursor());
  if (!cursor.ok) return call.refuse(cursor);
  const entries = after === undefined ? room.recent(limits.snapshotEntries) : [];
  const { clock, postOffice, feeds } = parts;
  const stream = exchange.stream(streamHead(renewed(call, proof)));
  stream.write(beginningOfStream(room.info(), entries).toString());
  const tab = `plain-${randomUUID().slice(0, 13)}`;
  const feed = new Feed({ clock, postOffice, feeds, proof, stream, tab }, cursor.cursor);
  exchange.watcher = feed;
  feed.start();
  return null;
}

function sendStill(call: Call, written: Written, trouble: Refusal | null, reply: string): Answer {
  const room = call.parts.room.now();
  const entries = room.recent(limits.snapshotEntries);
  const page = stillPage(room.info(), entries, written, trouble, reply);
  if (trouble === null) return sendPage(page);
  const { status, fields } = statusOf(trouble);
  return sendPage(page, status, fields);
}

/** Who asks, when they are in the room. */
function whoIsHere(call: Call): { readonly proof: Proof; readonly you: Who } | null {
  const proof = call.proof();
  const you = proof === null ? null : call.parts.room.now().who(proof.member);
  return proof === null || you === null ? null : { proof, you };
}

/** A fresh cookie, when the session ages. */
function renewed(call: Call, proof: Proof): Readonly<Record<string, string>> {
  const { sessions } = call.parts;
  if (!sessions.isAgeing(proof)) return {};
  const { token, expires } = sessions.issue(proof.member);
  return call.cookie(token, expires);
}

interface JoinAgain {
  readonly id?: string;
  readonly nick?: string;
  readonly isStill: boolean;
  readonly after?: string | undefined;
  readonly trouble?: Refusal;
}

/** The form to come in; once more, when there was trouble with it. */
function sendJoin(
  call: Call,
  { id = newJoinId(), nick = '', isStill, after = '', trouble }: JoinAgain,
): Answer {
  const { room, settings } = call.parts;
  const hasPasscode = settings.passcode !== null;
  const form = { id, nick, hasPasscode, isStill, after, trouble: trouble ?? null };
  const page = joinPage(room.now().info(), form);
  if (trouble === undefined) return sendPage(page);
  const { status, fields } = statusOf(trouble);
  return sendPage(page, status, fields);
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

/** The id of a join, random enough to be nobody else's: who names it is that member. */
function newJoinId(): string {
  return randomUUID();
}

/** An empty form, with the id of what will be written in it. */
function fresh(): Written {
  return { id: randomUUID(), text: '' };
}

function titleOf(call: Call): string {
  return call.parts.room.now().info().title;
}

function tooFast(waitMs: number): Refusal {
  return refuse('TOO_FAST', 'Your network reads faster than the room allows', waitMs);
}

const full = refuse('BUSY', 'The server has as many pages of this kind as it may', 5_000);
