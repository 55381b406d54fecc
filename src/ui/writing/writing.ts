import { isTouched } from './keys.ts';
import { settings } from '../settings/settings.ts';

/**
 * The field in which one writes: the composer's, or that of the nick for who is not in the room.
 */
export const writingId = 'writing';

/** Whether Enter sends. Where one writes with a finger there is no Shift to hold beside it. */
export function entersSend(): boolean {
  const { enter } = settings.value;
  return enter === 'auto' ? !isTouched() : enter === 'send';
}

/** Puts the focus into it. Only for an answer to what the reader has just done. */
export function focusWriting(): void {
  document.getElementById(writingId)?.focus();
}

/** The same after the form that had the focus went away, and only if nothing else has it now. */
export function rescueFocus(): void {
  // What changed is drawn in microtasks, so after them the new field is there.
  setTimeout(() => {
    if (document.activeElement === document.body) focusWriting();
  });
}
