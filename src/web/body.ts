/** Reads the body of a request: strict UTF-8, JSON that is not nested deeply. */
import type { HttpRequest } from '../http/request.ts';
import { refuse, type Outcome } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';
import { readQuery } from './target.ts';

/**
 * Reads a JSON body. `text/plain` is taken as well: a page on another origin, and `sendBeacon`,
 * can send that without asking first. An empty body reads as an empty object.
 */
export function readBody({ fields, body }: HttpRequest): Outcome<{ value: unknown }> {
  if (body.length === 0) return { ok: true, value: {} };
  const type = fields.get('content-type') ?? '';
  if (!/^(application\/json|text\/plain)\s*(;|$)/i.test(type)) {
    return refuse(
      'MEDIA_TYPE',
      `Send "application/json" or "text/plain", not "${type.slice(0, 60)}"`,
    );
  }
  return parseJson(body);
}

/** Reads what a form sends: its fields, each once. */
export function readForm({ fields, body }: HttpRequest): Outcome<{ params: Params }> {
  const type = fields.get('content-type') ?? '';
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) {
    const detail = `Send "application/x-www-form-urlencoded", not "${type.slice(0, 60)}"`;
    return refuse('MEDIA_TYPE', detail);
  }
  const text = decodeUtf8(body);
  return text === null ? notUtf8 : readQuery(text);
}

type Params = Readonly<Record<string, string>>;

const notUtf8 = refuse('BAD_REQUEST', 'The body is not UTF-8');

function decodeUtf8(bytes: ArrayBuffer | Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Parses JSON from bytes. Refuses with BAD_REQUEST. */
export function parseJson(bytes: ArrayBuffer | Uint8Array): Outcome<{ value: unknown }> {
  const text = decodeUtf8(bytes);
  if (text === null) return notUtf8;
  if (depthOf(text) > limits.depthMax) {
    return refuse('BAD_REQUEST', `The body is nested deeper than ${limits.depthMax} levels`);
  }
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return refuse('BAD_REQUEST', 'The body is not JSON');
  }
}

/**
 * How deep brackets nest, outside of strings. Counted before parsing, so that the parser's own
 * recursion is never asked to bear what a client sends.
 */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (isInString) {
      if (char === '\\') at++;
      else if (char === '"') isInString = false;
    } else if (char === '"') isInString = true;
    else if (char === '{' || char === '[') deepest = Math.max(deepest, ++depth);
    else if (char === '}' || char === ']') depth--;
  }
  return deepest;
}
