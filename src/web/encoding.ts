/** Which encodings of a body a client takes. */
import type { Fields } from '../http/request.ts';
import type { Encoding } from '../protocol/encodings.ts';

/** The first of these encodings that a client takes; null where it takes none, or names none. */
export function firstTaken(fields: Fields, offered: readonly Encoding[]): Encoding | null {
  const accepted = fields.get('accept-encoding')?.toLowerCase();
  if (accepted === undefined) return null;
  return offered.find((encoding) => isAmong(accepted, encoding)) ?? null;
}

/** Whether a list like `gzip, br;q=0.5, *;q=0` has an encoding, by its name or by the star. */
function isAmong(accepted: string, encoding: Encoding): boolean {
  let isByStar = false;
  for (const part of accepted.split(',')) {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    if (name !== encoding && name !== '*') continue;
    const isTaken = !parameters.some((parameter) => /^q\s*=\s*0(\.0*)?$/.test(parameter));
    // What is named goes before what every other is.
    if (name === encoding) return isTaken;
    isByStar = isTaken;
  }
  return isByStar;
}

/** Whether a client takes gzip: it says so, and does not say that it would rather not. */
export function takesGzip(fields: Fields): boolean {
  const accepted = fields.get('accept-encoding');
  return accepted !== null && /\bgzip\b(?!\s*;\s*q=0(\.0+)?\s*(,|$))/.test(accepted);
}
