/** A request as the handlers see it: who asks, from where, and for what. */
import type * as v from 'valibot';
import type { Journal } from '../journal/journal.ts';
import type { PaceBook } from '../chat/pace.ts';
import type { PostOffice } from '../chat/post-office.ts';
import type { Room } from '../chat/room.ts';
import type { Actor } from '../chat/room-parts.ts';
import type { Settings } from '../chat/settings.ts';
import { refuse, type Outcome, type Refusal } from '../protocol/errors.ts';
import type { Clock } from '../supervisor/clock.ts';
import type { Log } from '../supervisor/log.ts';
import type { Ref } from '../supervisor/ref.ts';
import type { TreeNode } from '../supervisor/supervisor.ts';
import { addressKey, type Client } from './address.ts';
import { readBody } from './body.ts';
import type { Files } from './files.ts';
import { checkOrigin, crossOriginHeaders } from './origin.ts';
import { readShape } from './requests.ts';
import type { SnapshotText } from './snapshot-text.ts';
import { sendProblem } from './responses.ts';
import type { Session, Sessions } from './session.ts';
import { readQuery, type Target } from './target.ts';

/** What the web needs of the rest. */
export interface WebParts {
  readonly room: Ref<Room>;
  readonly postOffice: Ref<PostOffice>;
  readonly journal: Journal;
  readonly sessions: Sessions;
  readonly settings: Settings;
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  readonly snapshot: SnapshotText;
  /** Paces what is read from each network address, so that one cannot keep all others waiting. */
  readonly reads: PaceBook<string>;
  /** The tree of supervision as it stands. */
  readonly tree: () => TreeNode;
  readonly isDraining: () => boolean;
}

type Shape = v.GenericSchema & { readonly entries: Readonly<Record<string, unknown>> };

/** How somebody showed who they are. Only a cookie is sent by browsers of their own accord. */
export interface Proof {
  readonly session: Session;
  readonly by: 'bearer' | 'body' | 'cookie';
}

export class Call {
  readonly request: Request;
  readonly target: Target;
  readonly client: Client;
  readonly parts: WebParts;
  /** The parts of the path that the route leaves open, decoded. */
  readonly open: readonly string[];
  /** What a page on another, allowed origin needs to read the answer. */
  readonly cors: Readonly<Record<string, string>>;
  #bodyToken: string | undefined;

  constructor(
    request: Request,
    target: Target,
    client: Client,
    parts: WebParts,
    open: readonly string[],
  ) {
    this.request = request;
    this.target = target;
    this.client = client;
    this.parts = parts;
    this.open = open;
    this.cors = crossOriginHeaders(request.headers, parts.settings.origins);
  }

  /** Reads the query. Refuses with BAD_REQUEST what the shape does not take. */
  query<S extends Shape>(shape: S): Outcome<{ value: v.InferOutput<S> }> {
    const query = readQuery(this.target.query);
    return query.ok ? readShape(shape, query.params) : query;
  }

  /** Reads the body, and remembers the token in it. */
  async body<S extends Shape>(shape: S): Promise<Outcome<{ value: v.InferOutput<S> }>> {
    const body = await readBody(this.request);
    if (!body.ok) return body;
    const read = readShape(shape, body.value);
    if (read.ok) this.#bodyToken = (read.value as { token?: string }).token;
    return read;
  }

  /** Who asks, if they show a session that holds: by header, in the body, or by cookie. */
  proof(): Proof | null {
    const { headers } = this.request;
    // The first that is given decides: a client that shows a bad token must hear of it, and not be
    // taken for whoever the browser's cookie names.
    const header = headers.get('authorization');
    const bearer = header === null ? undefined : /^Bearer ([^\s]{1,128})$/i.exec(header)?.[1];
    if (bearer !== undefined) return this.#prove(bearer, 'bearer');
    if (this.#bodyToken !== undefined) return this.#prove(this.#bodyToken, 'body');
    const cookie = readCookie(headers.get('cookie'));
    return cookie === undefined ? null : this.#prove(cookie, 'cookie');
  }

  #prove(token: string, by: Proof['by']): Proof | null {
    const session = this.parts.sessions.check(token);
    return session === null ? null : { session, by };
  }

  /** Who asks, for a request that reads. Refuses with NO_SESSION. */
  reader(): Outcome<{ session: Session }> {
    const proof = this.proof();
    if (proof === null) return noSession;
    return { ok: true, session: proof.session };
  }

  /**
   * Who asks, for a request that changes something. Refuses with NO_SESSION, and with BAD_ORIGIN
   * one that another site's page sends by cookie.
   */
  actor(): Outcome<{ actor: Actor }> {
    const proof = this.proof();
    if (proof === null) return noSession;
    if (proof.by === 'cookie') {
      const origin = this.checkOrigin();
      if (!origin.ok) return origin;
    }
    return { ok: true, actor: { id: proof.session.member, address: this.address() } };
  }

  checkOrigin(): Outcome<object> {
    const { headers } = this.request;
    return checkOrigin(headers, this.client.host, this.parts.settings.publicUrl);
  }

  /** What stands for the network address in limits. */
  address(): string {
    return addressKey(this.client.address);
  }

  /** Answers with a refusal. */
  refuse(refusal: Refusal): Response {
    return sendProblem(refusal, this.cors);
  }

  /** The header that sets the session's cookie, or with `null` takes it away. */
  cookie(token: string | null, expires: number): Readonly<Record<string, string>> {
    const { publicUrl } = this.parts.settings;
    const isSecure = this.client.isSecure || publicUrl?.startsWith('https:') === true;
    const seconds = token === null ? 0 : Math.floor((expires - this.parts.clock.now()) / 1_000);
    const value = `encke=${token ?? ''}; HttpOnly; SameSite=Lax; Path=/; Max-Age=${seconds}`;
    return { 'Set-Cookie': isSecure ? `${value}; Secure` : value };
  }
}

const noSession = refuse('NO_SESSION', 'Your session is missing or over, join the room');

/**
 * The session's cookie. Of several with the name the first counts, as browsers send the most
 * specific first.
 */
function readCookie(header: string | null): string | undefined {
  if (header === null) return undefined;
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=');
    if (equals !== -1 && pair.slice(0, equals).trim() === 'encke') {
      return pair.slice(equals + 1).trim();
    }
  }
  return undefined;
}
