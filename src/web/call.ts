/** A request as the handlers see it: who asks, from where, and for what. */
import type * as v from 'valibot';
import type { Answer } from '../http/answer.ts';
import type { Exchange, HttpRequest } from '../http/request.ts';
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
import { addressKey, clientAddress, type Client, type Trust } from './address.ts';
import { readBody } from './body.ts';
import type { Files } from './files.ts';
import type { Feeds } from './plain/feeds.ts';
import { checkOrigin, crossOriginHeaders, isSameOrigin, noFields } from './origin.ts';
import { readShape } from './requests.ts';
import type { SnapshotText } from './snapshot-text.ts';
import { sendProblem } from './responses.ts';
import type { Proof, Proofs } from './proof.ts';
import type { Sessions } from './session.ts';
import { readQuery, type Target } from './target.ts';

/** What the web needs of the rest. */
export interface WebParts {
  readonly room: Ref<Room>;
  readonly postOffice: Ref<PostOffice>;
  readonly journal: Journal;
  readonly sessions: Sessions;
  readonly proofs: Proofs;
  readonly settings: Settings;
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  readonly snapshot: SnapshotText;
  /** The pages without scripts that go on. */
  readonly feeds: Feeds;
  /** Paces what is read from each network address, so that one cannot keep all others waiting. */
  readonly reads: PaceBook<string>;
  /** The tree of supervision as it stands. */
  readonly tree: () => TreeNode;
  readonly isDraining: () => boolean;
  /** The proxies whose word on addresses is believed. */
  readonly trusted: Trust;
}

type Shape = v.GenericSchema & { readonly entries: Readonly<Record<string, unknown>> };

export class Call {
  readonly request: HttpRequest;
  readonly target: Target;
  /** Its way back, for whoever lets it wait. */
  readonly exchange: Exchange;
  readonly parts: WebParts;
  /** The parts of the path that the route leaves open, decoded. */
  readonly open: readonly string[];
  /** What a page on another, allowed origin needs to read the answer. */
  readonly cors: Readonly<Record<string, string>>;
  #bodyToken: string | undefined;
  #client: Client | null = null;

  constructor(
    request: HttpRequest,
    target: Target,
    exchange: Exchange,
    parts: WebParts,
    open: readonly string[],
  ) {
    this.request = request;
    this.target = target;
    this.exchange = exchange;
    this.parts = parts;
    this.open = open;
    this.cors = crossOriginHeaders(request.fields, parts.settings.embedOrigins);
  }

  /** Who is at the other end. Found out when somebody asks, which polls do not. */
  get client(): Client {
    const { exchange, request, parts } = this;
    this.#client ??= clientAddress(exchange.peer, request.fields, parts.trusted);
    return this.#client;
  }

  /** Reads the query. Refuses with BAD_REQUEST what the shape does not take. */
  query<S extends Shape>(shape: S): Outcome<{ value: v.InferOutput<S> }> {
    const query = readQuery(this.target.query);
    return query.ok ? readShape(shape, query.params) : query;
  }

  /** Reads the body, and remembers the token in it. */
  body<S extends Shape>(shape: S): Outcome<{ value: v.InferOutput<S> }> {
    const body = readBody(this.request);
    if (!body.ok) return body;
    const read = readShape(shape, body.value);
    if (read.ok) this.#bodyToken = (read.value as { token?: string }).token;
    return read;
  }

  /** Who asks, if they show a session that holds. */
  proof(): Proof | null {
    return this.parts.proofs.of(this.request.fields, this.#bodyToken);
  }

  /** Who asks, for a request that reads. Refuses with NO_SESSION. */
  reader(): Outcome<{ proof: Proof }> {
    const proof = this.proof();
    if (proof === null) return noSession;
    return { ok: true, proof };
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
    return { ok: true, actor: { id: proof.member, address: this.address() } };
  }

  /** Whether the room's own page asks, or no browser at all. */
  isOwn(): boolean {
    return isSameOrigin(this.request.fields, this.client.host, this.parts.settings.publicUrl);
  }

  checkOrigin(): Outcome<object> {
    const { fields } = this.request;
    return checkOrigin(fields, this.client.host, this.parts.settings.publicUrl);
  }

  /** What stands for the network address in limits. */
  address(): string {
    return addressKey(this.client.address);
  }

  /** Answers with a refusal. */
  refuse(refusal: Refusal): Answer {
    return sendProblem(refusal, this.cors);
  }

  /**
   * The header that sets the session's cookie, or with `null` takes it away. Another site's page
   * has its token from the answer; it must not change who the visitor is on the room's own page.
   */
  cookie(token: string | null, expires: number): Readonly<Record<string, string>> {
    if (!this.isOwn()) return noFields;
    const { publicUrl } = this.parts.settings;
    const isSecure = this.client.isSecure || publicUrl?.startsWith('https:') === true;
    const seconds = token === null ? 0 : Math.floor((expires - this.parts.clock.now()) / 1_000);
    const value = `encke=${token ?? ''}; HttpOnly; SameSite=Lax; Path=/; Max-Age=${seconds}`;
    return { 'Set-Cookie': isSecure ? `${value}; Secure` : value };
  }
}

const noSession = refuse('NO_SESSION', 'Your session is missing or over, join the room');
