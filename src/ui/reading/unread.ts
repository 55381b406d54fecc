/** How far the reader has seen what others say, and where the divider before the rest stands. */
import { effect, signal, type ReadonlySignal } from '@preact/signals';
import type { Copy } from '../../copy/copy.ts';
import type { Message, Seq } from '../../protocol/entries.ts';
import { rememberedSeen, rememberSeen } from '../browser/storage.ts';
import type { Reading } from './reading.ts';

export class Unread {
  /** Whether the divider is further up than the view. */
  readonly isAbove = signal(false);
  readonly #first = signal<Seq | null>(null);
  readonly #client: Pick<Copy, 'state' | 'on' | 'subscribe'>;
  readonly #reading: Pick<Reading, 'isAtEnd'>;
  /** The newest message that stood before the reader's eyes. */
  #seen = rememberedSeen() as Seq;
  #isResumed = false;

  constructor(client: Pick<Copy, 'state' | 'on' | 'subscribe'>, reading: Pick<Reading, 'isAtEnd'>) {
    this.#client = client;
    this.#reading = reading;
    client.on('entry', (entry) => {
      if (entry.type === 'message') this.#heard(entry);
    });
    client.on('reset', () => {
      this.#seen = 0 as Seq;
      this.#first.value = null;
    });
    client.subscribe(() => this.#resume());
    effect(() => {
      if (reading.isAtEnd.value) this.#look();
    });
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) rememberSeen(this.#seen);
      else this.#look();
    });
    addEventListener('pagehide', () => rememberSeen(this.#seen));
  }

  /**
   * The first message that came while the reader was away. The divider stays while they read on
   * from it, and goes when they say something or when there is something newer to mark.
   */
  get first(): ReadonlySignal<Seq | null> {
    return this.#first;
  }

  /** The first lines after a reload: what came since the last visit is new. */
  #resume(): void {
    if (this.#isResumed) return;
    const messages = this.#client.state.lines.filter(isMessage);
    const newest = messages.at(-1);
    if (newest === undefined) return;
    this.#isResumed = true;
    // A number beyond the newest is of another history.
    if (this.#seen > 0 && this.#seen < newest.seq) {
      const unseen = messages.find((message) => message.seq > this.#seen && !this.#isOurs(message));
      this.#first.value = unseen?.seq ?? null;
    }
    this.#look();
  }

  #heard(message: Message): void {
    if (this.#isOurs(message)) this.#first.value = null;
    else if (!this.#isLooking()) {
      const first = this.#first.peek();
      if (first === null || first <= this.#seen) this.#first.value = message.seq;
      return;
    }
    if (this.#isLooking() && message.seq > this.#seen) this.#seen = message.seq;
  }

  #look(): void {
    const newest = this.#client.state.lines.findLast(isMessage);
    if (newest !== undefined && this.#isLooking()) this.#seen = newest.seq;
  }

  #isLooking(): boolean {
    return !document.hidden && this.#reading.isAtEnd.peek();
  }

  #isOurs({ by }: Message): boolean {
    return by.id === this.#client.state.you?.id;
  }
}

function isMessage(line: { readonly type: string }): line is Message {
  return line.type === 'message';
}
