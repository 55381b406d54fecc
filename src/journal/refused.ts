import type { Outcome, Refusal } from '../protocol/errors.ts';
import { Unavailable } from '../supervisor/ref.ts';

/** Why a journal cannot be opened, or copied. The message says what to do about it. */
export type RefusedCode =
  | 'SQLITE_TOO_OLD'
  | 'NOT_A_JOURNAL'
  | 'JOURNAL_TOO_NEW'
  | 'JOURNAL_DAMAGED'
  | 'FOLDER_HELD'
  | 'FOLDER_NOT_WRITABLE'
  | 'FOLDER_UNFIT'
  | 'UNREADABLE'
  | 'IN_THE_WAY'
  | 'CANNOT_CREATE'
  | 'DISK_FULL';

/** A journal that will not open, whatever is restarted: the process says why, and ends. */
export class JournalRefused extends Error {
  override readonly name = 'JournalRefused';
  readonly code: RefusedCode;

  constructor(code: RefusedCode, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * A read that could not be taken: too many wait (`BUSY`), or the journal is closing (`DRAINING`).
 * `page` and `search` answer with a refusal as a value; the small reads, whose answers have no room
 * for one, reject with this, and whoever serves a request passes `refusal` on.
 */
export class JournalUnavailable extends Unavailable {
  override readonly name = 'JournalUnavailable';
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.detail);
    this.refusal = refusal;
  }
}

/** Reads something whose answer has room for a refusal. */
export async function orRefused<T>(read: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await read();
  } catch (reason) {
    if (reason instanceof JournalUnavailable) return reason.refusal;
    throw reason;
  }
}
