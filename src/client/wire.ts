/**
 * One request and what came of it, as a value. It never rejects and never hangs: each request has a
 * deadline of its own by the clock handed in, because a half-open connection (a laptop that slept,
 * a router that restarted) neither answers nor fails for as long as the system is patient.
 */
import { fail, type Answer, type Failure } from './answer.ts';
import type { ClientClock } from './clock.ts';
import { isLike, problem, type Shape } from './shapes.ts';

/** As much of `fetch` as is used. */
export type Fetch = (input: string, init: RequestInit) => Promise<Response>;

export interface WireParts {
  /** What stands before `/v1`. Empty for the page's own origin. */
  readonly url: string;
  readonly fetch: Fetch;
  readonly clock: ClientClock;
  /** The token that speaks for us, empty for nobody; null where the browser's cookie does. */
  readonly token: () => string | null;
}

export interface Question {
  readonly method?: string;
  /** Sent as JSON. */
  readonly body?: object;
  readonly deadlineMs?: number;
}

/**
 * Asks. The shape tells an answer of ours from anything else that arrives with status 200; the
 * signal gives the request up.
 */
export type Ask = <T>(
  signal: AbortSignal,
  path: string,
  shape: Shape<T>,
  question?: Question,
) => Promise<Answer<T>>;

/** How long an answer that is not held may take: a slow phone's, with two retransmissions. */
const deadlineMsDefault = 15_000;

export function wire({ url, fetch, clock, token }: WireParts): Ask {
  return (signal, path, shape, { method = 'GET', body, deadlineMs = deadlineMsDefault } = {}) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve(fail('CLOSED', 'The client was closed'));
      const cut = new AbortController();
      const settle = (answer: Parameters<typeof resolve>[0]): void => {
        resolve(answer);
        cancel();
        // Takes the listener away as well.
        cut.abort();
      };
      const giveUp = (): void => settle(unreachable(0, 0));
      // Raced, not only aborted: whatever `fetch` was handed in, or a body that stalls in it, may
      // not hear the signal, and the poll loop must go on all the same.
      const cancel = clock.after(deadlineMs, giveUp);
      signal.addEventListener('abort', giveUp, { signal: cut.signal });
      const exchange = async (): Promise<void> => {
        const bearer = token();
        const response = await fetch(`${url}/v1/${path}`, {
          method,
          signal: cut.signal,
          cache: 'no-store',
          credentials: bearer === null ? 'include' : 'omit',
          headers: {
            ...(body && { 'Content-Type': 'application/json' }),
            ...(bearer && { Authorization: `Bearer ${bearer}` }),
          },
          ...(body && { body: JSON.stringify(body) }),
        });
        settle(judge(response, await response.text(), shape));
      };
      // Fetch rejects alike for a refused connection, a cut one, a bad name and a wrong origin.
      exchange().catch(giveUp);
    });

  function judge<T>({ ok, status, headers }: Response, text: string, shape: Shape<T>): Answer<T> {
    let body: unknown;
    try {
      // Null where the status says that there is none, undefined for anything else.
      if (status === 204) body = null;
      else if (/\bjson\b/i.test(headers.get('Content-Type') ?? '')) body = JSON.parse(text);
    } catch {
      // Not JSON after all.
    }
    if (ok && isLike(body, shape)) return { ...body, ok };
    // In seconds, or as a date.
    const header = headers.get('Retry-After') ?? '0';
    const seconds = Number(header);
    const askedMs = seconds >= 0 ? seconds * 1_000 : Date.parse(header) - clock.now();
    const retryMs = Math.max(0, askedMs || 0);
    if (!ok && isLike(body, problem)) {
      return fail(body.code, body.detail, status, Math.max(retryMs, body.retryMs ?? 0));
    }
    return unreachable(ok && text === '' ? 0 : status, retryMs);
  }
}

function unreachable(status: number, retryMs: number): Failure {
  return fail('UNREACHABLE', 'The chat cannot be reached', status, retryMs);
}
