/**
 * `/plain`: the room as one page that goes on, for browsers without scripts, the oldest technique
 * of Comet; and as a page that stands still, for those that show one only when all of it is there.
 *
 * What a person can do wrong is told on the page, in words. What only a program does is refused as
 * everywhere else.
 */
import { randomUUID } from 'node:crypto';
import type { Answer } from '../../http/answer.ts';
import type { Room } from '../../chat/room.ts';
import { parseCursor } from '../../protocol/cursor.ts';
import type { Message, Seq, Who } from '../../protocol/entries.ts';
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
import { languageFor, type Language } from './language.ts';
import type { Telling } from './lines.ts';
import {
  beginningOfStream,
  historyPage,
  joinPage,
  sayPage,
  stillPage,
  type Writing,
} from './page.ts';
import { print, type Printed } from './printed.ts';

interface PlainQuery {
  /** A cursor, behind which the page goes on. */
  readonly after?: string | undefined;
  /** A message, before which history is read. */
  readonly before?: Seq | undefined;
}

/** The room for who is in it, as it comes, as it stands or further back; for others, the way in. */
export function getPlain(call: Call): Answer | Promise<Answer> | null {
  const isStill = call.target.query === 'still';
  const query = isStill ? { ok: true as const, value: {} } : call.query(plainQuery);
  if (!query.ok) return call.refuse(query);
  const { after, before }: PlainQuery = query.value;
  if (after !== undefined && before !== undefined) return call.refuse(bothWays);
  const { reads, clock, settings } = call.parts;
  const wait = settings.addressLimits ? reads.take(call.address(), clock.monotonic()) : 0;
  if (wait > 0) return call.refuse(tooFast(wait));
  const here = whoIsHere(call);
  if (here === null) return sendJoin(call, { isStill, after });
  const stands = isStill || before !== undefined;
  call.parts.postOffice.get()?.seen(here.you.id, stands ? limits.plainStillMs : limits.leaseMs);
  if (before !== undefined) return sendHistory(call, here.you, before);
  if (isStill) return sendStill(call, fresh());
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
    call.parts.feeds.seen(acting.actor.id);
  }
  const isStill = still !== undefined;
  if (!spoken.ok) {
    if (isStill && whoIsHere(call) === null) return sendJoin(call, { isStill, trouble: spoken });
    // The same id again is the same message again; one that belongs to another would never be said.
    const again = spoken.code === 'ID_REUSED' ? randomUUID() : id;
    const writing = { id: again, text, trouble: spoken, reply: '' };
    return isStill ? await sendStill(call, writing) : sendSay(call, writing);
  }
  const reply = 'reply' in spoken ? spoken.reply : '';
  if (!isStill) return sendSay(call, { ...fresh(), reply });
  return reply === '' ? sendTo(stillPath) : await sendStill(call, { ...fresh(), reply });
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
function startStream(
  call: Call,
  proof: Proof,
  after: string | undefined,
): Answer | Promise<Answer> | null {
  const { parts, exchange } = call;
  const { clock, postOffice, feeds, settings } = parts;
  const office = postOffice.now();
  const room = parts.room.now();
  const address = settings.addressLimits ? call.address() : null;
  const refusal = feeds.refusal(address);
  // The room as it stands can be had all the same.
  if (refusal !== null) return sendStill(call, { ...fresh(), trouble: refusal });
  // Read in one turn of the event loop: nothing falls between the messages and the cursor.
  const read = readCursor(after ?? office.cursor());
  if (!read.ok) return call.refuse(read);
  const { cursor } = read;
  const language = languageOf(call);
  const printed =
    after === undefined
      ? printRecent(room, language, (seq) => room.recentMessage(seq))
      : { lines: [], count: 0, before: (cursor.seq + 1) as Seq };
  const stream = exchange.stream(streamHead(renewed(call, proof)));
  stream.write(beginningOfStream(room.info(), printed, language).toString());
  const tab = `plain-${randomUUID().slice(0, 13)}`;
  const feed = new Feed(
    { clock, postOffice, room: parts.room, feeds, proof, stream, tab, language, address },
    cursor,
  );
  exchange.watcher = feed;
  feed.start();
  return null;
}

async function sendStill(call: Call, writing: Writing): Promise<Answer> {
  const room = call.parts.room.now();
  const language = languageOf(call);
  const quoted = await quotedBy(call, room.recent(limits.snapshotEntries));
  const page = stillPage(room.info(), printRecent(room, language, quoted), writing, language);
  const { status, fields } = writing.trouble === null ? fine : statusOf(writing.trouble);
  return sendPage(page, status, fields);
}

/** What was said before a message. */
async function sendHistory(call: Call, viewer: Who, before: Seq): Promise<Answer> {
  const { journal, room } = call.parts;
  const page = await journal.page({ before, limit: limits.pageDefault, viewer });
  if (!page.ok) return call.refuse(page);
  const messages = page.entries.filter((entry): entry is Message => entry.type === 'message');
  const language = languageOf(call);
  const telling = { language, messageAt: await quotedBy(call, messages) };
  const printed = print(messages, page.more, telling);
  return sendPage(historyPage(room.now().info(), printed, language));
}

function sendSay(call: Call, writing: Writing): Answer {
  const { title } = call.parts.room.now().info();
  const { status, fields } = writing.trouble === null ? fine : statusOf(writing.trouble);
  return sendFramed(sayPage(title, writing, languageOf(call)), status, fields);
}

function printRecent(room: Room, language: Language, messageAt: Telling['messageAt']): Printed {
  const messages = room.recent(limits.snapshotEntries);
  return print(messages, messages.length === limits.snapshotEntries, { language, messageAt });
}

/** The messages that these answer, read before they are needed: some of them may be far back. */
async function quotedBy(call: Call, messages: readonly Message[]): Promise<Telling['messageAt']> {
  const seqs = new Set(messages.flatMap(({ replyTo }) => replyTo ?? []));
  const quoted = await Promise.all([...seqs].map((seq) => call.parts.journal.message(seq)));
  const bySeq = new Map(quoted.map((message) => [message?.seq, message]));
  return (seq) => bySeq.get(seq) ?? null;
}

function languageOf(call: Call): Language {
  return languageFor(call.request.fields.get('accept-language'));
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
  const page = joinPage(room.now().info(), form, languageOf(call));
  const { status, fields } = trouble === undefined ? fine : statusOf(trouble);
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
function fresh(): Writing {
  return { id: randomUUID(), text: '', trouble: null, reply: '' };
}

/** What an answer says to which there is nothing to say. */
const fine = { status: 200, fields: {} };

const bothWays = refuse('BAD_REQUEST', 'Give one of "after" and "before"');

function tooFast(waitMs: number): Refusal {
  return refuse('TOO_FAST', 'Your network reads faster than the room allows', waitMs);
}
