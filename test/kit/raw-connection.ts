/**
 * A connection on which a test sends whatever bytes it likes, and reads answers as they come: what
 * an ordinary client refuses to send, and what it hides of the answer.
 */
import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  /** The names in small letters. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

export interface RawConnection {
  send(bytes: string | Uint8Array): void;
  /**
   * The next answer, or null when the connection was closed without one. `isBodiless` for the
   * answer to a HEAD. Rejects when nothing comes.
   */
  next(options?: { readonly isBodiless?: boolean }): Promise<RawAnswer | null>;
  /** Resolves when the server has closed the connection. */
  readonly closed: Promise<void>;
  close(): void;
}

/** Nothing here takes longer, on a machine that is busy with other things as well. */
const patienceMs = 10_000;

/** Connects to a port of this machine. */
export async function openRaw(port: number): Promise<RawConnection> {
  const socket: Socket = connect(port, '127.0.0.1');
  const { promise: opened, resolve: open, reject: fail } = Promise.withResolvers<void>();
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();
  let received: Buffer = Buffer.alloc(0);
  let isClosed = false;
  let changed: () => void = () => undefined;
  socket.on('connect', open);
  socket.on('error', fail);
  socket.on('data', (bytes: Buffer) => {
    received = Buffer.concat([received, bytes]);
    changed();
  });
  socket.on('close', () => {
    isClosed = true;
    close();
    changed();
  });
  await opened;

  return {
    closed,
    send: (bytes) => void socket.write(bytes),
    close: () => void socket.destroy(),
    async next({ isBodiless = false } = {}) {
      const end = performance.now() + patienceMs;
      for (;;) {
        const found = firstOf(received, isBodiless);
        if (found !== null) {
          received = received.subarray(found.length);
          return found.answer;
        }
        if (isClosed) return null;
        const left = end - performance.now();
        if (left <= 0) throw new Error(`No whole answer came, only "${received.toString()}"`);
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, left);
          changed = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    },
  };
}

/** The first answer in what was received, and its length in bytes; null while it is not whole. */
function firstOf(
  bytes: Buffer,
  isBodiless: boolean,
): { readonly answer: RawAnswer; readonly length: number } | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return null;
  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1]);
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  const hasBody = !isBodiless && status >= 200 && status !== 204 && status !== 304;
  const bodyBytes = hasBody ? Number(headers.get('content-length') ?? 0) : 0;
  const length = end + 4 + bodyBytes;
  if (bytes.length < length) return null;
  const body = bytes.subarray(end + 4, length).toString();
  return { answer: { status, headers, body }, length };
}
