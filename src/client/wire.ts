/**
 * One request and what came of it, as a value. It never rejects and never hangs: each request has a
 * deadline of its own by the clock handed in, because a half-open connection (a laptop that slept,
 * a router that restarted) neither answers nor fails for as long as the system is patient.
 */
import { fail, type Answer } from './answer.ts';
import { pause, type ClientClock } from './clock.ts';
import { isLike, problem, type Shape } from './shapes.ts';

/** As much of `fetch` as is used. */
export type Fetch = (input: string, init: RequestInit) => Promise<Response>;

export interface Question {
  /** By default `POST` where there is a body, and `GET` where there is none. */
  readonly method?: string;
  /** Sent as JSON. */
  readonly body?: object | undefined;
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

/**
 * A way to the room. `url` is what stands before `/v1`, empty for the page's own origin; the token
 * is what speaks for us, empty for nobody, null where the browser's cookie does.
 */
export function wire(
  url: string,
  fetch: Fetch,
  clock: ClientClock,
  token: () => string | null,
): Ask {
  return async (signal, path, shape, question = {}) => {
    if (signal.aborted) return fail('CLOSED');
    const done = new AbortController();
    const answer = await Promise.race([
      // Fetch rejects alike for a refused connection, a cut one, a bad name and a wrong origin.
      exchange(path, shape, question, done.signal).catch(() => {}),
      // Raced, not only aborted: whatever `fetch` was handed in, or a body that stalls in it, may
      // not hear the signal, and the poll loop must go on all the same.
      pause(clock, question.deadlineMs ?? deadlineMsDefault, signal, done.signal),
    ]);
    done.abort();
    return answer ?? fail('UNREACHABLE');
  };

  async function exchange<T>(
    path: string,
    shape: Shape<T>,
    { body, method = body ? 'POST' : 'GET' }: Question,
    signal: AbortSignal,
  ): Promise<Answer<T>> {
    const bearer = token();
    const response = await fetch(`${url}/v1/${path}`, {
      method,
      signal,
      cache: 'no-store',
      credentials: bearer === null ? 'include' : 'omit',
      headers: {
        ...(body && { 'Content-Type': 'application/json' }),
        ...(bearer && { Authorization: `Bearer ${bearer}` }),
      },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    const { ok, status, headers } = response;
    let told: unknown;
    try {
      // Null where the status says that there is none, undefined for anything else.
      if (status === 204) told = null;
      else if (headers.get('Content-Type')?.includes('json')) told = JSON.parse(text);
    } catch {
      // Not JSON after all.
    }
    if (ok && isLike(told, shape)) return { ...told, ok };
    // In seconds, or as a date.
    const asked = headers.get('Retry-After') ?? '';
    const retryMs = Math.max(0, Number(asked) * 1_000 || Date.parse(asked) - clock.now() || 0);
    return !ok && isLike(told, problem)
      ? fail(told.code, told.detail, status, Math.max(retryMs, told.retryMs ?? 0))
      : fail('UNREACHABLE', '', status, retryMs);
  }
}
