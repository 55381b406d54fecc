/**
 * What an answer must look like before it counts as one. A captive portal, a proxy's error page or
 * a cut body may come with status 200; none of them may ever be taken for data. What else an answer
 * carries is let through: a client ignores what it does not know.
 */
import type {
  CommandReply,
  HistoryPage,
  Joined,
  MembersPage,
  PollReply,
  Said,
  Snapshot,
} from '../protocol/replies.ts';
import type { Problem } from '../protocol/errors.ts';

/**
 * A specimen: whatever has its fields, with values of their types, is one. A function says itself
 * whether it likes what it sees.
 */
export type Shape<T> = ((body: T) => boolean) | Part;

type Part =
  | string
  | number
  | boolean
  | { readonly [name: string]: Part }
  | ((value: unknown) => boolean);

const who = { id: '', nick: '' };
const coming = { member: who };
const entries = listOf(isEntry);
const room = { cursor: '', live: { online: 0, typing: listOf('') }, entries };

const fieldsByType: Readonly<Record<string, Part>> = {
  message: { id: '', text: '', by: who },
  join: coming,
  leave: coming,
  member: coming,
};

export const snapshot: Shape<Snapshot> = { ...room, room: { title: '', topic: '' } };
export const joined: Shape<Joined> = { ...snapshot, you: who, token: '' };
export const pollReply: Shape<PollReply> = {
  ...room,
  from: 0,
  to: 0,
  next: { waitMs: 0, hold: 0 },
};
export const page: Shape<HistoryPage> = { entries, more: true };
export const members: Shape<MembersPage> = { members: listOf(who), online: 0, more: true };
export const problem: Shape<Problem> = { code: '', detail: '' };
export const saidOrReply: Shape<Said | CommandReply> = (body: unknown) =>
  isLike(body, { seq: 0, at: 0 }) || isLike(body, { reply: '' });
/** Any JSON, or an answer that has no body by its status. */
export const anything: Shape<object> = (body: unknown) => body !== undefined;

function listOf(part: Part): Part {
  return (value) => Array.isArray(value) && value.every((one) => isLike(one, part));
}

function isEntry(one: unknown): boolean {
  return (
    isLike<{ type: string }>(one, { seq: 0, at: 0, type: '' }) &&
    isLike(one, fieldsByType[one.type] ?? {})
  );
}

export function isLike<T>(value: unknown, shape: Shape<T>): value is T {
  if (typeof shape === 'function') return shape(value as T);
  if (typeof shape !== 'object') return typeof shape === typeof value;
  return Object.entries(shape).every(([name, part]) =>
    isLike((value as Parts | null)?.[name], part),
  );
}

type Parts = Readonly<Record<string, unknown>>;
