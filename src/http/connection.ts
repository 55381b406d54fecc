/**
 * One connection: requests come in, and answers go out, one after the other. A request that is
 * pipelined behind another waits in bytes until that one has its answer, however long it is held.
 *
 * Whatever a client sends or does not, what is kept for it is bounded: a head, a body, the answer
 * that it does not read, and a deadline for each of them.
 */
import { refuse, type Refusal } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';
import type { Answer } from './answer.ts';
import { ChunkedBody } from './chunks.ts';
import type { HeaderFields } from './fields.ts';
import { Gathered } from './gathered.ts';
import { readHead, type Head } from './head.ts';
import type { Exchange, HttpRequest, Watcher } from './request.ts';
import { Stream, type Channel } from './stream.ts';

/** The end of a connection that is ours. A write takes what the network takes now. */
export interface Socket {
  readonly remoteAddress: string;
  /** Returns how many bytes were taken; fewer than 0 when the connection is gone. */
  write(bytes: Uint8Array): number;
  /** Says that nothing more will be sent; the other end may still be sending. */
  shutdown(): void;
  /** Ends it; what was written is still sent. */
  end(): void;
  /** Ends it at once, whatever is under way. */
  terminate(): void;
  pause(): void;
  resume(): void;
}

/** What a connection has of the listener that accepted it. */
export interface Host {
  /** The time in milliseconds, as of a moment ago. */
  readonly nowMs: number;
  /** The time as answers carry it. */
  readonly date: string;
  /** Whether who was just told has to wait with what they ask; if so, `goOn` is called later. */
  putsOff(connection: Connection): boolean;
  /** Whether a request may be begun now; if not, `goOn` is called in a later turn. */
  mayBegin(connection: Connection): boolean;
  begun(request: HttpRequest, exchange: Exchange): void;
  ended(): void;
  /** The answer that a refusal becomes. */
  problem(refusal: Refusal): Answer;
}

const nothing = new Uint8Array();
const letterG = 0x47;
/** What a rest may keep in memory beside itself before it is copied: a slab of small buffers. */
const spareBytesMax = 8 * 1024;
const goOnSending = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n');
/** Lines so far. With a control character, or half of a line break, it never becomes a head. */
const linesSoFar = /^(?:[\t -~\x80-\xff]*\r\n)*[\t -~\x80-\xff]*\r?$/;
const noHead = refuse('BAD_REQUEST', 'This is no request of HTTP/1.1');
const tooLongHead = refuse(
  'TOO_LARGE',
  `The head of the request is longer than ${limits.headBytesMax} bytes`,
);
const tooLongBody = refuse('TOO_LARGE', `The body is larger than ${limits.bodyBytesMax} bytes`);

export class Connection {
  readonly #socket: Socket;
  readonly #host: Host;
  /** When it is ended unless something happens, in the host's time. */
  deadlineMs: number;
  /** Whether it waits for its turn to go on. Set and cleared by the host. */
  isQueued = false;
  #peer = '';
  /** The header fields of an earlier request: those of the next are usually the same. */
  #fields: HeaderFields | null = null;
  /** Bytes that came and are not read yet. */
  #received: Buffer | null = null;
  /** A head whose body is still coming, and what has come of it. */
  #head: Head | null = null;
  #body: ChunkedBody | Gathered | null = null;
  /** The request that waits for its answer. */
  #exchange: ConnectionExchange | null = null;
  /** The part of an answer that the network did not take yet. */
  #unsent: Uint8Array | null = null;
  /** Whether that is the answer to a request, which is under way until all of it is sent. */
  #isAnswering = false;
  /** Whether the last answer was one that had been waited for. */
  #wasTold = false;
  #state: 'open' | 'ending' | 'closed' = 'open';
  #isPaused = false;
  #isGoingOn = false;

  constructor(socket: Socket, host: Host) {
    this.#socket = socket;
    this.#host = host;
    this.deadlineMs = host.nowMs + limits.headMsMax;
  }

