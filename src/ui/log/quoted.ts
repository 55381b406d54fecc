/** The messages that others answer. What is not among the lines is read once, and then followed. */
import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { amended } from '../../copy/amended.ts';
import type { Copy } from '../../copy/copy.ts';
import type { Message, Seq } from '../../protocol/entries.ts';
import { upToDate } from '../reading/up-to-date.ts';

/** Messages kept that nobody shows any more; the ones shown last go last. */
const restingMax = 500;

/** `gone`: there is no such message. `missing`: it could not be read, and is asked for again. */
export type Quote = Message | 'loading' | 'gone' | 'missing';

type Asked = Pick<Copy, 'read' | 'state' | 'on'>;

export class Quoted {
  readonly #client: Asked;
  readonly #kept = new Map<Seq, Signal<Quote>>();
  readonly #resting = new Set<Seq>();

  constructor(client: Asked) {
    this.#client = client;
    client.on('entry', (entry) => {
      if (!('of' in entry)) return;
      const quote = this.#kept.get(entry.of);
      const known = quote?.peek();
      if (quote && known && typeof known !== 'string') quote.value = amended(known, entry);
    });
    client.on('missed', () => {
      for (const seq of this.#resting) this.#kept.delete(seq);
      this.#resting.clear();
      for (const [seq, quote] of this.#kept) this.#look(seq, quote);
    });
    // A connection that was lost is found again.
    client.on('status', ({ kind }) => {
      if (kind !== 'live') return;
      for (const [seq, quote] of this.#kept) if (quote.peek() === 'missing') this.#look(seq, quote);
    });
  }

  /** A message, as it stands now. */
  of(seq: Seq): ReadonlySignal<Quote> {
    const kept = this.#kept.get(seq);
    // Whoever shows it anew has it asked for again.
    if (kept && (kept.peek() !== 'missing' || !this.#resting.has(seq))) return kept;
    const quote = signal<Quote>('loading', {
      watched: () => this.#resting.delete(seq),
      unwatched: () => this.#rest(seq),
    });
    this.#kept.set(seq, quote);
    this.#rest(seq);
    this.#look(seq, quote);
    return quote;
  }

  #rest(seq: Seq): void {
    this.#resting.add(seq);
    for (const old of this.#resting) {
      if (this.#resting.size <= restingMax) break;
      this.#resting.delete(old);
      this.#kept.delete(old);
    }
  }

  #look(seq: Seq, quote: Signal<Quote>): void {
    const line = this.#client.state.lines.findLast((line) => 'seq' in line && line.seq === seq);
    const isShown = line?.type === 'message';
    quote.value = isShown ? line : 'loading';
    if (!isShown) void this.#read(seq, quote);
  }

  async #read(seq: Seq, quote: Signal<Quote>): Promise<void> {
    const after = (seq - 1) as Seq;
    const page = await upToDate(this.#client, () => this.#client.read({ after, limit: 1 }));
    if (!page.ok) quote.value = 'missing';
    else quote.value = page.messages.find((message) => message.seq === seq) ?? 'gone';
  }
}
