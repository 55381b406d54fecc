/**
 * Just enough of HTTP/1.1 to tell where one request ends and the next begins. What cannot be told
 * apart (a chunked body, a head without an end) is passed on as it comes.
 */

/** One request, as it came over the line. */
export interface RawRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly bytes: Buffer;
}

/** A request, or bytes that are passed on as they are. */
export type Piece = RawRequest | { readonly opaque: Buffer };

/** No client of ours sends a longer head. */
const headBytesMax = 64 * 1024;
const headEnd = '\r\n\r\n';

export class RequestReader {
  #received: Buffer = Buffer.alloc(0);
  #isOpaque = false;

  /** Takes what came, and answers with what is whole. */
  take(chunk: Buffer): readonly Piece[] {
    if (this.#isOpaque) return [{ opaque: chunk }];
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const pieces: Piece[] = [];
    for (;;) {
      const piece = this.#next();
      if (piece === null) return pieces;
      pieces.push(piece);
    }
  }

  #next(): Piece | null {
    const end = this.#received.indexOf(headEnd);
    if (end === -1) return this.#received.length > headBytesMax ? this.#giveUp() : null;
    const head = this.#received.toString('latin1', 0, end);
    const [, method = '', target = ''] = /^([A-Z]+) (\S+) HTTP\/1\.[01]\r?$/m.exec(head) ?? [];
    if (method === '' || /^transfer-encoding:/im.test(head)) return this.#giveUp();
    const bodyBytes = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
    const length = end + headEnd.length + bodyBytes;
    if (this.#received.length < length) return null;
    const bytes = this.#received.subarray(0, length);
    this.#received = this.#received.subarray(length);
    return { method, target, bytes };
  }

  #giveUp(): Piece | null {
    this.#isOpaque = true;
    const rest = this.#received;
    this.#received = Buffer.alloc(0);
    return rest.length === 0 ? null : { opaque: rest };
  }
}
