/** Answers: how a result or a refusal is put into a response. */
import { problemOf, type Refusal } from '../protocol/errors.ts';

/** No cache on the way may keep or change an answer; no browser may guess what it is. */
const apiHeaders = {
  'Cache-Control': 'no-store, no-transform',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
};

const jsonHeaders = { ...apiHeaders, 'Content-Type': 'application/json; charset=utf-8' };
const problemHeaders = { ...apiHeaders, 'Content-Type': 'application/problem+json; charset=utf-8' };

/** Made once: a poll's answer differs from the next only in its body. */
const sharedJsonHeaders = new Headers(jsonHeaders);

/** Answers with JSON that is written already. */
export function sendJson(
  body: string | Uint8Array,
  status = 200,
  more: Readonly<Record<string, string>> | null = null,
): Response {
  const headers = more === null ? sharedJsonHeaders : { ...jsonHeaders, ...more };
  return new Response(body as BodyInit, { status, headers });
}

/** Answers with a value as JSON. */
export function send(
  value: unknown,
  status = 200,
  more: Readonly<Record<string, string>> = {},
): Response {
  return sendJson(JSON.stringify(value), status, more);
}

/** Answers that it is done. */
export function sendNothing(more: Readonly<Record<string, string>> = {}): Response {
  return new Response(null, { status: 204, headers: { ...apiHeaders, ...more } });
}

/** Answers with a refusal, as a problem. */
export function sendProblem(
  refusal: Refusal,
  more: Readonly<Record<string, string>> = {},
): Response {
  const problem = problemOf(refusal);
  const headers: Record<string, string> = { ...problemHeaders, ...more };
  if (refusal.retryMs !== undefined) {
    headers['Retry-After'] = String(Math.ceil(refusal.retryMs / 1_000));
  }
  if (problem.status === 401) headers['WWW-Authenticate'] = 'Bearer';
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
}
