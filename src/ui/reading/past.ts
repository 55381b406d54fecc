/**
 * An excursion into what was said long ago: the surroundings of one message, and what is read from
 * there in either direction. Once it reaches what the room shows anyway, the two are one list.
 */
import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { Amendment } from '../../copy/amended.ts';
import { fail, type Answer } from '../../client/answer.ts';
import type { HistoryQuery } from '../../client/client.ts';
import type { Copy } from '../../copy/copy.ts';
import type { Line } from '../../copy/room-state.ts';
import { linesMax } from '../../copy/timeline.ts';
import type { Message, Seq } from '../../protocol/entries.ts';
import { oldestOf, type Excursion } from './excursion.ts';
import { mayLoad, type Loading } from './loading.ts';
import { upToDate, withAmendment, type UpToDate } from './up-to-date.ts';

/** Messages at once: three screens. */
const pageSize = 50;

export type Direction = 'older' | 'newer';

export class Past {
  readonly #client: Pick<Copy, 'read' | 'state' | 'on'>;
  readonly #excursion: Signal<Excursion | null>;
  readonly #loading = { older: signal<Loading>('ready'), newer: signal<Loading>('ready') };
  readonly #inSight: () => Seq | null;
  /** What the room has shown last. */
  #lines: readonly Line[];
  /** Counts what was asked for, so that only the last is heard. */
  #asked = 0;

