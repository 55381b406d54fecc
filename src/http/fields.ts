/**
 * The header fields of a request. A connection keeps those of its last request, since those of the
 * next are usually the same to the letter: so what is kept of them is little, the lines as they
 * came and what is asked of every request.
 */
import { refuse, type Refusal } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';
import type { Fields } from './request.ts';

/**
 * Lines of a name, a colon at once, and a value without control characters, with a line break
 * between two. One expression for all of them: it looks at each character once.
 */
const headerLines =
  /^(?:[!#$%&'*+.^_`|~\dA-Za-z-]+:[\t -~\x80-\xff]*(?:\r\n(?=[!#$%&'*+.^_`|~\dA-Za-z-])|$))*$/;

/** A name with a port, or an address in brackets with one, or nothing. */
const hostShape = /^(?:[\w.~!$&'()*+,;=%-]*|\[[\da-fA-F:.]+\])(?::\d{0,5})?$/;

const unwritten = {};

export class HeaderFields implements Fields {
  readonly lines: string;
  /** Bytes of the body that follows; `chunked` when it says its length as it goes. */
  readonly body: number | 'chunked';
  readonly hasHost: boolean;
  /** Whether the client wants the connection to end with the answer. */
  readonly endsConnection: boolean;
  readonly #origin: string | null;
  readonly #acceptEncoding: string | null;
  // Declared with the others, so that a note makes no object of another kind.
  note: object = unwritten;

  constructor(lines: string, read: ReadFields, body: number | 'chunked') {
    this.lines = lines;
    this.body = body;
    this.hasHost = read.host !== null;
    this.endsConnection = /(?:^|,)\s*close\s*(?:,|$)/i.test(read.connection ?? '');
    this.#origin = read.origin;
    this.#acceptEncoding = read['accept-encoding'];
  }

  /** Whether the client waits to be told before it sends the body. */
  get expectsContinue(): boolean {
    return this.get('expect')?.toLowerCase() === '100-continue';
  }

  get(name: string): string | null {
    // Two that every poll is asked for, and that most do not have.
    if (name === 'origin') return this.#origin;
    if (name === 'accept-encoding') return this.#acceptEncoding;
    let found: string | null = null;
    eachLine(this.lines, (start, colon, end) => {
      if (colon - start !== name.length) return;
      if (this.lines.slice(start, colon).toLowerCase() !== name) return;
      found = joined(name, found, valueIn(this.lines, colon + 1, end));
    });
    return found;
  }

  has(name: string): boolean {
    return this.get(name) !== null;
  }
}

/** What is looked at in every head. */
class ReadFields {
  host: string | null = null;
  origin: string | null = null;
  connection: string | null = null;
  'content-length': string | null = null;
  'accept-encoding': string | null = null;
  'transfer-encoding': string | null = null;
}

const readNames: ReadonlySet<string> = new Set(Object.keys(new ReadFields()));
/** Most lines are passed by for the length of their name alone. */
const readLengths: ReadonlySet<number> = new Set([...readNames].map((name) => name.length));

function isRead(name: string): name is keyof ReadFields {
  return readNames.has(name);
}

/** Reads fields from their lines. Refuses with BAD_REQUEST or TOO_LARGE. */
export function readFields(lines: string): HeaderFields | Refusal {
  if (!headerLines.test(lines)) return notHeaders;
  const read = new ReadFields();
  let trouble: Refusal | null = null;
  let count = 0;
  eachLine(lines, (start, colon, end) => {
    count++;
    if (!readLengths.has(colon - start)) return;
    const name = lines.slice(start, colon).toLowerCase();
    if (isRead(name)) trouble ??= note(read, name, valueIn(lines, colon + 1, end));
  });
  if (count > limits.headersMax) return tooMany;
  if (trouble !== null) return trouble;
  const body = bodyOf(read);
  return typeof body === 'object' ? body : new HeaderFields(lines, read, body);
}

/** Takes a field. Of what must be said once, two that agree are one too many. */
function note(read: ReadFields, name: keyof ReadFields, value: string): Refusal | null {
  const before = read[name];
  if (name === 'host' && (before !== null || !hostShape.test(value))) return badHost;
  if (name === 'content-length' && before !== null) return twoLengths;
  read[name] = joined(name, before, value);
  return null;
}

/** What follows the head: so many bytes, or chunks. */
function bodyOf(read: ReadFields): number | 'chunked' | Refusal {
  const length = read['content-length'];
  const coding = read['transfer-encoding'];
  if (coding !== null) {
    if (length !== null) return twoLengths;
    return coding.toLowerCase() === 'chunked' ? 'chunked' : badCoding;
  }
  if (length === null) return 0;
  return /^\d{1,15}$/.test(length) ? Number(length) : badLength;
}

function joined(name: string, before: string | null, value: string): string {
  if (before === null) return value;
  return name === 'cookie' ? `${before}; ${value}` : `${before}, ${value}`;
}

/** Walks over lines that are known to be header lines. */
function eachLine(lines: string, look: (start: number, colon: number, end: number) => void): void {
  for (let start = 0; start < lines.length;) {
    const colon = lines.indexOf(':', start);
    const lineEnd = lines.indexOf('\r\n', colon);
    const end = lineEnd === -1 ? lines.length : lineEnd;
    look(start, colon, end);
    start = end + 2;
  }
}

/** A value without the blanks and tabs around it, which are not its own. */
function valueIn(lines: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isBlank(lines.charCodeAt(start))) start++;
  while (end > start && isBlank(lines.charCodeAt(end - 1))) end--;
  return lines.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

const notHeaders = refuse(
  'BAD_REQUEST',
  'A line of the head is no header, such as "Host: example.org"',
);
const badHost = refuse('BAD_REQUEST', 'The header "Host" must name one host, once');
const twoLengths = refuse('BAD_REQUEST', 'The body has two lengths, send one');
const badLength = refuse('BAD_REQUEST', 'The header "Content-Length" is no number');
const badCoding = refuse('BAD_REQUEST', 'The body must be sent plain, or as chunks of it');
const tooMany = refuse('TOO_LARGE', `There are more than ${limits.headersMax} headers`);
