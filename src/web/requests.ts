/** The shapes of requests: what each call takes, and nothing else. */
import * as v from 'valibot';
import { cursorLengthMax } from '../protocol/cursor.ts';
import { refuse, type Outcome } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';
import type { Seq } from '../protocol/entries.ts';

/** Strings are bounded here in bytes as JSON carries them; what they may say is the room's rule. */
const text = v.pipe(v.string(), v.maxLength(limits.bodyBytesMax));
const id = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 of A-Z a-z 0-9 _ -'),
);
const joinId = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9_-]{22,64}$/, 'must be 22 to 64 random characters of A-Z a-z 0-9 _ -'),
);
const token = v.pipe(v.string(), v.maxLength(128));
const tab = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9_-]{1,32}$/, 'must be 1 to 32 of A-Z a-z 0-9 _ -'),
);
const wholeNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const seq = v.pipe(
  v.number(),
  v.safeInteger('must be a whole number'),
  v.minValue(1, 'must be 1 or more'),
  v.transform((number) => number as Seq),
);

/** A whole number as a query carries it: digits, no sign, no leading zero. */
const digits = v.pipe(
  v.string(),
  v.regex(/^(0|[1-9]\d{0,14})$/, 'must be a whole number'),
  v.transform(Number),
);
const seqDigits = v.pipe(
  digits,
  v.transform((number) => number as Seq),
);
const cursor = v.pipe(v.string(), v.maxLength(cursorLengthMax * 4));

export const joinBody = v.strictObject({
  nick: text,
  id: v.optional(joinId),
  passcode: v.optional(v.pipe(v.string(), v.maxLength(256))),
  token: v.optional(token),
});

export const messageBody = v.strictObject({
  id,
  text,
  replyTo: v.optional(seq),
  token: v.optional(token),
});

export const editBody = v.strictObject({ text, token: v.optional(token) });
export const emptyBody = v.strictObject({ token: v.optional(token) });
export const leaveBody = v.strictObject({ tab: v.optional(tab), token: v.optional(token) });

export const pollBody = v.strictObject({
  after: cursor,
  hold: v.optional(wholeNumber),
  tab: v.optional(tab),
  turn: v.optional(wholeNumber),
  token: v.optional(token),
});

export const pollQuery = v.strictObject({
  after: cursor,
  hold: v.optional(digits),
  tab: v.optional(tab),
  turn: v.optional(digits),
});

export const historyQuery = v.strictObject({
  before: v.optional(seqDigits),
  after: v.optional(seqDigits),
  around: v.optional(seqDigits),
  cursor: v.optional(v.string()),
  limit: v.optional(v.pipe(digits, v.minValue(1), v.maxValue(limits.pageMax))),
});

export const searchQuery = v.strictObject({
  q: v.string(),
  before: v.optional(seqDigits),
  limit: v.optional(v.pipe(digits, v.minValue(1), v.maxValue(limits.pageMax))),
});

export const membersQuery = v.strictObject({
  after: v.optional(v.pipe(v.string(), v.maxLength(limits.nickBytesMax))),
  prefix: v.optional(v.pipe(v.string(), v.maxLength(limits.nickBytesMax))),
  limit: v.optional(v.pipe(digits, v.minValue(1), v.maxValue(limits.membersPageMax))),
});

export const plainQuery = v.strictObject({
  after: v.optional(cursor),
  before: v.optional(seqDigits),
});
export const plainJoinForm = v.strictObject({
  id: v.optional(joinId),
  nick: text,
  passcode: v.optional(v.pipe(v.string(), v.maxLength(256))),
  still: v.optional(v.string()),
  after: v.optional(cursor),
});
export const plainSayForm = v.strictObject({ id, text, still: v.optional(v.string()) });
export const plainLeaveForm = v.strictObject({ still: v.optional(v.string()) });
/** The number makes each picture another one, which no cache has. */
export const plainHereQuery = v.strictObject({ tab, n: digits });

export const noQuery = v.strictObject({});

type Shape = v.GenericSchema & { readonly entries: Readonly<Record<string, unknown>> };

/** Reads a value as a shape. Refuses with BAD_REQUEST, naming the first thing that is wrong. */
export function readShape<S extends Shape>(
  shape: S,
  value: unknown,
): Outcome<{ value: v.InferOutput<S> }> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse('BAD_REQUEST', 'The body must be a JSON object');
  }
  // Asked of the shape's own names: "__proto__" and "constructor" are names of any object.
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(shape.entries, name));
  if (unknown !== undefined) {
    const known = Object.keys(shape.entries).join(', ');
    const rest = known === '' ? 'none is taken here' : `known are ${known}`;
    return refuse('BAD_REQUEST', `"${unknown.slice(0, 40)}" is not known here, ${rest}`);
  }
  const result = v.safeParse(shape, value);
  if (result.success) return { ok: true, value: result.output };
  const [issue] = result.issues;
  const name = issue.path?.map((item) => String(item.key)).join('.') ?? 'The request';
  return refuse('BAD_REQUEST', `"${name}" ${reasonOf(issue)}`);
}

function reasonOf(issue: v.BaseIssue<unknown>): string {
  if (issue.message.startsWith('must')) return issue.message;
  if (issue.received === 'undefined') return 'is missing';
  return `must be ${issue.expected ?? 'another value'}, not ${issue.received.slice(0, 40)}`;
}
