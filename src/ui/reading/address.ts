/** The address of a message: `#m123` behind the address of the page. */
import { effect } from '@preact/signals';
import type { Seq } from '../../protocol/entries.ts';
import type { View } from '../view.ts';

/** The message that a fragment names; null when it names none. */
export function seqIn(fragment: string): Seq | null {
  const [, digits] = /^#m([1-9]\d*)$/.exec(fragment) ?? [];
  return digits === undefined ? null : (Number(digits) as Seq);
}

/**
 * Leads to the message that the address names, if it is among the first that are shown. To any
 * other leads `ways.ts`, which comes later.
 */
export function leadToAddress({ room, reading, target }: View): void {
  const seq = seqIn(location.hash);
  if (seq === null) return;
  const stop = effect(() => {
    if (room.value === null) return;
    // It is drawn in a microtask, and there after it.
    setTimeout(() => {
      stop();
      if (reading.bring(seq, focusIfFree)) target.value = seq;
    });
  });
}

/** Leads the keyboard to a row. Who has begun to do something meanwhile keeps it. */
function focusIfFree(row: HTMLElement): void {
  if (document.activeElement === document.body) row.focus({ preventScroll: true });
}
