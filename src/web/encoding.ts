/** Which encodings of a body a client takes. */
import type { Fields } from '../http/request.ts';

/** Whether a client takes gzip: it says so, and does not say that it would rather not. */
export function takesGzip(fields: Fields): boolean {
  const accepted = fields.get('accept-encoding');
  return accepted !== null && /\bgzip\b(?!\s*;\s*q=0(\.0+)?\s*(,|$))/.test(accepted);
}
