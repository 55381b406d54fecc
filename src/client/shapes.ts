/**
 * What an answer must look like before it counts as one. A captive portal, a proxy's error page or
 * a cut body may come with status 200; none of them may ever be taken for data. What else an answer
 * carries is let through: a client ignores what it does not know.
 */
import type {
  CommandReply,
  HistoryPage,
  Joined,
  PollReply,
  Said,
  Snapshot,
} from '../protocol/replies.ts';
import type { Problem } from '../protocol/errors.ts';

// Specimens: whatever has these fields, with values of these types, is one.
const who = { id: '', nick: '' };
const entry = { seq: 0, at: 0, type: '' };
const message = { ...entry, id: '', text: '', by: who };
const coming = { ...entry, member: who };
const live = { online: 0, roster: '', typing: [''] };
const snapshot = { cursor: '', room: { title: '', topic: '' }, live, entries: [message] };
const reply = { cursor: '', from: 0, to: 0, live, entries: [], next: { waitMs: 0, hold: 0 } };

const entriesByType: Readonly<Record<string, object>> = {
  message,
  join: coming,
  leave: coming,
  member: coming,
};

export function isProblem(body: unknown): body is Problem {
  return isLike(body, { code: '', detail: '' });
}

export function isPollReply(body: unknown): body is PollReply {
  return isLike(body, reply) && areEntries(body);
}

export function isPage(body: unknown): body is HistoryPage {
  return isLike(body, { entries: [], more: true }) && areEntries(body);
}

export function isSnapshot(body: unknown): body is Snapshot {
  return isLike(body, snapshot);
}

export function isJoined(body: unknown): body is Joined {
  return isLike(body, { ...snapshot, you: who, token: '' });
}

export function isSaidOrReply(body: unknown): body is Said | CommandReply {
  return isLike(body, { seq: 0, at: 0 }) || isLike(body, { reply: '' });
}

/** Any JSON, or an answer that has no body by its status. */
export function isAnything(body: unknown): body is unknown {
  return body !== undefined;
}

function areEntries({ entries }: { readonly entries: readonly unknown[] }): boolean {
  return entries.every(
    (one) => isLike(one, entry) && isLike(one, entriesByType[one.type] ?? entry),
  );
}

/** An empty list stands for a list of anything. */
function isLike<T>(value: unknown, specimen: T): value is T {
  if (typeof value !== typeof specimen || value === null) return false;
  if (Array.isArray(specimen)) {
    const [first] = specimen as unknown[];
    return Array.isArray(value) && value.every((one) => first === undefined || isLike(one, first));
  }
  return (
    typeof specimen !== 'object' ||
    Object.entries(specimen ?? {}).every(([name, part]) => {
      return isLike((value as Record<string, unknown>)[name], part);
    })
  );
}
