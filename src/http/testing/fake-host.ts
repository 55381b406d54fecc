import { problemOf, type Refusal } from '../../protocol/errors.ts';
import { Answer } from '../answer.ts';
import { Connection, type Host } from '../connection.ts';
import type { Exchange, HttpRequest } from '../request.ts';
import { FakeSocket } from './fake-socket.ts';

/** A request as a test compares it. */
export interface Asked {
  readonly method: string;
  readonly target: string;
  readonly body: string;
}

/** The listener of a connection in a test: it remembers what was begun, and answers if told to. */
export class FakeHost implements Host {
  nowMs = 1_000;
  readonly date = 'Thu, 01 Jan 1970 00:00:01 GMT';
  readonly asked: Asked[] = [];
  readonly requests: HttpRequest[] = [];
  readonly exchanges: Exchange[] = [];
  readonly queued: Connection[] = [];
  /** Whether many are being told something. */
  isTelling = false;
  /** Requests that are begun and not ended. */
  underWay = 0;
  /** How many more may be begun in this turn. */
  left = Number.POSITIVE_INFINITY;
  /** How a request is answered at once; null to let it wait. */
  answers: ((request: HttpRequest) => Answer) | null = null;

  /** A connection of this host, and the socket under it. */
  connect(): { readonly connection: Connection; readonly socket: FakeSocket } {
    const socket = new FakeSocket();
    return { connection: new Connection(socket, this), socket };
  }

  putsOff(connection: Connection): boolean {
    if (!this.isTelling) return false;
    this.queued.push(connection);
    connection.isQueued = true;
    return true;
  }

  mayBegin(connection: Connection): boolean {
    if (this.left > 0) {
      this.left--;
      return true;
    }
    if (!connection.isQueued) this.queued.push(connection);
    connection.isQueued = true;
    return false;
  }

  /** The next turn, in which so many may be begun. */
  turn(left: number): void {
    this.left = left;
    for (const connection of this.queued.splice(0)) {
      connection.isQueued = false;
      connection.goOn();
    }
  }

  begun(request: HttpRequest, exchange: Exchange): void {
    this.underWay++;
    const { method, target, body } = request;
    this.asked.push({ method, target, body: Buffer.from(body).toString('latin1') });
    this.requests.push(request);
    this.exchanges.push(exchange);
    if (this.answers !== null) exchange.reply(this.answers(request));
  }

  ended(): void {
    this.underWay--;
  }

  problem(refusal: Refusal): Answer {
    const problem = problemOf(refusal);
    return new Answer(problem.status, {}, refusal.code);
  }
}

/** An answer that says which request it is for. */
export function echo({ method, target, body }: HttpRequest): Answer {
  return new Answer(200, {}, `${method} ${target} ${Buffer.from(body).toString('latin1')}`);
}

/** One answer in what was sent. */
export interface Sent {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Takes what was sent apart. Throws when it is no row of whole answers. */
export function answersIn(sent: string): Sent[] {
  const found: Sent[] = [];
  for (let rest = sent; rest !== '';) {
    const end = rest.indexOf('\r\n\r\n');
    const head = rest.slice(0, end + 4);
    const status = Number(/^HTTP\/1\.1 (\d{3}) [A-Z][A-Za-z ]*\r\n/.exec(head)?.[1]);
    if (end === -1 || Number.isNaN(status)) throw new Error(`No whole answer: "${rest}"`);
    const length = Number(/\r\nContent-Length: (\d+)\r\n/.exec(head)?.[1] ?? 0);
    const body = rest.slice(end + 4, end + 4 + length);
    if (body.length < length) throw new Error(`Half an answer: "${rest}"`);
    found.push({ status, head, body });
    rest = rest.slice(end + 4 + length);
  }
  return found;
}
