/**
 * Where the reader is among the messages. At the end the page follows what is said; anywhere else
 * the lines that the reader looks at stay where they are, whatever comes before or after them.
 * Browsers can hold lines in place themselves, but not all of them do, so here nothing relies on
 * it.
 */
import { signal, type ReadonlySignal } from '@preact/signals';

/** A line and how far below the upper edge it stands, in pixels; or the end. */
type Place = { readonly line: Element; readonly topPx: number } | 'end';

/** So near to the end counts as being there: less than a line. */
const slackPx = 24;

export class Reading {
  readonly #isAtEnd = signal(true);
  #box: HTMLElement | null = null;
  #place: Place = 'end';
  /** The heights of what is scrolled and of the box, when it was last known where the reader is. */
  #heights = '';

  get isAtEnd(): ReadonlySignal<boolean> {
    return this.#isAtEnd;
  }

  /** Reads in a box that scrolls a list of lines. The answer ends it. */
  attach(box: HTMLElement, list: HTMLElement): () => void {
    this.#box = box;
    // The box shrinks when a keyboard opens, the list grows when a font arrives late.
    const sizes = new ResizeObserver(() => {
      if (this.#isAtEnd.peek()) this.toEnd();
    });
    sizes.observe(box);
    sizes.observe(list);
    this.toEnd();
    return () => {
      sizes.disconnect();
      this.#box = null;
    };
  }

  /** Whether everything is in sight, so that nobody can scroll to what is older. */
  isWhole(): boolean {
    return this.#box !== null && this.#box.scrollHeight <= this.#box.clientHeight;
  }

  /** The box was scrolled, by the reader or by us. */
  scrolled(): void {
    const box = this.#box;
    if (box === null) return;
    // The event comes late. When something grew meanwhile, the end moved away from the reader and
    // not the reader from the end.
    if (this.#isAtEnd.peek() && this.#heights !== heightsOf(box)) return this.toEnd();
    this.#heights = heightsOf(box);
    this.#isAtEnd.value = box.scrollHeight - box.scrollTop - box.clientHeight <= slackPx;
  }

  toEnd(): void {
    this.#isAtEnd.value = true;
    if (this.#box === null) return;
    this.#heights = heightsOf(this.#box);
    this.#box.scrollTo({ top: this.#box.scrollHeight, behavior: 'instant' });
  }

  /** Before the lines change: remembers where the reader is. */
  remember(): void {
    this.#place = this.#isAtEnd.peek() ? 'end' : (this.#firstInSight() ?? 'end');
  }

  /** After the lines have changed: puts the reader there again. */
  restore(): void {
    if (this.#place === 'end') return this.toEnd();
    const { line, topPx } = this.#place;
    if (this.#box !== null && line.isConnected) this.#box.scrollTop += this.#topOf(line) - topPx;
  }

  /** The uppermost message in sight. Other rows may merge or move when older ones arrive. */
  #firstInSight(): Place | null {
    const messages = this.#box?.querySelectorAll('.said') ?? [];
    let [low, high] = [0, messages.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const bottomPx = messages[middle]?.getBoundingClientRect().bottom ?? 0;
      if (bottomPx > (this.#box?.getBoundingClientRect().top ?? 0)) high = middle;
      else low = middle + 1;
    }
    const line = messages[low];
    return line === undefined ? null : { line, topPx: this.#topOf(line) };
  }

  #topOf(line: Element): number {
    return line.getBoundingClientRect().top - (this.#box?.getBoundingClientRect().top ?? 0);
  }
}

function heightsOf({ scrollHeight, clientHeight }: HTMLElement): string {
  return `${scrollHeight}/${clientHeight}`;
}
