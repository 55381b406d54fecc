/**
 * A body that comes in chunks, each with its size before it (RFC 9112, section 7.1). What stands
 * beside a size, and behind the last chunk, is read past; a line of these is bounded as well.
 */
import { refuse, type Refusal } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';
import { Gathered } from './gathered.ts';

/** A size in hexadecimal; and words about the chunk, which nobody here knows. */
const sizeLine = /^([\da-fA-F]{1,8})[\t ]*(?:;[\t -~\x80-\xff]*)?$/;
const trailerLine = /^[!#$%&'*+.^_`|~\dA-Za-z-]+:[\t -~\x80-\xff]*$/;

/** Bytes of a line, and lines behind the last chunk. */
const lineMax = 256;
const trailersMax = 20;

const badChunk = refuse('BAD_REQUEST', 'A chunk of the body has no size, or not the one it says');
const badTrailer = refuse('BAD_REQUEST', 'What follows the last chunk is no header');
const tooLarge = refuse('TOO_LARGE', `The body is larger than ${limits.bodyBytesMax} bytes`);

type Expects = 'size' | 'data' | 'data-end' | 'trailer' | 'nothing';

export class ChunkedBody {
  readonly #gathered = new Gathered();
  /** What the sizes so far come to. */
  #length = 0;
  #expects: Expects = 'size';
  /** Bytes of the chunk that are still to come. */
  #left = 0;
  #trailers = 0;

  get isWhole(): boolean {
    return this.#expects === 'nothing';
  }

  bytes(): Uint8Array {
    return this.#gathered.bytes();
  }

  /**
   * Takes what has come, and says how many bytes of it are used up; the others are to be given
   * again, with what follows them. Refuses with BAD_REQUEST or TOO_LARGE.
   */
  take(received: Buffer): number | Refusal {
    let at = 0;
    while (!this.isWhole && at < received.length) {
      if (this.#expects === 'data') {
        const part = received.subarray(at, at + this.#left);
        this.#gathered.add(part);
        at += part.length;
        this.#left -= part.length;
        if (this.#left === 0) this.#expects = 'data-end';
        continue;
      }
      const end = received.indexOf('\r\n', at, 'latin1');
      // The last of these bytes may be half of the line's end.
      if (end === -1) return received.length - at > lineMax + 1 ? this.#badLine() : at;
      if (end - at > lineMax) return this.#badLine();
      const refusal = this.#line(received.toString('latin1', at, end));
      if (refusal !== null) return refusal;
      at = end + 2;
    }
    return at;
  }

  #line(line: string): Refusal | null {
    switch (this.#expects) {
      case 'size':
        return this.#size(line);
      case 'data-end':
        if (line !== '') return badChunk;
        this.#expects = 'size';
        return null;
      default:
        if (line === '') this.#expects = 'nothing';
        else if (++this.#trailers > trailersMax || !trailerLine.test(line)) return badTrailer;
        return null;
    }
  }

  #size(line: string): Refusal | null {
    const size = sizeLine.exec(line)?.[1];
    if (size === undefined) return badChunk;
    this.#left = Number.parseInt(size, 16);
    this.#length += this.#left;
    if (this.#length > limits.bodyBytesMax) return tooLarge;
    this.#expects = this.#left === 0 ? 'trailer' : 'data';
    return null;
  }

  #badLine(): Refusal {
    return this.#expects === 'trailer' ? badTrailer : badChunk;
  }
}
