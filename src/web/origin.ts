/**
 * Where a request comes from, for requests that a browser sends on somebody's behalf. A request
 * that changes something and is authenticated by cookie must come from the room's own page:
 * browsers add the cookie to any site's request, so the cookie alone proves nothing.
 *
 * The rule is the one of Go's net/http.CrossOriginProtection (2025): `Sec-Fetch-Site` decides where
 * it is given, else `Origin` against the host. A request with neither is not a browser's, and such
 * a client has no cookies but its own.
 */
import type { EmbedOrigins } from '../chat/settings.ts';
import type { Fields } from '../http/request.ts';
import { refuse, type Outcome } from '../protocol/errors.ts';

/** Whether a request comes from the room's own origin, or from no browser at all. */
export function isSameOrigin(headers: Fields, host: string, publicUrl: string | null): boolean {
  const origin = headers.get('origin');
  if (origin !== null && isOwn(origin, host, publicUrl)) return true;
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin' || site === 'none';
  return origin === null;
}

/** Refuses, with BAD_ORIGIN, a request that another site's page sends. */
export function checkOrigin(
  headers: Fields,
  host: string,
  publicUrl: string | null,
): Outcome<object> {
  if (isSameOrigin(headers, host, publicUrl)) return { ok: true };
  const origin = headers.get('origin') ?? 'another site';
  return refuse('BAD_ORIGIN', `A page at "${origin.slice(0, 100)}" may not do this here`);
}

/** What a page on our own origin needs: nothing. */
export const noFields: Readonly<Record<string, string>> = {};

/**
 * What a page on another origin needs to read the answers: only for origins that whoever runs the
 * room allows, and never with cookies.
 */
export function crossOriginHeaders(
  headers: Fields,
  allowed: EmbedOrigins,
): Readonly<Record<string, string>> {
  const origin = headers.get('origin');
  if (origin === null || !isAmong(origin, allowed)) return noFields;
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Methods': 'GET, POST, PATCH, PUT, DELETE',
    'Access-Control-Allow-Headers': 'Authorization, Content-Type',
    'Access-Control-Expose-Headers': 'Retry-After',
    'Access-Control-Max-Age': '7200',
    'Cross-Origin-Resource-Policy': 'cross-origin',
    Vary: 'Origin',
  };
}

/**
 * Whether an origin is allowed. A star means every site, and `null` is none: a page in a sandbox
 * says that, and so does one from a file.
 */
function isAmong(origin: string, allowed: EmbedOrigins): boolean {
  return allowed === '*' ? /^https?:\/\/[^\s,/]+$/.test(origin) : allowed.includes(origin);
}

function isOwn(origin: string, host: string, publicUrl: string | null): boolean {
  if (publicUrl !== null && origin === publicUrl) return true;
  const scheme = origin.indexOf('://');
  return scheme !== -1 && host !== '' && origin.slice(scheme + 3) === host;
}
