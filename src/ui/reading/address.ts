/** The address of a message: `#m123` behind the address of the page. */
import { effect } from '@preact/signals';
import type { Seq } from '../../protocol/entries.ts';
import type { Page } from '../page.ts';
import { idOf } from './reading.ts';

/** A link to a message that can be sent to somebody. */
export function addressOf(seq: Seq): string {
  return new URL(`#${idOf(seq)}`, location.href).href;
}

/** Puts a link to a message into the clipboard; false where the browser does not let us. */
export async function copyAddress(seq: Seq): Promise<boolean> {
  try {
    // Only there where the page came over https or from the same machine.
    await navigator.clipboard.writeText(addressOf(seq));
    return true;
  } catch {
    return false;
  }
}

/** Opens the message that the address names: when the room is there, and when it changes. */
export function followAddress(page: Page): void {
  const open = (): void => {
    const seq = seqIn(location.hash);
    if (seq !== null) void page.open(seq);
  };
  addEventListener('hashchange', open);
  const end = effect(() => {
    if (page.room.value === null) return;
    open();
    queueMicrotask(() => end());
  });
}

/** The message that a fragment names; null when it names none. */
export function seqIn(fragment: string): Seq | null {
  const [, digits] = /^#m([1-9]\d*)$/.exec(fragment) ?? [];
  return digits === undefined ? null : (Number(digits) as Seq);
}
