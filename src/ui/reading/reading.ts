/**
 * Where the reader is among the messages. At the end the page follows what is said; anywhere else
 * the message that the reader looks at stays where it is, whatever comes before or after it and
 * whatever grows above it: history, an edit, a reaction, a keyboard that opens. Browsers can hold
 * lines in place themselves, but not all of them do, so here nothing relies on it.
 *
 * Far from the view a stretch of rows is drawn as plain text in a box of the height it had.
 */
import { signal, type ReadonlySignal } from '@preact/signals';
import type { Seq } from '../../protocol/entries.ts';
import type { Stretch } from '../log/stretches.ts';
import { seqIn } from './address.ts';

/** A message and how far below the upper edge it stands, in pixels; or the end. */
type Place = { readonly id: string; readonly topPx: number } | 'end';

/** What a stretch measured when it was last drawn in full. */
interface Measured {
  readonly heightPx: number;
  readonly rows: number;
}

/** So near to the end counts as being there: less than a line. */
const slackPx = 24;
/** Stretches are drawn in full from so many heights of the box above and below it. */
const nearMargin = '150%';

export class Reading {
  readonly #isAtEnd = signal(true);
  readonly #measured = new Map<number, Measured>();
  readonly #watched = new Map<Element, (isNear: boolean, heightPx: number) => void>();
  #nearness: IntersectionObserver | null = null;
  #box: HTMLElement | null = null;
  #list: HTMLElement | null = null;
  #place: Place = 'end';
  /** The heights of what is scrolled and of the box, when it was last known where the reader is. */
  #heights = '';
  /** What is shown ends before the present. */
  #isAway = false;

  get isAtEnd(): ReadonlySignal<boolean> {
    return this.#isAtEnd;
  }

  /** Goes to the end, which is the present: set by whoever shows the past. */
  leavePast: () => void = () => {};

  /** The reader has moved, or what is around them: set by whoever follows that. */
  moved: () => void = () => {};

