/** A search in what was said: its words, and what was found for them, newest first. */
import { signal, type ReadonlySignal } from '@preact/signals';
import { amended } from '../../copy/amended.ts';
import type { Failure } from '../../client/answer.ts';
import type { Copy } from '../../copy/copy.ts';
import type { Message } from '../../protocol/entries.ts';

/** Messages at once: more than anybody reads without looking up. */
const pageSize = 30;

/** What a search came to. `words` are those it was for, which the reader may have changed since. */
export interface Found {
  readonly words: string;
  readonly messages: readonly Message[];
  readonly hasMore: boolean;
}

const searches = new WeakMap<Copy, Search>();

/** The one search in a room: it is there again when its panel is opened again. */
export function searchIn(client: Copy): Search {
  const search = searches.get(client) ?? new Search(client);
  searches.set(client, search);
  return search;
}

class Search {
  /** What stands in the field. */
  readonly words = signal('');
  readonly #client: Pick<Copy, 'search' | 'on'>;
  readonly #found = signal<Found | null>(null);
  readonly #state = signal<'ready' | 'looking' | Failure>('ready');
  /** Counts what was asked, so that only the last is heard. */
  #asked = 0;

  constructor(client: Pick<Copy, 'search' | 'on'>) {
    this.#client = client;
    client.on('entry', (entry) => {
      const found = this.#found.peek();
      if (!('of' in entry) || found === null) return;
      const at = found.messages.findIndex(({ seq }) => seq === entry.of);
      const message = found.messages[at];
      if (message === undefined) return;
      const messages = found.messages.with(at, amended(message, entry));
      this.#found.value = { ...found, messages: messages.filter(({ deleted }) => !deleted) };
    });
    client.on('reset', () => this.clear());
  }

  get found(): ReadonlySignal<Found | null> {
    return this.#found;
  }

  get state(): ReadonlySignal<'ready' | 'looking' | Failure> {
    return this.#state;
  }

  clear(): void {
    this.#asked += 1;
    this.#found.value = null;
    this.#state.value = 'ready';
  }

  /** Looks for what stands in the field. */
  look(): void {
    const words = this.words.peek().trim();
    if (words === '') return this.clear();
    void this.#read({ words, messages: [], hasMore: true });
  }

  /** Looks for older messages with the same words. */
  more(): void {
    const found = this.#found.peek();
    if (found !== null && this.#state.peek() !== 'looking') void this.#read(found);
  }

  async #read({ words, messages }: Found): Promise<void> {
    const asked = ++this.#asked;
    this.#state.value = 'looking';
    const oldest = messages.at(-1)?.seq;
    const page = await this.#client.search(words, {
      limit: pageSize,
      ...(oldest !== undefined && { before: oldest }),
    });
    if (asked !== this.#asked) return;
    this.#state.value = page.ok ? 'ready' : page;
    if (!page.ok) return;
    const older = page.entries.filter((entry) => entry.type === 'message').reverse();
    this.#found.value = { words, messages: [...messages, ...older], hasMore: page.more };
  }
}
