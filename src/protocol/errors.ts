/**
 * The one table of error codes. The wire, the documents and the tests are checked against it, so a
 * code that is not here cannot be sent, and one that is here is documented and tested.
 */
export const errors = {
  BAD_REQUEST: { status: 400, title: 'The request is not understood' },
  BAD_NICK: { status: 400, title: 'The nick cannot be used' },
  BAD_TEXT: { status: 400, title: 'The text cannot be accepted' },
  BAD_CURSOR: { status: 400, title: 'The cursor is malformed' },
  NO_SESSION: { status: 401, title: 'Join the room first' },
  BANNED: { status: 403, title: 'You are banned from this room' },
  MUTED: { status: 403, title: 'You may read but not write' },
  FORBIDDEN: { status: 403, title: 'You may not do that' },
  WRONG_PASSCODE: { status: 403, title: 'The passcode is wrong' },
  BAD_ORIGIN: { status: 403, title: 'The request comes from another site' },
  NOT_FOUND: { status: 404, title: 'There is nothing here' },
  METHOD: { status: 405, title: 'The method is not allowed here' },
  NICK_TAKEN: { status: 409, title: 'Somebody in the room has this nick' },
  ID_REUSED: { status: 409, title: 'The id belongs to another message' },
  GONE: { status: 410, title: 'The cursor belongs to another history' },
  TOO_LARGE: { status: 413, title: 'The request is too large' },
  MEDIA_TYPE: { status: 415, title: 'The content type is not supported' },
  TOO_FAST: { status: 429, title: 'Slow down' },
  TOO_MANY: { status: 429, title: 'Too many at once' },
  INTERNAL: { status: 500, title: 'Something broke on the server' },
  BUSY: { status: 503, title: 'The server is busy' },
  LAGGING: { status: 503, title: 'This node is behind' },
  DRAINING: { status: 503, title: 'The server is about to stop' },
  DISK_FULL: { status: 507, title: 'The disk is full' },
} as const;

export type ErrorCode = keyof typeof errors;

/** A refusal is a value, not an exception: what was asked cannot be done, and this is why. */
export interface Refusal {
  readonly ok: false;
  readonly code: ErrorCode;
  /** What failed, the value in quotes, what to do. Sentence case, no full stop. */
  readonly detail: string;
  /** When asking again makes sense, in milliseconds from now. */
  readonly retryMs?: number;
}

/** What an operation answers: its result, or a refusal. */
export type Outcome<T> = (T & { readonly ok: true }) | Refusal;

/** Makes a refusal. */
export function refuse(code: ErrorCode, detail: string, retryMs?: number): Refusal {
  return retryMs === undefined
    ? { ok: false, code, detail }
    : { ok: false, code, detail, retryMs: Math.max(1, Math.ceil(retryMs)) };
}

/** The body of an error on the wire: RFC 9457, `application/problem+json`. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail: string;
  readonly retryMs?: number;
}

/** Turns a refusal into the problem that the wire carries. */
export function problemOf(refusal: Refusal): Problem {
  const { status, title } = errors[refusal.code];
  return {
    type: `urn:encke:error:${refusal.code}`,
    title,
    status,
    code: refusal.code,
    // A detail quotes what it was given, and may cut it: halves of pairs are not for every parser.
    detail: refusal.detail.toWellFormed(),
    ...(refusal.retryMs === undefined ? {} : { retryMs: refusal.retryMs }),
  };
}
