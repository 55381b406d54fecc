/**
 * `GET` and `POST /v1/poll`: wait for something to say. Of all requests there are the most of these
 * by far, so the way to where one is held is short, and what is kept of it meanwhile is little: not
 * the request, not its headers, only who waits and how to answer.
 */
import type { HeldPoll, PollAnswer, Waiter } from '../chat/mailbox.ts';
import { uncounted } from '../chat/post-office-parts.ts';
import type { PostOffice } from '../chat/post-office.ts';
import type { Answer } from '../http/answer.ts';
import type { Exchange, Watcher } from '../http/request.ts';
import type { Outcome } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';
import type { Call } from './call.ts';
import { takesGzip } from './encoding.ts';
import { noFields } from './origin.ts';
import { readCursor } from './position.ts';
import { sendPollAnswer } from './poll-answer.ts';
import { noQuery, pollBody, pollQuery } from './requests.ts';
import type { Session } from './session.ts';

interface PollAsked {
  readonly after: string;
  readonly hold?: number | undefined;
  readonly tab?: string | undefined;
  readonly turn?: number | undefined;
}

type MoreFields = Readonly<Record<string, string>>;

/** The query as our own client writes it. Any other is read as all queries are. */
const usualQuery =
  /^after=([\w.-]{1,64})&hold=(0|[1-9]\d{0,3})&tab=([\w-]{1,32})&turn=(0|[1-9]\d{0,14})$/;

export function getPoll(call: Call): Answer | null {
  const query = readPollQuery(call);
  return query.ok ? poll(call, query.value) : call.refuse(query);
}

export function postPoll(call: Call): Answer | null {
  const body = call.body(pollBody);
  if (!body.ok) return call.refuse(body);
  const query = call.query(noQuery);
  return query.ok ? poll(call, body.value) : call.refuse(query);
}

function readPollQuery(call: Call): Outcome<{ value: PollAsked }> {
  const parts = usualQuery.exec(call.target.query);
  if (parts === null) return call.query(pollQuery);
  const [, after = '', hold, tab = '', turn] = parts;
  return { ok: true, value: { after, hold: Number(hold), tab, turn: Number(turn) } };
}

function poll(call: Call, asked: PollAsked): Answer | null {
  const read = readCursor(asked.after);
  if (!read.ok) return call.refuse(read);
  const reader = call.reader();
  if (!reader.ok) return call.refuse(reader);
  const session = reader.proof;
  const { clock, postOffice } = call.parts;
  const seconds = asked.hold ?? limits.holdMsMax / 1_000;
  const leftMs = session.expires - clock.now();
  const renewal = renew(call, session);
  const office = postOffice.now();
  const waiting = new WaitingCall(
    office,
    call.exchange,
    renewal.fields,
    takesGzip(call.request.fields),
  );
  waiting.heldAs(
    office.poll(
      {
        by: session,
        after: read.cursor,
        holdMs: Math.max(0, Math.min(seconds * 1_000, limits.holdMsMax, leftMs)),
        tab: asked.tab ?? '',
        turn: asked.turn ?? uncounted,
        extra: renewal.extra,
      },
      waiting,
    ),
  );
  return null;
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

  heldAs(held: HeldPoll | null): void {
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
