/**
 * The head of a request: its first line and its header fields, read as RFC 9112 has them and
 * nothing more generously. Where two servers on the way could read one head in two ways, a request
 * can be hidden in another; so what is unclear is refused, and never repaired.
 */
import { refuse, type Outcome } from '../protocol/errors.ts';
import { HeaderFields, readFields } from './fields.ts';

export interface Head {
  readonly method: string;
  readonly target: string;
  readonly fields: HeaderFields;
  /** Whether the connection ends with the answer. */
  readonly isLast: boolean;
  /** Whether the client waits to be told before it sends the body. */
  readonly expectsContinue: boolean;
}

const visible = /^[!-~]+$/;
/** A method, a target of visible characters, a version. */
const firstLine = /^([!#$%&'*+.^_`|~\dA-Za-z-]{1,32}) ([!-~]+) HTTP\/1\.([01])$/;

/**
 * Reads a head, without the empty line that ends it. Refuses with BAD_REQUEST or TOO_LARGE. `kept`
 * are the fields of an earlier request on the same connection: a browser sends the same ones each
 * time, and then they are not read again.
 */
export function readHead(text: string, kept: HeaderFields | null): Outcome<{ head: Head }> {
  const lineEnd = text.indexOf('\r\n');
  const end = lineEnd === -1 ? text.length : lineEnd;
  const line = readUsualLine(text, end) ?? readLine(text.slice(0, end));
  if (line === null) return unreadable;
  const { method, target, isOld } = line;
  const fields =
    kept !== null && endsWith(text, end + 2, kept.lines) ? kept : readFields(text.slice(end + 2));
  if (!(fields instanceof HeaderFields)) return fields;
  if (!isOld && !fields.hasHost) return noHost;
  if (isOld && fields.body === 'chunked') return unreadable;
  const isLast = isOld || fields.endsConnection;
  // A client of HTTP/1.0 would take what is said between for the answer.
  const expectsContinue = !isOld && fields.body !== 0 && fields.expectsContinue;
  return { ok: true, head: { method, target, fields, isLast, expectsContinue } };
}

interface Line {
  readonly method: string;
  readonly target: string;
  /** Of version 1.0, which keeps no connection here, and knows no chunks. */
  readonly isOld: boolean;
}

/** Nearly every request is such a line, and then it need not be taken apart. */
function readUsualLine(text: string, end: number): Line | null {
  if (!text.startsWith('GET ') || !text.startsWith(' HTTP/1.1', end - 9)) return null;
  const target = text.slice(4, end - 9);
  return visible.test(target) ? { method: 'GET', target, isOld: false } : null;
}

function readLine(text: string): Line | null {
  const parts = firstLine.exec(text);
  if (parts === null) return null;
  const [, method = '', target = '', version] = parts;
  return { method, target, isOld: version === '0' };
}

/** Whether these lines, and no others, follow the first one. Cuts nothing out to find that out. */
function endsWith(text: string, start: number, lines: string): boolean {
  return text.length - start === lines.length && text.endsWith(lines);
}

const unreadable = refuse(
  'BAD_REQUEST',
  'The first line is no request of HTTP/1.1, such as "GET /v1/room HTTP/1.1"',
);
const noHost = refuse('BAD_REQUEST', 'The header "Host" is missing');
