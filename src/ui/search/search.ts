/** A search in what was said: its words, and what was found for them, newest first. */
import { signal, type ReadonlySignal } from '@preact/signals';
import type { Copy } from '../../copy/copy.ts';
import type { Message } from '../../protocol/entries.ts';
import type { Loading } from '../reading/loading.ts';
import { upToDate, withAmendment } from '../reading/up-to-date.ts';

/** Messages at once: more than anybody reads without looking up. */
const pageSize = 30;

/** What a search came to. `words` are those it was for, which the reader may have changed since. */
export interface Results {
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
  readonly #results = signal<Results | null>(null);
  readonly #state = signal<Loading>('ready');
  /** Counts what was asked, so that only the last is heard. */
  #asked = 0;

  constructor(client: Pick<Copy, 'search' | 'on'>) {
    this.#client = client;
    client.on('entry', (entry) => {
      const results = this.#results.peek();
      if (!('of' in entry) || results === null) return;
      const messages = withAmendment(results.messages, entry);
      if (messages !== results.messages) this.#show({ ...results, messages });
    });
    // What was found may be deleted, and nobody has told. Where it is looked at, it is looked for.
    client.on('missed', () => this.clear());
  }

  get results(): ReadonlySignal<Results | null> {
    return this.#results;
  }

  get state(): ReadonlySignal<Loading> {
    return this.#state;
  }

  clear(): void {
    this.#asked += 1;
    this.#results.value = null;
    this.#state.value = 'ready';
  }

  /** Looks for what stands in the field. */
  look(): void {
    const words = this.words.peek().trim();
    if (words === '') return this.clear();
    void this.#read(words, () => []);
  }

  /** Looks for older messages with the same words. */
  more(): void {
    const results = this.#results.peek();
    if (results === null || this.#state.peek() === 'loading') return;
    void this.#read(results.words, () => this.#results.peek()?.messages ?? []);
  }

  /** Reads what is older than what was found before, which may change while this is on its way. */
  async #read(words: string, before: () => readonly Message[]): Promise<void> {
    const asked = ++this.#asked;
    this.#state.value = 'loading';
    const oldest = before().at(-1)?.seq;
    const query = { limit: pageSize, ...(oldest !== undefined && { before: oldest }) };
    const page = await upToDate(this.#client, () => this.#client.search(words, query));
    if (asked !== this.#asked) return;
    this.#state.value = page.ok ? 'ready' : page;
    if (!page.ok) return;
    const messages = [...before(), ...page.messages.toReversed()];
    this.#show({ words, messages, hasMore: page.more });
  }

  #show(results: Results): void {
    const messages = results.messages.filter(({ deleted }) => !deleted);
    this.#results.value = { ...results, messages };
  }
}