  /** The network address at the other end; empty when nobody asked before it was gone. */
  get peer(): string {
    if (this.#peer === '' && this.#state !== 'closed') this.#peer = this.#socket.remoteAddress;
    return this.#peer;
  }

  /** Refuses the connection itself: what it is told is all that it gets. */
  turnAway(refusal: Refusal): void {
    const answer = this.#host.problem(refusal);
    this.#state = 'closed';
    this.#socket.write(answer.bytesOf(this.#host.date, { isLast: true, hasBody: true }));
    this.#socket.end();
  }

  /** Bytes have come. */
  took(bytes: Buffer): void {
    // After the last answer whatever still comes is read and dropped: a connection that is closed
    // upon unread bytes is reset, and the answer may be lost with it.
    if (this.#state !== 'open') return;
    this.#received = this.#received === null ? bytes : Buffer.concat([this.#received, bytes]);
    const wasTold = this.#wasTold;
    this.#wasTold = false;
    // Only a GET, which changes nothing: who says something does not wait for everybody.
    if (wasTold && bytes[0] === letterG && this.#host.putsOff(this)) return;
    this.goOn();
  }

  /** The network takes bytes again. */
  drained(): void {
    const unsent = this.#unsent;
    if (unsent === null || this.#state === 'closed') return;
    this.#unsent = null;
    if (!this.#write(unsent)) return;
    const exchange = this.#exchange;
    if (exchange !== null) this.deadlineMs = Number.POSITIVE_INFINITY;
    this.#endAnswering();
    if (this.#state === 'ending') this.#shutDown();
    else this.goOn();
    if (this.#exchange === exchange) exchange?.watcher?.caughtUp?.();
  }

  /** The connection is gone, from whichever end. */
  closed(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#received = null;
    this.#unsent = null;
    this.#endAnswering();
    const exchange = this.#exchange;
    if (exchange === null) return;
    this.#exchange = null;
    this.#host.ended();
    exchange.watcher?.hungUp();
  }

  #endAnswering(): void {
    if (!this.#isAnswering) return;
    this.#isAnswering = false;
    this.#host.ended();
  }

  /** Its deadline is over: whoever is at the other end sends nothing, or reads nothing. */
  expire(): void {
    this.#socket.terminate();
  }

  /** Reads what has come, as far as requests can be begun. */
  goOn(): void {
    if (this.#isGoingOn) return;
    this.#isGoingOn = true;
    while (this.#state === 'open' && !this.#isBusy() && this.#advance());
    this.#isGoingOn = false;
    if (this.#state === 'open') this.#keepRest();
  }

  /** Answers the request that waits. */
  reply(exchange: ConnectionExchange, answer: Answer): void {
    if (this.#exchange !== exchange) return;
    this.#exchange = null;
    this.#wasTold = exchange.watcher !== null;
    const { isLast, hasBody } = exchange;
    const { date } = this.#host;
    const isUsual = !isLast && hasBody;
    const bytes = isUsual ? answer.bytes(date) : answer.bytesOf(date, { isLast, hasBody });
    this.#finish(bytes, isLast);
  }

  /** Begins an answer whose body comes in parts. */
  open(exchange: ConnectionExchange, head: Answer): void {
    this.send(exchange, head.headOf(this.#host.date, exchange.isLast));
  }

  /** Sends a part of an answer that goes on. Who does not read what there is gets no more. */
  send(exchange: ConnectionExchange, part: Uint8Array): void {
    if (this.#exchange !== exchange) return;
    this.#write(part);
    if ((this.#unsent?.length ?? 0) > limits.streamUnreadBytesMax) this.expire();
  }

  isBehind(exchange: ConnectionExchange): boolean {
    return this.#exchange === exchange && this.#unsent !== null;
  }

  /** Sends the last part of an answer. */
  sendLastOf(exchange: ConnectionExchange, part: Uint8Array): void {
    if (this.#exchange !== exchange) return;
    this.#exchange = null;
    this.#finish(part, exchange.isLast);
  }

  /** Sends the end of an answer, after which the next request is read. */
  #finish(bytes: Uint8Array, isLast: boolean): void {
    this.deadlineMs = this.#host.nowMs + limits.idleMsMax;
    if (isLast) this.#sendLast(bytes);
    else this.#write(bytes);
    // A server that stops waits until the network has taken the whole answer.
    if (this.#unsent === null) this.#host.ended();
    else this.#isAnswering = true;
    if (this.#unsent === null && this.#received !== null) this.goOn();
  }

  #isBusy(): boolean {
    return this.#exchange !== null || this.#unsent !== null || this.isQueued;
  }

  /** Takes one step. False when it needs more bytes, or another turn. */
  #advance(): boolean {
    if (this.#head === null) return this.#readHead();
    if (this.#body !== null) return this.#readBody(this.#head, this.#body);
    return this.#begin(this.#head, nothing);
  }

  #readHead(): boolean {
    const received = this.#received;
    if (received === null) return false;
    const window = Math.min(received.length, limits.headBytesMax);
    const seen = received.toString('latin1', 0, window);
    const end = seen.indexOf('\r\n\r\n');
    if (end === -1) {
      if (received.length >= limits.headBytesMax) return this.#refuse(tooLongHead);
      if (!linesSoFar.test(seen)) return this.#refuse(noHead);
      // Counted from its first byte: what comes later is no reason to wait longer.
      this.deadlineMs = Math.min(this.deadlineMs, this.#host.nowMs + limits.headMsMax);
      return false;
    }
    this.#skip(end + 4);
    // A part of a text keeps all of it in memory, and a head may be kept for long.
    const isAll = end + 4 === window;
    const text = isAll ? seen.slice(0, end) : received.toString('latin1', 0, end);
    const read = readHead(text, this.#fields);
    if (!read.ok) return this.#refuse(read);
    const { head } = read;
    const isKept = head.fields.body === 0 && end <= limits.keptHeadBytesMax;
    if (isKept) this.#fields = head.fields;
    if (head.fields.body !== 0) {
      if (head.fields.body === 'chunked') this.#body = new ChunkedBody();
      else if (head.fields.body > limits.bodyBytesMax) return this.#refuse(tooLongBody);
      else this.#body = new Gathered();
      this.deadlineMs = this.#host.nowMs + limits.bodyMsMax;
      if (head.expectsContinue && this.#received === null) this.#write(goOnSending);
    }
    this.#head = head;
    return true;
  }

  #readBody(head: Head, body: ChunkedBody | Gathered): boolean {
    const received = this.#received;
    if (received !== null) {
      const taken = body instanceof Gathered ? gather(head, body, received) : body.take(received);
      if (typeof taken === 'object') return this.#refuse(taken);
      this.#skip(taken);
    }
    return isWhole(head, body) && this.#begin(head, body.bytes());
  }

  #begin(head: Head, body: Uint8Array): boolean {
    if (!this.#host.mayBegin(this)) return false;
    this.#head = null;
    this.#body = null;
    const { method, target, fields, isLast } = head;
    const exchange = new ConnectionExchange(this, isLast, method !== 'HEAD');
    this.#exchange = exchange;
    // How long a request may wait is for whoever lets it wait to say.
    this.deadlineMs = Number.POSITIVE_INFINITY;
    this.#host.begun({ method, target, fields, body }, exchange);
    return true;
  }

  /** Answers what is no request. Where the next would begin cannot be told, so it is the end. */
  #refuse(refusal: Refusal): false {
    const answer = this.#host.problem(refusal);
    this.#sendLast(answer.bytesOf(this.#host.date, { isLast: true, hasBody: true }));
    return false;
  }

  #sendLast(bytes: Uint8Array): void {
    this.#state = 'ending';
    this.#received = null;
    this.#pauseIf(false);
    if (this.#write(bytes)) this.#shutDown();
  }

  #shutDown(): void {
    if (this.#state === 'closed') return;
    this.deadlineMs = this.#host.nowMs + limits.lingerMs;
    this.#socket.shutdown();
  }

  /** Writes what the network takes, and keeps the rest. Whether everything was taken. */
  #write(bytes: Uint8Array): boolean {
    if (this.#unsent !== null) {
      this.#unsent = Buffer.concat([this.#unsent, bytes]);
      return false;
    }
    const written = this.#socket.write(bytes);
    if (written === bytes.length) return true;
    if (written >= 0) this.#unsent = written === 0 ? bytes : bytes.subarray(written);
    // A reader that takes nothing at all for so long does not read.
    this.deadlineMs = this.#host.nowMs + limits.idleMsMax;
    return false;
  }

  #skip(count: number): void {
    const received = this.#received;
    if (received !== null) {
      this.#received = count === received.length ? null : received.subarray(count);
    }
  }

  /** Who sends more than a request's worth behind one that waits is read on when it is answered. */
  #keepRest(): void {
    const rest = this.#received;
    this.#pauseIf(rest !== null && rest.length >= limits.pipelinedBytesMax && this.#isBusy());
    // What is read at once can be half a megabyte, and a part of it keeps all of it in memory.
    if (rest !== null && rest.buffer.byteLength > 2 * rest.length + spareBytesMax) {
      this.#received = Buffer.allocUnsafeSlow(rest.length);
      rest.copy(this.#received);
    }
  }

  #pauseIf(isFull: boolean): void {
    if (this.#isPaused === isFull) return;
    this.#isPaused = isFull;
    if (isFull) this.#socket.pause();
    else this.#socket.resume();
  }
}

/** A request on its way: it knows its connection, and nothing of what was asked. */
export class ConnectionExchange implements Exchange, Channel {
  watcher: Watcher | null = null;
  readonly isLast: boolean;
  readonly hasBody: boolean;
  readonly #connection: Connection;

  constructor(connection: Connection, isLast: boolean, hasBody: boolean) {
    this.#connection = connection;
    this.isLast = isLast;
    this.hasBody = hasBody;
  }

  get peer(): string {
    return this.#connection.peer;
  }

  get isBehind(): boolean {
    return this.#connection.isBehind(this);
  }

  reply(answer: Answer): void {
    this.#connection.reply(this, answer);
  }

  stream(head: Answer): Stream {
    this.#connection.open(this, head);
    return new Stream(this, !this.isLast);
  }

  // A HEAD is answered with the head alone.
  send(part: Uint8Array): void {
    if (this.hasBody) this.#connection.send(this, part);
  }

  sendLast(part: Uint8Array): void {
    this.#connection.sendLastOf(this, this.hasBody ? part : nothing);
  }
}

/** Takes what belongs to a body of a known length. Returns how many bytes that was. */
function gather(head: Head, body: Gathered, received: Buffer): number {
  const part = received.subarray(0, Number(head.fields.body) - body.length);
  body.add(part);
  return part.length;
}

function isWhole(head: Head, body: ChunkedBody | Gathered): boolean {
  return body instanceof Gathered ? body.length === head.fields.body : body.isWhole;
}
