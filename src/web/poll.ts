/**
 * `GET` and `POST /v1/poll`: wait for something to say. Of all requests there are the most of these
 * by far, so the way to where one is held is short, and what is kept of it meanwhile is little: not
 * the request, not its headers, only who waits and how to answer.
 */
import type { HeldPoll, PollAnswer, Waiter } from '../chat/mailbox.ts';
import { uncounted } from '../chat/post-office-parts.ts';
import type { PostOffice } from '../chat/post-office.ts';
import type { Answer } from '../http/answer.ts';
import type { Exchange, HttpRequest, Watcher } from '../http/request.ts';
import type { Cursor } from '../protocol/cursor.ts';
import { limits } from '../protocol/limits.ts';
import type { Call, WebParts } from './call.ts';
import { takesGzip } from './encoding.ts';
import { noFields } from './origin.ts';
import { readCursor } from './position.ts';
import { sendPollAnswer } from './poll-answer.ts';
import { Proof } from './proof.ts';
import { noQuery, pollBody, pollQuery } from './requests.ts';
import type { Session } from './session.ts';

interface PollAsked<After> {
  readonly after: After;
  readonly hold?: number | undefined;
  readonly tab?: string | undefined;
  readonly turn?: number | undefined;
}

type MoreFields = Readonly<Record<string, string>>;

/** What our own client asks for, to the letter. */
const usualTarget =
  /^\/v1\/poll\?after=([\w.-]{1,64})&hold=(0|[1-9]\d{0,3})&tab=([\w-]{1,32})&turn=(0|[1-9]\d{0,14})$/;

/**
 * Takes a poll as our own client asks for it on a connection that has proven who is there: nearly
 * every request there is. Any other is left to go the long way, on which the same becomes of it,
 * and of what is wrong with it the right refusal. False when it is left.
 */
export function takeUsualPoll(
  { method, target, fields }: HttpRequest,
  exchange: Exchange,
  parts: WebParts,
): boolean {
  const proof = fields.note;
  if (!(proof instanceof Proof) || method !== 'GET' || fields.has('origin')) return false;
  const asked = usualTarget.exec(target);
  if (asked === null || parts.sessions.isAgeing(proof)) return false;
  const [, cursor = '', hold, tab = '', turn] = asked;
  const read = readCursor(cursor);
  if (!read.ok) return false;
  const waiting = new WaitingCall(parts.postOffice.now(), exchange, null, takesGzip(fields));
  const after = read.cursor;
  waiting.poll(
    proof,
    { after, hold: Number(hold), tab, turn: Number(turn) },
    leftMs(parts, proof),
    '',
  );
  return true;
}

export function getPoll(call: Call): Answer | null {
  const query = call.query(pollQuery);
  return query.ok ? poll(call, query.value) : call.refuse(query);
}

export function postPoll(call: Call): Answer | null {
  const body = call.body(pollBody);
  if (!body.ok) return call.refuse(body);
  const query = call.query(noQuery);
  return query.ok ? poll(call, body.value) : call.refuse(query);
}

function poll(call: Call, asked: PollAsked<string>): Answer | null {
  const read = readCursor(asked.after);
  if (!read.ok) return call.refuse(read);
  const reader = call.reader();
  if (!reader.ok) return call.refuse(reader);
  const { parts, exchange, request } = call;
  const { proof } = reader;
  const { extra, fields } = renew(call, proof);
  const office = parts.postOffice.now();
  const waiting = new WaitingCall(office, exchange, fields, takesGzip(request.fields));
  waiting.poll(proof, { ...asked, after: read.cursor }, leftMs(parts, proof), extra);
  return null;
}

function leftMs({ clock }: WebParts, { expires }: Session): number {
  return expires - clock.now();
}

/** A poll that waits, between the post office, which answers it, and its connection. */
class WaitingCall implements Waiter, Watcher {
  readonly #office: PostOffice;
  readonly #exchange: Exchange;
  readonly #fields: MoreFields | null;
  readonly #takesGzip: boolean;
  #held: HeldPoll | null = null;

  constructor(
    office: PostOffice,
    exchange: Exchange,
    fields: MoreFields | null,
    takesGzipped: boolean,
  ) {
    this.#office = office;
    this.#exchange = exchange;
    this.#fields = fields;
    this.#takesGzip = takesGzipped;
  }

  /** Asks the post office. `leftMs`: how long the session lasts, which no hold outlives. */
  poll(by: Proof, asked: PollAsked<Cursor>, leftMs: number, extra: string): void {
    const { after, hold, tab = '', turn = uncounted } = asked;
    const wantedMs = hold === undefined ? limits.holdMsMax : hold * 1_000;
    const holdMs = Math.max(0, Math.min(wantedMs, limits.holdMsMax, leftMs));
    const held = this.#office.poll({ by, after, holdMs, tab, turn, extra }, this);
    if (held === null) return;
    this.#held = held;
    this.#exchange.watcher = this;
  }

  tell(answer: PollAnswer): void {
    this.#exchange.reply(sendPollAnswer(answer, this.#takesGzip, this.#fields));
  }

  hungUp(): void {
    if (this.#held !== null) this.#office.hungUp(this.#held);
  }
}

/**
 * A fresh token, when the session ages. It goes into every reply until the client uses it: which
 * replies arrive, the server cannot know.
 */
function renew(call: Call, session: Session): { extra: string; fields: MoreFields | null } {
  const cors = call.cors === noFields ? null : call.cors;
  if (!call.parts.sessions.isAgeing(session)) return { extra: '', fields: cors };
  const { token, expires } = call.parts.sessions.issue(session.member);
  return {
    extra: `,"token":${JSON.stringify(token)}`,
    fields: { ...call.cors, ...call.cookie(token, expires) },
  };
}