  /**
   * `excursion` is what is shown of it; null while nothing is. `inSight`: the message that the
   * reader looks at; null at the end of the present.
   */
  constructor(
    client: Pick<Copy, 'read' | 'state' | 'on'>,
    excursion: Signal<Excursion | null>,
    inSight: () => Seq | null,
  ) {
    this.#client = client;
    this.#excursion = excursion;
    this.#inSight = inSight;
    this.#lines = client.state.lines;
    client.on('state', ({ lines }) => this.#follow(lines));
    client.on('entry', (entry) => {
      if ('of' in entry) this.#amend(entry);
    });
    client.on('missed', () => void this.#lookAgain());
    client.on('reset', () => this.close());
  }

  /** Whether something else than the present is shown. */
  readonly isAway: ReadonlySignal<boolean> = computed(
    () => this.#excursion.value?.hasNewer === true,
  );

  readonly isOpen: ReadonlySignal<boolean> = computed(() => this.#excursion.value !== null);

  /** Whether there is more in a direction that was not read yet. */
  readonly hasMore: Readonly<Record<Direction, ReadonlySignal<boolean>>> = {
    older: computed(() => this.#excursion.value?.hasOlder === true),
    newer: this.isAway,
  };

  loading(direction: Direction): ReadonlySignal<Loading> {
    return this.#loading[direction];
  }

  /**
   * Reads the surroundings of a message, and shows them when it is still there. What nobody wants
   * any more once it comes is dropped.
   */
  async open(seq: Seq, isWanted = (): boolean => true): Promise<Answer> {
    const asked = ++this.#asked;
    const page = await this.#read({ around: seq, limit: pageSize });
    if (asked !== this.#asked || !isWanted()) return { ok: true };
    if (!page.ok) return page;
    const { messages } = page;
    if (!messages.some((message) => message.seq === seq)) {
      return fail('NOT_FOUND', 'This message is not there', 404);
    }
    this.#loading.older.value = 'ready';
    this.#loading.newer.value = 'ready';
    const newest = messages.at(-1)?.seq ?? seq;
    this.#show({
      messages,
      readTo: newest,
      // The page does not say in which direction there is more. The next one does.
      hasOlder: (messages[0]?.seq ?? 0) > 1,
      hasNewer: newest < oldestOf(this.#client.state.lines) - 1,
    });
    return { ok: true };
  }

  /** Reads on. After a failure only who asks `again` is heard. */
  load(direction: Direction, again?: 'again'): void {
    const state = this.#loading[direction];
    const hasMore = this.hasMore[direction].peek();
    if (hasMore && mayLoad(state.peek(), again)) void this.#readOn(direction);
  }

  /** Back to the present. */
  close(): void {
    this.#asked += 1;
    this.#excursion.value = null;
  }

  /**
   * What is shown may have been changed or deleted, and nobody has told: what the reader looks at
   * is read again. What cannot be read again is shown no more.
   */
  async #lookAgain(): Promise<void> {
    if (!this.isOpen.peek()) return;
    const seq = this.#inSight();
    // The room sees to what it shows itself.
    if (seq === null || seq >= oldestOf(this.#client.state.lines)) return this.close();
    const answer = await this.open(seq);
    if (!answer.ok) this.close();
  }

  async #readOn(direction: Direction): Promise<void> {
    const was = this.#excursion.peek();
    if (was === null) return;
    const state = this.#loading[direction];
    state.value = 'loading';
    const asked = this.#asked;
    const [first] = was.messages;
    const page = await this.#read(
      direction === 'older'
        ? { before: first?.seq ?? was.readTo, limit: pageSize }
        : { after: was.readTo, limit: pageSize },
    );
    const now = this.#excursion.peek();
    state.value = page.ok ? 'ready' : page;
    // It may have been closed meanwhile, or another one opened, or its beginning moved.
    if (!page.ok || now === null || asked !== this.#asked) return;
    if (now.messages[0]?.seq !== first?.seq) return;
    if (direction === 'older') {
      const messages = [...page.messages, ...now.messages];
      const cut = messages.slice(0, linesMax);
      const isCut = cut.length < messages.length;
      this.#excursion.value = {
        messages: cut,
        readTo: isCut ? (cut.at(-1)?.seq ?? now.readTo) : now.readTo,
        hasOlder: page.more,
        hasNewer: isCut || now.hasNewer,
      };
      return;
    }
    const readTo = page.last?.seq ?? now.readTo;
    const hasNewer = page.more && readTo < oldestOf(this.#client.state.lines) - 1;
    const messages = [...now.messages, ...page.messages];
    this.#show({ ...now, messages, readTo, hasNewer });
  }

  /** Shows an excursion, less its beginning where it is too long. */
  #show(excursion: Excursion): void {
    const { hasNewer, hasOlder, readTo } = excursion;
    const messages = excursion.messages.slice(-linesMax);
    this.#excursion.value = {
      messages,
      hasNewer,
      hasOlder: hasOlder || messages.length < excursion.messages.length,
      readTo: hasNewer ? readTo : (Math.max(readTo, this.#reached()) as Seq),
    };
  }

  /** Where what the room shows begins, less one; 0 where it shows nothing. */
  #reached(): number {
    const oldest = oldestOf(this.#client.state.lines);
    return oldest === Infinity ? 0 : oldest - 1;
  }

  /**
   * The room drops its oldest lines as new ones come. An excursion that has reached them takes them
   * over, since otherwise there would be a hole that nobody sees. What was dropped because more was
   * missed than can be shown leaves a hole all the same, and the excursion ends.
   */
  #follow(lines: readonly Line[]): void {
    const was = this.#lines;
    this.#lines = lines;
    const excursion = this.#excursion.peek();
    if (excursion === null || excursion.hasNewer) return;
    const { messages, readTo } = excursion;
    const oldest = oldestOf(lines);
    if (oldest <= readTo + 1) return;
    if (!was.some((line) => 'seq' in line && line.seq === oldest)) return this.close();
    const isDropped = (line: Line): line is Message =>
      line.type === 'message' && line.seq > readTo && line.seq < oldest;
    this.#show({ ...excursion, messages: [...messages, ...was.filter(isDropped)] });
  }

  #read(asked: HistoryQuery): Promise<Answer<UpToDate>> {
    return upToDate(this.#client, () => this.#client.read(asked));
  }

  #amend(amendment: Amendment): void {
    const excursion = this.#excursion.peek();
    if (excursion === null) return;
    const messages = withAmendment(excursion.messages, amendment);
    if (messages !== excursion.messages) this.#excursion.value = { ...excursion, messages };
  }
}
