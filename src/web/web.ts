/**
 * The web: what browsers talk to. It takes a request apart, finds who answers it, and sees to it
 * that whatever goes wrong, the client hears a code and the others notice nothing.
 */
import { refuse, type Refusal } from '../protocol/errors.ts';
import { JournalUnavailable } from '../journal/refused.ts';
import { Unavailable } from '../supervisor/ref.ts';
import { describe } from '../supervisor/supervisor.ts';
import { clientAddress, trustProxies, type Trust } from './address.ts';
import { Call, type WebParts } from './call.ts';
import { crossOriginHeaders } from './origin.ts';
import { preflight } from './operations.ts';
import { sendProblem } from './responses.ts';
import { findRoute } from './routes.ts';
import { readTarget, type Target } from './target.ts';

export class Web {
  readonly #parts: WebParts;
  readonly #trusted: Trust;

  constructor(parts: WebParts) {
    this.#parts = parts;
    this.#trusted = trustProxies(parts.settings.trustedProxies);
  }

  /**
   * Answers a request. `peer` is the network address of whoever sent it. Never throws or rejects.
   * No layer awaits what the one below it gives: each await would cost every poll a turn.
   */
  answer(request: Request, peer: string): Response | Promise<Response> {
    const failed = (reason: unknown): Response =>
      sendProblem(this.#whatWentWrong(reason), this.#cors(request));
    try {
      const target = readTarget(request.url);
      if (!target.ok) return sendProblem(target);
      const answer = this.#route(request, target, peer);
      return answer instanceof Promise ? answer.catch(failed) : answer;
    } catch (reason) {
      return failed(reason);
    }
  }

  #route(request: Request, target: Target, peer: string): Response | Promise<Response> {
    const { method, headers } = request;
    const route = findRoute(target.path);
    if (route === null) return this.#file(request, target);
    const client = clientAddress(peer, headers, this.#trusted);
    const call = new Call(request, target, client, this.#parts, route.open);
    if (method === 'OPTIONS' && headers.has('origin')) return preflight(call);
    const handler = route.methods[method === 'HEAD' ? 'GET' : method];
    if (handler === undefined) {
      return notAllowed(method, Object.keys(route.methods), call.cors);
    }
    // What changes something would not be answered any more; polls are told by the post office.
    const changes = method !== 'GET' && method !== 'HEAD' && target.path !== '/v1/poll';
    if (changes && this.#parts.isDraining()) return call.refuse(draining);
    return handler(call);
  }

  #file(request: Request, { path }: Target): Response {
    const { method, headers } = request;
    const file = this.#parts.files.answer(path, headers);
    if (file === null) {
      const detail = `There is nothing at "${path.slice(0, 100)}"`;
      return sendProblem(refuse('NOT_FOUND', detail), this.#cors(request));
    }
    return method === 'GET' || method === 'HEAD' ? file : notAllowed(method, ['GET'], {});
  }

  #whatWentWrong(reason: unknown): Refusal {
    if (reason instanceof JournalUnavailable) return reason.refusal;
    if (reason instanceof Unavailable) {
      return refuse('BUSY', 'A part of the server is being restarted, try again', 200);
    }
    this.#parts.log.error('A request failed', { reason: describe(reason) });
    return refuse('INTERNAL', 'The server could not do this, it has been logged', 1_000);
  }

  #cors(request: Request): Readonly<Record<string, string>> {
    return crossOriginHeaders(request.headers, this.#parts.settings.origins);
  }
}

const draining = refuse('DRAINING', 'The server is about to stop, try again shortly', 2_000);

function notAllowed(
  method: string,
  allowed: readonly string[],
  cors: Readonly<Record<string, string>>,
): Response {
  const list = allowed.includes('GET') ? [...allowed, 'HEAD'] : allowed;
  const refusal = refuse('METHOD', `"${method}" is not allowed here, use ${list.join(', ')}`);
  return sendProblem(refusal, { ...cors, Allow: list.join(', ') });
}
