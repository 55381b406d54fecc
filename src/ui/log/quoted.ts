/** The messages that others answer. What is not among the lines is read once, and then kept. */
import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { amended } from '../../copy/amended.ts';
import type { Copy } from '../../copy/copy.ts';
import type { Message, Seq } from '../../protocol/entries.ts';

/** Messages kept; the ones asked for first go first. */
const keptMax = 500;

/** `gone`: it cannot be had. */
export type Quote = Message | 'loading' | 'gone';

export class Quoted {
  readonly #client: Pick<Copy, 'read' | 'state' | 'on'>;
  readonly #kept = new Map<Seq, Signal<Quote>>();

  constructor(client: Pick<Copy, 'read' | 'state' | 'on'>) {
    this.#client = client;
    client.on('entry', (entry) => {
      if (!('of' in entry)) return;
      const quote = this.#kept.get(entry.of);
      if (quote && typeof quote.value !== 'string') quote.value = amended(quote.value, entry);
    });
    client.on('reset', () => this.#kept.clear());
  }

  /** A message, as it stands now. */
  of(seq: Seq): ReadonlySignal<Quote> {
    const kept = this.#kept.get(seq);
    if (kept) return kept;
    const quote = signal<Quote>(this.#shown(seq) ?? 'loading');
    this.#kept.set(seq, quote);
    for (const old of this.#kept.keys()) {
      if (this.#kept.size <= keptMax) break;
      this.#kept.delete(old);
    }
    if (quote.peek() === 'loading') void this.#read(seq, quote);
    return quote;
  }

  #shown(seq: Seq): Message | undefined {
    const line = this.#client.state.lines.findLast((line) => 'seq' in line && line.seq === seq);
    return line?.type === 'message' ? line : undefined;
  }

  async #read(seq: Seq, quote: Signal<Quote>): Promise<void> {
    const page = await this.#client.read({ after: (seq - 1) as Seq, limit: 1 });
    const [entry] = page.ok ? page.entries : [];
    quote.value = entry?.type === 'message' && entry.seq === seq ? entry : 'gone';
    // A connection that was lost may be found again: whoever looks next asks once more.
    if (!page.ok) this.#kept.delete(seq);
  }
}
