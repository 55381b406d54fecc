/**
 * An answer, and the bytes that it becomes. The bytes are made once: an answer that goes to ten
 * thousand connections is one array, head and all, and each of them costs one write of it.
 */

/** Header fields of an answer, without those that say how long it is and when it was made. */
export type AnswerFields = Readonly<Record<string, string>>;

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  303: 'See Other',
  304: 'Not Modified',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  410: 'Gone',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
  507: 'Insufficient Storage',
};

const empty = new Uint8Array();

export class Answer {
  readonly status: number;
  readonly fields: AnswerFields;
  readonly body: string | Uint8Array;
  #bytes: Uint8Array | null = null;

  constructor(status: number, fields: AnswerFields, body: string | Uint8Array = empty) {
    this.status = status;
    this.fields = fields;
    this.body = body;
  }

  /** The whole answer for a connection that stays open. `date` counts when it is first asked. */
  bytes(date: string): Uint8Array {
    this.#bytes ??= this.#write(date, '', true);
    return this.#bytes;
  }

  /** The answer where it is the connection's last, or (`hasBody` false) the answer to a HEAD. */
  bytesOf(date: string, { isLast, hasBody }: { isLast: boolean; hasBody: boolean }): Uint8Array {
    return this.#write(date, isLast ? 'Connection: close\r\n' : '', hasBody);
  }

  /** The head of an answer whose body comes in parts: as chunks, or up to the connection's end. */
  headOf(date: string, isLast: boolean): Uint8Array {
    const framing = isLast ? 'Connection: close\r\n' : 'Transfer-Encoding: chunked\r\n';
    return Buffer.from(`${this.#head(date)}${framing}\r\n`, 'latin1');
  }

  #head(date: string): string {
    const { status } = this;
    let head = `HTTP/1.1 ${status} ${reasons[status] ?? ''}\r\n`;
    for (const [name, value] of Object.entries(this.fields)) head += `${name}: ${value}\r\n`;
    return `${head}Date: ${date}\r\n`;
  }

  #write(date: string, connection: string, hasBody: boolean): Uint8Array {
    const { status, body } = this;
    let head = this.#head(date) + connection;
    const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
    // An answer of these kinds has no body, and must not seem to have one.
    const isBodiless = status === 204 || status === 304;
    if (!isBodiless) head += `Content-Length: ${length}\r\n`;
    head += '\r\n';
    if (!hasBody || isBodiless || length === 0) return Buffer.from(head, 'latin1');
    if (typeof body === 'string') return Buffer.from(head + body, 'utf8');
    const bytes = Buffer.allocUnsafeSlow(head.length + length);
    bytes.write(head, 'latin1');
    bytes.set(body, head.length);
    return bytes;
  }
}
