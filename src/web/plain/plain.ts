/**
 * `/plain`: the room as one page that goes on, for browsers without scripts, the oldest technique
 * of Comet; and as a page that stands still, for those that show one only when all of it is there.
 */
import { randomUUID } from 'node:crypto';
import type { Answer } from '../../http/answer.ts';
import type { Room } from '../../chat/room.ts';
import type { Message, Seq, Who } from '../../protocol/entries.ts';
import { orRefused } from '../../journal/refused.ts';
import { refuse, type Refusal } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import type { Call } from '../call.ts';
import type { Proof } from '../proof.ts';
import { noQuery, plainHereQuery, plainQuery } from '../requests.ts';
import { readCursor } from '../position.ts';
import { sendPage, sendPixel, sendStyle, statusOf, streamHead } from './answers.ts';
import { Feed } from './feed.ts';
import { languageFor, type Language } from './language.ts';
import type { Telling } from './lines.ts';
import { beginningOfStream, historyPage, joinPage, stillPage, type Writing } from './page.ts';
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
  const refusal = readRefusal(call);
  if (refusal !== null) return call.refuse(refusal);
  const here = whoIsHere(call);
  if (here === null) return sendJoin(call, { isStill, after });
  if (before !== undefined) return sendHistory(call, here.you, before);
  if (isStill) return sendStill(call, fresh());
  call.parts.postOffice.get()?.seen(here.you.id);
  return startStream(call, here.proof, after);
}

/** The picture that a page asks for while it goes on: somebody is there. */
export function getHere(call: Call): Answer {
  const query = call.query(plainHereQuery);
  if (!query.ok) return call.refuse(query);
  const reader = call.reader();
  if (!reader.ok) return call.refuse(reader);
  call.parts.feeds.seen(reader.proof.member, query.value.tab);
  return sendPixel();
}

export function getStyle(call: Call): Answer {
  const query = call.query(noQuery);
  return query.ok ? sendStyle() : call.refuse(query);
}

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
  // Read in one turn of the event loop: nothing falls between the messages and the cursor.
  const read = readCursor(after ?? office.cursor());
  if (!read.ok) return call.refuse(read);
  const refusal = feeds.refusal(address);
  // The room as it stands can be had all the same, and its place is kept.
  if (refusal !== null) return sendStill(call, { ...fresh(), trouble: refusal }, after);
  const { cursor } = read;
  const language = languageOf(call);
  const printed =
    after === undefined
      ? printRecent(room, language)
      : { lines: [], count: 0, before: (cursor.seq + 1) as Seq };
  const stream = exchange.stream(streamHead(renewed(call, proof)));
  if (call.request.method === 'HEAD') {
    stream.end();
    return null;
  }
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

/** The room as it stands. It leads to the page that goes on: behind a cursor, if there is one. */
export async function sendStill(call: Call, writing: Writing, after = ''): Promise<Answer> {
  seenReading(call);
  const room = call.parts.room.now();
  const language = languageOf(call);
  const messages = room.recent(limits.snapshotEntries);
  const printed = await printQuoting(call, messages, isCut(messages));
  const page = stillPage(room.info(), printed, { ...writing, after }, language);
  const { status, fields } = writing.trouble === null ? fine : statusOf(writing.trouble);
  return sendPage(page, status, fields);
}

/** What was said before a message. */
async function sendHistory(call: Call, viewer: Who, before: Seq): Promise<Answer> {
  const { journal, room } = call.parts;
  seenReading(call);
  const page = await journal.page({ before, limit: limits.pageDefault, viewer });
  if (!page.ok) return call.refuse(page);
  const messages = page.entries.filter((entry): entry is Message => entry.type === 'message');
  const printed = await printQuoting(call, messages, page.more);
  return sendPage(historyPage(room.now().info(), printed, languageOf(call)));
}

/** A page that stands still is read for longer than a lease, and nobody hears of it meanwhile. */
function seenReading(call: Call): void {
  const proof = call.proof();
  if (proof !== null) call.parts.postOffice.get()?.seen(proof.member, limits.plainStillMs);
}

/** The newest messages; of what they answer, the room has in memory what is not far back. */
function printRecent(room: Room, language: Language): Printed {
  const messages = room.recent(limits.snapshotEntries);
  const messageAt: Telling['messageAt'] = (seq) => room.recentMessage(seq);
  return print(messages, isCut(messages), { language, messageAt });
}

/** Whether there may be more before these. */
function isCut(newest: readonly Message[]): boolean {
  return newest.length === limits.snapshotEntries;
}

/**
 * Prints messages, and the beginnings of those that they answer, some of which may be far back. All
 * of it is read at once, so that nothing is told which is deleted while another part is waited for.
 */
async function printQuoting(
  call: Call,
  messages: readonly Message[],
  more: boolean,
): Promise<Printed> {
  const bySeq = new Map(messages.map((message) => [message.seq, message]));
  const quoted = messages.flatMap(({ replyTo }) => replyTo ?? []);
  const far = new Set(quoted.filter((seq) => !bySeq.has(seq)));
  if (far.size > 0) {
    const seqs = [...bySeq.keys(), ...far];
    const read = await orRefused(async () => {
      return { ok: true, found: await call.parts.journal.messages(seqs) };
    });
    // Where too many reads wait it is refused at once, and the page does without these beginnings.
    for (const message of read.ok ? read.found : []) bySeq.set(message.seq, message);
  }
  const messageAt: Telling['messageAt'] = (seq) => bySeq.get(seq) ?? null;
  const present = messages.map((message) => bySeq.get(message.seq) ?? message);
  return print(present, more, { language: languageOf(call), messageAt });
}

export function languageOf(call: Call): Language {
  return languageFor(call.request.fields.get('accept-language'));
}

/** Who asks, when they are in the room. */
export function whoIsHere(call: Call): { readonly proof: Proof; readonly you: Who } | null {
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
  readonly text?: string;
  readonly trouble?: Refusal;
}

/** The form to come in; once more, when there was trouble with it. */
export function sendJoin(
  call: Call,
  { id = newJoinId(), nick = '', isStill, after = '', text = '', trouble }: JoinAgain,
): Answer {
  const { room, settings } = call.parts;
  const hasPasscode = settings.passcode !== null;
  const form = { id, nick, hasPasscode, isStill, after, text, trouble: trouble ?? null };
  const page = joinPage(room.now().info(), form, languageOf(call));
  const { status, fields } = trouble === undefined ? fine : statusOf(trouble);
  return sendPage(page, status, fields);
}

/** The id of a join, random enough to be nobody else's: who names it is that member. */
export function newJoinId(): string {
  return randomUUID();
}

/** An empty form, with the id of what will be written in it. */
export function fresh(): Writing {
  return { id: randomUUID(), text: '', trouble: null, reply: '' };
}

/** What an answer says to which there is nothing to say. */
export const fine = { status: 200, fields: {} };

const bothWays = refuse('BAD_REQUEST', 'Give one of "after" and "before"');

/** Why a page of the room may not be read now; null where it may. Refuses with TOO_FAST. */
export function readRefusal(call: Call): Refusal | null {
  const { reads, clock, settings } = call.parts;
  const waitMs = settings.addressLimits ? reads.take(call.address(), clock.monotonic()) : 0;
  if (waitMs === 0) return null;
  return refuse('TOO_FAST', 'Your network reads faster than the room allows', waitMs);
}