  /** Reads in a box that scrolls a list of stretches. The answer ends it. */
  attach(box: HTMLElement, list: HTMLElement): () => void {
    this.#box = box;
    this.#list = list;
    // The box shrinks when a keyboard opens, the list grows when something in it does. Told after
    // the layout and before it is painted, so that nobody sees it jump.
    const sizes = new ResizeObserver(() => this.restore());
    sizes.observe(box);
    sizes.observe(list);
    const nearness = new IntersectionObserver(
      (changes) => {
        for (const { target, isIntersecting, boundingClientRect } of changes) {
          this.#watched.get(target)?.(isIntersecting, boundingClientRect.height);
        }
      },
      { root: box, rootMargin: `${nearMargin} 0px` },
    );
    for (const stretch of this.#watched.keys()) nearness.observe(stretch);
    this.#nearness = nearness;
    this.restore();
    return () => {
      sizes.disconnect();
      nearness.disconnect();
      this.#nearness = null;
      this.#box = null;
      this.#list = null;
    };
  }

  /** Tells when a stretch comes near the view or goes far from it. The answer ends it. */
  watch(
    element: Element,
    stretch: () => Stretch,
    isNear: (isNear?: boolean) => boolean,
  ): () => void {
    this.#watched.set(element, (isNow, heightPx) => {
      const { key, rows } = stretch();
      // A height is only worth remembering when it is that of what is drawn in full.
      if (!isNow && isNear()) this.#measured.set(key, { heightPx, rows: rows.length });
      isNear(isNow);
    });
    this.#nearness?.observe(element);
    return () => {
      this.#watched.delete(element);
      this.#nearness?.unobserve(element);
    };
  }

  /** How high a stretch is in full, as far as is known; null when it was never drawn. */
  heightOf({ key, rows }: Stretch): number | null {
    const measured = this.#measured.get(key);
    return measured ? Math.round((measured.heightPx / measured.rows) * rows.length) : null;
  }

  /** The uppermost message in sight, as far as is known; null at the end. */
  inSight(): Seq | null {
    return this.#place === 'end' ? null : seqIn(`#${this.#place.id}`);
  }

  /** Whether everything is in sight, so that nobody can scroll to what is older. */
  isWhole(): boolean {
    return this.#box !== null && this.#box.scrollHeight <= this.#box.clientHeight;
  }

  /** How far what is shown goes on above and below the view, in heights of the view. */
  screens(): { readonly above: number; readonly below: number } {
    const box = this.#box;
    if (box === null || box.clientHeight === 0) return { above: Infinity, below: Infinity };
    const { scrollTop, scrollHeight, clientHeight } = box;
    return {
      above: scrollTop / clientHeight,
      below: (scrollHeight - clientHeight - scrollTop) / clientHeight,
    };
  }

  /** The box was scrolled, by the reader or by us. */
  scrolled(): void {
    const box = this.#box;
    if (box === null) return;
    // The event comes late. When something grew meanwhile, the end moved away from the reader and
    // not the reader from the end.
    if (this.#isAtEnd.peek() && this.#heights !== heightsOf(box)) return this.restore();
    this.#settle(box);
    this.moved();
  }

  /** What is shown ends at the present, or before it. */
  setAway(isAway: boolean): void {
    this.#isAway = isAway;
    if (isAway) this.#isAtEnd.value = false;
  }

  /** To the end of what is said, which is the present. */
  toEnd(): void {
    this.#isAway = false;
    this.#isAtEnd.value = true;
    this.#place = 'end';
    this.leavePast();
    this.restore();
  }

  /**
   * Brings a message into the middle of the view. False when it is not among what is shown. What is
   * around it may have to be drawn in full first, so it is brought there before the next frame.
   */
  bring(seq: Seq, andThen: (row: HTMLElement) => void = () => {}): boolean {
    const id = idOf(seq);
    const row = document.getElementById(id);
    const stretch = row?.closest('.stretch');
    if (!row || !stretch) return false;
    this.#isAtEnd.value = false;
    for (const near of [stretch, stretch.previousElementSibling, stretch.nextElementSibling]) {
      if (near !== null) this.#watched.get(near)?.(true, 0);
    }
    requestAnimationFrame(() => {
      const drawn = document.getElementById(id);
      if (drawn === null || this.#box === null) return;
      drawn.scrollIntoView({ block: 'center', behavior: 'instant' });
      this.#settle(this.#box);
      andThen(drawn);
    });
    return true;
  }

  /** Before the lines change: remembers where the reader is. */
  remember(): void {
    this.#place = this.#isAtEnd.peek() ? 'end' : (this.#firstInSight() ?? 'end');
  }

  /** After something has changed: puts the reader where they were. */
  restore(): void {
    if (this.#box === null) return;
    this.#putBack(this.#box);
    this.moved();
  }

  #putBack(box: HTMLElement): void {
    if (this.#place === 'end') {
      if (this.#isAtEnd.peek()) {
        box.scrollTo({ top: box.scrollHeight, behavior: 'instant' });
        this.#heights = heightsOf(box);
      }
      return;
    }
    const { id, topPx } = this.#place;
    const row = document.getElementById(id);
    if (row === null) return;
    const movedPx = this.#topOf(row) - topPx;
    if (Math.abs(movedPx) >= 1) box.scrollTop += movedPx;
    this.#heights = heightsOf(box);
    // Where all of it is in sight now, nobody can scroll to the end any more.
    if (this.isWhole()) this.#settle(box);
  }

  /** Takes where the box stands for where the reader is. */
  #settle(box: HTMLElement): void {
    this.#heights = heightsOf(box);
    const belowPx = box.scrollHeight - box.scrollTop - box.clientHeight;
    this.#isAtEnd.value = !this.#isAway && belowPx <= slackPx;
    this.remember();
  }

  /**
   * The uppermost message in sight. Other rows may merge or move when older ones arrive. First the
   * stretch is found, since to ask for a row in one that is not drawn would have it laid out.
   */
  #firstInSight(): Place | null {
    const topPx = this.#box?.getBoundingClientRect().top ?? 0;
    const stretches = this.#list?.children ?? [];
    for (let at = firstBelow(stretches, topPx); at < stretches.length; at += 1) {
      const rows = stretches[at]?.querySelectorAll('.said[id]') ?? [];
      const row = rows[firstBelow(rows, topPx)];
      if (row) return { id: row.id, topPx: this.#topOf(row) };
    }
    return null;
  }

  #topOf(row: Element): number {
    return row.getBoundingClientRect().top - (this.#box?.getBoundingClientRect().top ?? 0);
  }
}

/** The id of the row of a message, which is also where a link to it leads. */
export function idOf(seq: Seq): string {
  return `m${seq}`;
}

/** The first of boxes that stand below each other that ends below a height. */
function firstBelow(boxes: ArrayLike<Element>, topPx: number): number {
  let [low, high] = [0, boxes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((boxes[middle]?.getBoundingClientRect().bottom ?? 0) > topPx) high = middle;
    else low = middle + 1;
  }
  return low;
}

function heightsOf({ scrollHeight, clientHeight }: HTMLElement): string {
  return `${scrollHeight}/${clientHeight}`;
}
