/** What the parts of an event of the keyboard say that are needed here. */
type Pressed = Pick<
  KeyboardEvent,
  'key' | 'shiftKey' | 'altKey' | 'ctrlKey' | 'metaKey' | 'isComposing' | 'keyCode'
>;

/** What browsers report for a key that an input method has taken for itself. */
const keyCodeOfComposing = 229;

/**
 * Whether an input method is composing: the key chooses among its candidates, and is none of ours.
 * Safari ends the composition before it tells of the Enter that ended it, and only the old key code
 * still shows what the key was for.
 */
export function isComposing(event: Pick<Pressed, 'isComposing' | 'keyCode'>): boolean {
  return event.isComposing || event.keyCode === keyCodeOfComposing;
}

/**
 * Whether a key means: send. Enter does where it is to send, and with Control or Command it does
 * everywhere.
 */
export function isSend(event: Pressed, entersSend: boolean): boolean {
  if (event.key !== 'Enter' || isComposing(event)) return false;
  return event.ctrlKey || event.metaKey || (entersSend && !event.shiftKey && !event.altKey);
}

/** Whether the page is written on with a finger, where there is no Shift to hold beside Enter. */
export function isTouched(): boolean {
  return matchMedia('(hover: none) and (pointer: coarse)').matches;
}
