/** How a result or a refusal becomes an answer. */
import { Answer } from '../http/answer.ts';
import { problemOf, type Refusal } from '../protocol/errors.ts';

/** No cache on the way may keep or change an answer; no browser may guess what it is. */
const apiFields = {
  'Cache-Control': 'no-store, no-transform',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
};

const jsonFields = { ...apiFields, 'Content-Type': 'application/json; charset=utf-8' };
const problemFields = { ...apiFields, 'Content-Type': 'application/problem+json; charset=utf-8' };

/** Answers with JSON that is written already. */
export function sendJson(
  body: string | Uint8Array,
  status = 200,
  more: Readonly<Record<string, string>> | null = null,
): Answer {
  return new Answer(status, more === null ? jsonFields : { ...jsonFields, ...more }, body);
}

/** Answers with a value as JSON. */
export function send(
  value: unknown,
  status = 200,
  more: Readonly<Record<string, string>> = {},
): Answer {
  return sendJson(JSON.stringify(value), status, more);
}

/** Answers that it is done. */
export function sendNothing(more: Readonly<Record<string, string>> = {}): Answer {
  return new Answer(204, { ...apiFields, ...more });
}

/** Answers with a refusal, as a problem. */
export function sendProblem(refusal: Refusal, more: Readonly<Record<string, string>> = {}): Answer {
  const problem = problemOf(refusal);
  const fields: Record<string, string> = { ...problemFields, ...more };
  if (refusal.retryMs !== undefined) {
    fields['Retry-After'] = String(Math.ceil(refusal.retryMs / 1_000));
  }
  if (problem.status === 401) fields['WWW-Authenticate'] = 'Bearer';
  return new Answer(problem.status, fields, JSON.stringify(problem));
}
