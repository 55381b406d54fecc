/** What is connected to the room's port: requests under way, and what becomes of them. */
import type { Clock } from '../../src/supervisor/clock.ts';
import type { ListenerSpec } from '../../src/web/listener.ts';

export interface Heard {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

interface Exchange {
  readonly cut: () => void;
}

export class Connections {
  readonly #clock: Clock;
  readonly #answer: ListenerSpec['answer'];
  readonly #underWay = new Set<Exchange>();
  #whenIdle: () => void = () => undefined;
  #isClosed = false;

  constructor(clock: Clock, answer: ListenerSpec['answer']) {
    this.#clock = clock;
    this.#answer = answer;
  }

  /** Hands a request to the room. `cut`: the connection ended before there was an answer. */
  take(request: Request, peer: string, heard: (heard: Heard) => void, cut: () => void): void {
    if (this.#isClosed) return cut();
    const exchange = { cut };
    this.#underWay.add(exchange);
    void this.#exchange(request, peer).then((answer) => {
      if (!this.#underWay.delete(exchange)) return;
      heard(answer);
      if (this.#underWay.size === 0) this.#whenIdle();
    });
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

  async #exchange(request: Request, peer: string): Promise<Heard> {
    const response = await this.#answer(request, peer);
    const { status, headers } = response;
    return { status, headers: new Headers(headers), text: await response.text() };
  }
}
