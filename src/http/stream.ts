/**
 * An answer that goes on: its head is sent, and its body comes in parts, whenever there is
 * something to say. HTTP/1.1 has chunks for that; in HTTP/1.0 the body ends with the connection.
 */

/** The way to whoever reads it. */
export interface Channel {
  /** Whether the network has yet to take some of what was sent. */
  readonly isBehind: boolean;
  send(part: Uint8Array): void;
  /** After this the connection is free for the next request, or at its end. */
  sendLast(part: Uint8Array): void;
}

const lineEnd = Buffer.from('\r\n');
const lastChunk = Buffer.from('0\r\n\r\n');
const nothing = new Uint8Array();

export class Stream {
  readonly #channel: Channel;
  readonly #isChunked: boolean;
  #hasEnded = false;

  constructor(channel: Channel, isChunked: boolean) {
    this.#channel = channel;
    this.#isChunked = isChunked;
  }

  /** Whether the reader is slower than the writer, who should wait: see `Watcher.caughtUp`. */
  get isBehind(): boolean {
    return !this.#hasEnded && this.#channel.isBehind;
  }

  /** Sends some more. When nobody reads any more, nothing happens. */
  write(text: string): void {
    // A chunk without bytes would be the last.
    if (this.#hasEnded || text === '') return;
    const bytes = Buffer.from(text);
    this.#channel.send(this.#isChunked ? chunk(bytes) : bytes);
  }

  /** That was all. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#channel.sendLast(this.#isChunked ? lastChunk : nothing);
  }
}

function chunk(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, lineEnd]);
}
