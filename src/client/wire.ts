/**
 * One request and what came of it, as a value. It never rejects and never hangs: each request has a
 * deadline of its own by the clock handed in, because a half-open connection (a laptop that slept,
 * a router that restarted) neither answers nor fails for as long as the system is patient.
 */
import { fail, type Answer, type Failure } from './answer.ts';
import type { ClientClock } from './clock.ts';
import { isProblem } from './shapes.ts';

/** As much of `fetch` as is used. */
export type Fetch = (input: string, init: RequestInit) => Promise<Response>;

export interface WireParts {
  /** What stands before `/v1`. Empty for the page's own origin. */
  readonly url: string;
  readonly fetch: Fetch;
  readonly clock: ClientClock;
  /** Whether the browser's cookie speaks for us. */
  readonly isCookie: boolean;
  /** The token that speaks for us where the cookie does not. */
  readonly token: () => string | null;
}

export interface Question<T> {
  readonly method?: string;
  /** Sent as JSON. */
  readonly body?: object;
  /** Tells an answer of ours from anything else that arrives with status 200. */
  readonly accept: (body: unknown) => body is T;
  readonly deadlineMs?: number;
  /** Gives the request up. */
  readonly signal: AbortSignal;
}

export type Ask = <T>(path: string, question: Question<T>) => Promise<Answer<{ body: T }>>;

/** How long an answer that is not held may take: a slow phone's, with two retransmissions. */
const deadlineMsDefault = 15_000;

export function wire({ url, fetch, clock, isCookie, token }: WireParts): Ask {
  return async (path, { deadlineMs = deadlineMsDefault, signal, ...question }) => {
    if (signal.aborted) return fail('CLOSED', 'The request was given up');
    const cut = new AbortController();
    let giveUp = (): void => {};
    // Raced, not only aborted: whatever `fetch` was handed in, or a body that stalls in it, may
    // not hear the signal, and the poll loop must go on all the same.
    const givenUp = new Promise<Failure>((resolve) => {
      giveUp = () => {
        resolve(fail('UNREACHABLE', 'The server does not answer'));
        cut.abort();
      };
    });
    const cancel = clock.after(deadlineMs, giveUp);
    signal.addEventListener('abort', giveUp);
    const answer = await Promise.race([exchange(path, question, cut.signal), givenUp]);
    cancel();
    signal.removeEventListener('abort', giveUp);
    return answer;
  };

  async function exchange<T>(
    path: string,
    { method = 'GET', body, accept }: Pick<Question<T>, 'method' | 'body' | 'accept'>,
    signal: AbortSignal,
  ): Promise<Answer<{ body: T }>> {
    try {
      const bearer = isCookie ? null : token();
      const response = await fetch(`${url}/v1/${path}`, {
        method,
        signal,
        cache: 'no-store',
        credentials: isCookie ? 'include' : 'omit',
        headers: {
          ...(body && { 'Content-Type': 'application/json' }),
          ...(bearer === null ? {} : { Authorization: `Bearer ${bearer}` }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      return judge(response, await response.text(), accept);
    } catch {
      // Fetch rejects alike for a refused connection, a cut one, a bad name and a wrong origin.
      return fail('UNREACHABLE', 'The server cannot be reached');
    }
  }

  function judge<T>(
    response: Response,
    text: string,
    accept: (body: unknown) => body is T,
  ): Answer<{ body: T }> {
    const { status } = response;
    const body = bodyOf(response, text);
    if (response.ok && accept(body)) return { ok: true, body };
    const askedMs = retryAfterMs(response.headers.get('Retry-After') ?? 0);
    if (!response.ok && isProblem(body)) {
      return fail(body.code, body.detail, status, Math.max(askedMs, body.retryMs ?? 0));
    }
    const isEmpty = response.ok && text === '';
    return fail('UNREACHABLE', 'The answer is not from the chat', isEmpty ? 0 : status, askedMs);
  }

  /** In seconds, or as a date. */
  function retryAfterMs(header: string | 0): number {
    const askedMs = Number(header) * 1_000;
    return Math.max(0, (askedMs >= 0 ? askedMs : Date.parse(`${header}`) - clock.now()) || 0);
  }
}

/** The JSON of an answer: null where the status says there is none, undefined for anything else. */
function bodyOf({ status, headers }: Response, text: string): unknown {
  if (status === 204) return null;
  if (!/\bjson\b/i.test(headers.get('Content-Type') ?? '')) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
