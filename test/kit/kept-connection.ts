/**
 * One HTTP/1.1 connection that is kept, with one request on it at a time, over a bare socket. A
 * thousand of these cost a test little, and what happens to a connection is seen as it is: the
 * runtime's own `fetch` shares connections, lets 256 requests out at once and holds back the rest.
 */
import { connect, type Socket } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly token?: string;
  readonly body?: unknown;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** The connection ended before the answer was whole. Whether the request took effect is unknown. */
export class ConnectionLost extends Error {}

const headEnd = '\r\n\r\n';

export class KeptConnection {
  readonly #host: string;
  readonly #port: number;
  #socket: Socket | null = null;
  #received: Buffer = Buffer.alloc(0);
  #asking: PromiseWithResolvers<Answer> | null = null;

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.#host = hostname;
    this.#port = Number(port);
  }

  /** Asks, over a new connection when there is none. Rejects with `ConnectionLost`. */
  async ask({ method, path, token, body }: Asked): Promise<Answer> {
    if (this.#asking !== null) throw new Error('One request at a time');
    this.#asking = Promise.withResolvers<Answer>();
    const text = body === undefined ? '' : JSON.stringify(body);
    const head = [
      `${method} ${path} HTTP/1.1`,
      `Host: ${this.#host}:${this.#port}`,
      ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
      ...(body === undefined ? [] : ['Content-Type: application/json']),
      ...(body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(text)}`]),
    ];
    const { promise } = this.#asking;
    this.#socket ??= this.#open();
    this.#socket.write(`${head.join('\r\n')}${headEnd}${text}`);
    return await promise;
  }

  close(): void {
    const socket = this.#socket;
    this.#lose('it was closed here');
    socket?.destroy();
  }

  #open(): Socket {
    const socket = connect({ host: this.#host, port: this.#port, noDelay: true });
    const isThis = (): boolean => this.#socket === socket;
    socket.on('data', (chunk: Buffer) => {
      if (isThis()) this.#receive(chunk);
    });
    socket.on('error', (reason) => {
      if (isThis()) this.#lose(reason.message);
    });
    socket.on('close', () => {
      if (isThis()) this.#lose('it was closed there');
    });
    return socket;
  }

  #lose(why: string): void {
    this.#socket = null;
    this.#received = Buffer.alloc(0);
    const asking = this.#asking;
    this.#asking = null;
    asking?.reject(new ConnectionLost(`The connection is lost: ${why}`));
  }

  #receive(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const headLength = this.#received.indexOf(headEnd);
    if (headLength === -1) return;
    const head = this.#received.toString('latin1', 0, headLength);
    const status = Number(head.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length));
    const length = /^content-length: *(\d+)/im.exec(head)?.[1];
    // Every answer to a call has a length, but for those that have no body at all.
    if (length === undefined && status !== 204) {
      throw new Error(`An answer without Content-Length: ${head}`);
    }
    const start = headLength + headEnd.length;
    const end = start + Number(length ?? 0);
    if (this.#received.length < end) return;
    const body = this.#received.toString('utf8', start, end);
    this.#received = this.#received.subarray(end);
    const asking = this.#asking;
    this.#asking = null;
    if (asking === null) throw new Error(`An answer that nobody asked for: ${head}`);
    asking.resolve({ status, body });
  }
}
