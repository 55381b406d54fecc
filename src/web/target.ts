/**
 * What a request asks for: its path and its query, read strictly. `new URL()` is not used: it
 * repairs what should be refused.
 */
import { refuse, type Outcome } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';

export interface Target {
  readonly path: string;
  /** The query, still encoded, without the question mark. */
  readonly query: string;
}

/** A whole address in place of a path, as a client writes it to a proxy. */
const wholeAddress = /^https?:\/\/[^/?#]*/i;

/** Splits what a request asks for into path and query. */
export function readTarget(asked: string): Outcome<Target> {
  const target = asked.startsWith('/') ? asked : pathOf(asked);
  if (target === null) {
    return refuse('BAD_REQUEST', `"${shown(asked)}" is no path, which begins with a stroke`);
  }
  if (target.length > limits.targetBytesMax) {
    return refuse('TOO_LARGE', `The address is longer than ${limits.targetBytesMax} bytes`);
  }
  const mark = target.indexOf('?');
  return mark === -1
    ? { ok: true, path: target, query: '' }
    : { ok: true, path: target.slice(0, mark), query: target.slice(mark + 1) };
}

function pathOf(asked: string): string | null {
  const host = wholeAddress.exec(asked)?.[0];
  if (host === undefined) return null;
  const path = asked.slice(host.length);
  return path.startsWith('/') ? path : `/${path}`;
}

/** Reads a query into its parameters. Refuses what is given twice, or is not UTF-8. */
export function readQuery(query: string): Outcome<{ params: Readonly<Record<string, string>> }> {
  const params: Record<string, string> = Object.create(null) as Record<string, string>;
  if (query === '') return { ok: true, params };
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=');
    if (equals < 1) return refuse('BAD_REQUEST', `The parameter "${shown(pair)}" has no value`);
    const name = decode(pair.slice(0, equals));
    const value = decode(pair.slice(equals + 1));
    if (name === null || value === null) {
      return refuse('BAD_REQUEST', `The parameter "${shown(pair)}" is not encoded as UTF-8`);
    }
    if (Object.hasOwn(params, name)) {
      return refuse('BAD_REQUEST', `The parameter "${shown(name)}" is given twice`);
    }
    params[name] = value;
  }
  return { ok: true, params };
}

/** Decodes a part of a path or a query; null when its bytes are not UTF-8. */
export function decode(part: string): string | null {
  // Most parts have nothing to decode, and every poll brings four of them.
  if (!part.includes('%') && !part.includes('+')) return part;
  try {
    return decodeURIComponent(part.replaceAll('+', ' '));
  } catch {
    return null;
  }
}

function shown(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}
