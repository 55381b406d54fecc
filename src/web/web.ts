/**
 * The web: what browsers talk to. It takes a request apart, finds who answers it, and sees to it
 * that whatever goes wrong, the client hears a code and the others notice nothing.
 */
import type { Answer } from '../http/answer.ts';
import type { Exchange, HttpRequest } from '../http/request.ts';
import { refuse, type Refusal } from '../protocol/errors.ts';
import { JournalUnavailable } from '../journal/refused.ts';
import { Unavailable } from '../supervisor/ref.ts';
import { describe } from '../supervisor/supervisor.ts';
import { Call, type WebParts } from './call.ts';
import { crossOriginHeaders } from './origin.ts';
import { preflight } from './operations.ts';
import { isEmbedded } from './policy.ts';
import { takeUsualPoll } from './poll.ts';
import { sendProblem } from './responses.ts';
import { findRoute } from './routes.ts';
import { readTarget, type Target } from './target.ts';

export class Web {
  readonly #parts: WebParts;

  constructor(parts: WebParts) {
    this.#parts = parts;
  }

  /**
   * Answers a request, now or when there is something to say. Never throws. No layer awaits what
   * the one below it gives: each await would cost every poll a turn.
   */
  answer(request: HttpRequest, exchange: Exchange): void {
    try {
      if (takeUsualPoll(request, exchange, this.#parts)) return;
      const answer = this.#route(request, exchange);
      if (answer instanceof Promise) {
        answer
          .then((later) => exchange.reply(later))
          .catch((reason: unknown) => this.#failed(request, exchange, reason));
      } else if (answer !== null) exchange.reply(answer);
    } catch (reason) {
      this.#failed(request, exchange, reason);
    }
  }

  #failed(request: HttpRequest, exchange: Exchange, reason: unknown): void {
    exchange.reply(sendProblem(this.#whatWentWrong(reason), this.#cors(request)));
  }

  #route(request: HttpRequest, exchange: Exchange): Answer | Promise<Answer> | null {
    const { method, fields } = request;
    const target = readTarget(request.target);
    if (!target.ok) return sendProblem(target, this.#cors(request));
    const route = findRoute(target.path);
    if (route === null) return this.#file(request, target);
    const call = new Call(request, target, exchange, this.#parts, route.open);
    if (method === 'OPTIONS' && fields.has('origin')) return preflight(call);
    const handler = route.methods[method === 'HEAD' ? 'GET' : method];
    if (handler === undefined) {
      return notAllowed(method, Object.keys(route.methods), call.cors);
    }
    // What changes something would not be answered any more; polls are told by the post office.
    const changes = method !== 'GET' && method !== 'HEAD' && target.path !== '/v1/poll';
    if (changes && this.#parts.isDraining()) return call.refuse(draining);
    return handler(call);
  }

  #file(request: HttpRequest, { path, query }: Target): Answer {
    const { method, fields } = request;
    const file = this.#parts.files.answer(path, fields, isEmbedded(query));
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

  #cors(request: HttpRequest): Readonly<Record<string, string>> {
    return crossOriginHeaders(request.fields, this.#parts.settings.embedOrigins);
  }
}

const draining = refuse('DRAINING', 'The server is about to stop, try again shortly', 2_000);

function notAllowed(
  method: string,
  allowed: readonly string[],
  cors: Readonly<Record<string, string>>,
): Answer {
  const list = allowed.includes('GET') ? [...allowed, 'HEAD'] : allowed;
  const refusal = refuse('METHOD', `"${method}" is not allowed here, use ${list.join(', ')}`);
  return sendProblem(refusal, { ...cors, Allow: list.join(', ') });
}
