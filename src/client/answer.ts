/**
 * What a request comes to, as a value. To the server's codes the client adds its own:
 *
 * - `UNREACHABLE`: there was no answer, or one that is not from the chat (a captive portal's page
 *   with status 200, a proxy's error). Nobody knows whether the request took effect.
 * - `DISCARDED`: the message was taken back before it was accepted.
 * - `CLOSED`: the client was closed first.
 */
import type { ErrorCode } from '../protocol/errors.ts';

export type FailureCode = ErrorCode | 'UNREACHABLE' | 'DISCARDED' | 'CLOSED';

export interface Failure {
  readonly ok: false;
  readonly code: FailureCode;
  /** The server's own words; empty where the client says so itself, and the code tells all. */
  readonly detail: string;
  /** The status of the answer; 0 when there was none. */
  readonly status: number;
  /** When asking again makes sense, in milliseconds from now; 0 when nobody has said so. */
  readonly retryMs: number;
}

export type Answer<T = object> = (T & { readonly ok: true }) | Failure;

/** Makes a failure. */
export function fail(code: FailureCode, detail = '', status = 0, retryMs = 0): Failure {
  return { ok: false, code, detail, status, retryMs };
}

/** Whether the same request may succeed later. Everything else is the server's last word. */
export function isPassing({ code, status }: Failure): boolean {
  return code === 'UNREACHABLE' || status === 429 || status >= 500;
}
