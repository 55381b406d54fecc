/** The calls of the wire, version 1: which method at which path is answered by whom. */
import type { Answer } from '../http/answer.ts';
import type { Call } from './call.ts';
import { getMembers, getMessages } from './history.ts';
import { postJoin } from './join.ts';
import { postLeave, postTyping } from './leave.ts';
import { getHealth, getMetrics, getReady, getVersion } from './operations.ts';
import { getSay, postPlainJoin, postPlainLeave, postSay } from './plain/forms.ts';
import { getHere, getPlain, getStyle } from './plain/plain.ts';
import { getPoll, postPoll } from './poll.ts';
import { deleteMessage, deleteReaction, patchMessage, postMessage, putReaction } from './say.ts';
import { getSearch } from './search.ts';
import { getRoom } from './snapshot.ts';
import { decode } from './target.ts';

/** Answers now or later; null when whoever holds the request answers it. */
export type Handler = (call: Call) => Answer | Promise<Answer> | null;
type Methods = Readonly<Record<string, Handler>>;

const fixed: ReadonlyMap<string, Methods> = new Map<string, Methods>([
  ['/v1/messages', { GET: getMessages, POST: postMessage }],
  ['/v1/join', { POST: postJoin }],
  ['/v1/room', { GET: getRoom }],
  ['/v1/search', { GET: getSearch }],
  ['/v1/members', { GET: getMembers }],
  ['/v1/typing', { POST: postTyping }],
  ['/v1/leave', { POST: postLeave }],
  ['/plain', { GET: getPlain }],
  ['/plain/join', { POST: postPlainJoin }],
  ['/plain/say', { GET: getSay, POST: postSay }],
  ['/plain/leave', { POST: postPlainLeave }],
  ['/plain/here', { GET: getHere }],
  ['/plain/style.css', { GET: getStyle }],
  ['/healthz', { GET: getHealth }],
  ['/readyz', { GET: getReady }],
  ['/metrics', { GET: getMetrics }],
  ['/version', { GET: getVersion }],
]);

/** Paths with an open part, the longer first. */
const open: readonly (readonly [RegExp, Methods])[] = [
  [/^\/v1\/messages\/([^/]+)\/reactions\/([^/]+)$/, { PUT: putReaction, DELETE: deleteReaction }],
  [/^\/v1\/messages\/([^/]+)$/, { PATCH: patchMessage, DELETE: deleteMessage }],
];

export interface Route {
  readonly methods: Methods;
  /** The open parts of the path, decoded. */
  readonly open: readonly string[];
}

const pollPath = '/v1/poll';
const pollRoute: Route = { methods: { GET: getPoll, POST: postPoll }, open: [] };

/** The route of a path; null when nothing is there, or its bytes are not UTF-8. */
export function findRoute(path: string): Route | null {
  // Nearly every request is a poll.
  if (path === pollPath) return pollRoute;
  const methods = fixed.get(path);
  if (methods !== undefined) return { methods, open: [] };
  for (const [pattern, those] of open) {
    const match = pattern.exec(path);
    if (match === null) continue;
    const parts = match.slice(1).map((part) => decode(part.replaceAll('+', '%2B')));
    return parts.includes(null) ? null : { methods: those, open: parts as string[] };
  }
  return null;
}
