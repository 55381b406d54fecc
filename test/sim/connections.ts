/** What is connected to the room's port: requests under way, and what becomes of them. */
import type { Clock } from '../../src/supervisor/clock.ts';
import type { Answer } from '../../src/http/answer.ts';
import type { ListenerSpec } from '../../src/http/listener.ts';
import type { Exchange, HttpRequest, Watcher } from '../../src/http/request.ts';

export interface Heard {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export class Connections {
  readonly #clock: Clock;
  readonly #answer: ListenerSpec['answer'];
  readonly #underWay = new Set<UnderWay>();
  #whenIdle: () => void = () => undefined;
  #isClosed = false;

  constructor(clock: Clock, answer: ListenerSpec['answer']) {
    this.#clock = clock;
    this.#answer = answer;
  }

  /**
   * Hands a request to the room. `cut`: the connection ended before there was an answer. What is
   * returned ends the connection from the client's side, and tells whether it had no answer yet.
   */
  take(
    request: HttpRequest,
    peer: string,
    heard: (heard: Heard) => void,
    cut: () => void,
  ): () => boolean {
    if (this.#isClosed) {
      cut();
      return () => false;
    }
    const exchange = new UnderWay(peer, cut, (answer) => {
      if (!this.#underWay.delete(exchange)) return;
      heard(heardFrom(answer));
      if (this.#underWay.size === 0) this.#whenIdle();
    });
    this.#underWay.add(exchange);
    this.#answer(request, exchange);
    return () => {
      if (!this.#underWay.delete(exchange)) return false;
      exchange.watcher?.hungUp();
      if (this.#underWay.size === 0) this.#whenIdle();
      return true;
    };
  }

  /** Accepts nothing more, waits for what is under way, and cuts what is still there. */
  async close(graceMs: number): Promise<void> {
    this.#isClosed = true;
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.after(graceMs, resolve);
      this.#whenIdle = () => {
        cancel();
        this.#clock.after(50, resolve);
      };
      if (this.#underWay.size === 0) this.#whenIdle();
    });
    this.cut();
  }

  /** The process is gone. */
  cut(): void {
    this.#isClosed = true;
    const cut = [...this.#underWay];
    this.#underWay.clear();
    for (const exchange of cut) exchange.cut();
  }
}

/** A request that has no answer yet. */
class UnderWay implements Exchange {
  readonly peer: string;
  watcher: Watcher | null = null;
  readonly cut: () => void;
  readonly reply: (answer: Answer) => void;

  constructor(peer: string, cut: () => void, reply: (answer: Answer) => void) {
    this.peer = peer;
    this.cut = cut;
    this.reply = reply;
  }

  stream(): never {
    throw new Error('Nobody here asks for an answer that goes on');
  }
}

function heardFrom({ status, fields, body }: Answer): Heard {
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  return { status, headers: new Headers(fields), text };
}
