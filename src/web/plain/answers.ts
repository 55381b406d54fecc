/** Answers of the plain pages: what each browser is told about them. */
import { readFileSync } from 'node:fs';
import { Answer } from '../../http/answer.ts';
import { errors, type Refusal } from '../../protocol/errors.ts';
import type { Html } from './html.ts';

type MoreFields = Readonly<Record<string, string>>;

/** Nothing runs; style, pictures and frames are the room's own. */
const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "frame-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
];

const shared = {
  'Cache-Control': 'no-store, no-transform',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  // Without a referrer at all, browsers send no origin with a form either, and the form is refused.
  'Referrer-Policy': 'same-origin',
};

const pageFields = {
  ...shared,
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': [...policy, "frame-ancestors 'none'"].join('; '),
  'X-Frame-Options': 'DENY',
};

/** The frame for writing stands in the room's own page. */
const framedFields = {
  ...pageFields,
  'Content-Security-Policy': [...policy, "frame-ancestors 'self'"].join('; '),
  'X-Frame-Options': 'SAMEORIGIN',
};

export function sendPage(page: Html, status = 200, more: MoreFields = {}): Answer {
  return new Answer(status, { ...pageFields, ...more }, page.toString());
}

export function sendFramed(page: Html, status = 200, more: MoreFields = {}): Answer {
  return new Answer(status, { ...framedFields, ...more }, page.toString());
}

/** The head of a page that goes on. Proxies are asked not to gather it up. */
export function streamHead(more: MoreFields): Answer {
  return new Answer(200, { ...pageFields, 'X-Accel-Buffering': 'no', ...more });
}

/** Sends the browser to another page. What it posted is not posted again. */
export function sendTo(target: string, more: MoreFields = {}): Answer {
  return new Answer(303, { ...shared, Location: target, ...more });
}

/** The status of a refusal, and when to come back. */
export function statusOf({ code, retryMs }: Refusal): { status: number; fields: MoreFields } {
  // A browser takes 401 for a question for a password, and shows no page.
  const status = code === 'NO_SESSION' ? errors.FORBIDDEN.status : errors[code].status;
  if (retryMs === undefined) return { status, fields: {} };
  return { status, fields: { 'Retry-After': String(Math.ceil(retryMs / 1_000)) } };
}

/** A picture of one pixel that cannot be seen: the smallest GIF there is. */
const pixel = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

export function sendPixel(): Answer {
  return new Answer(200, { ...shared, 'Content-Type': 'image/gif' }, pixel);
}

const style = readFileSync(new URL('style.css', import.meta.url));

export function sendStyle(): Answer {
  const fields = { 'Content-Type': 'text/css; charset=utf-8', 'Cache-Control': 'max-age=3600' };
  return new Answer(200, { ...shared, ...fields }, style);
}
