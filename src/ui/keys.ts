/** What the parts of an event of the keyboard say that are needed here. */
type Pressed = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'isComposing' | 'keyCode'>;

/** What browsers report for a key that an input method has taken for itself. */
const keyCodeOfComposing = 229;

/**
 * Whether a key means: send. Enter does, but never while an input method is composing, where it
 * chooses among candidates. Safari ends the composition before it tells of that Enter, and only the
 * old key code still shows what the key was for.
 */
export function isSend({ key, shiftKey, isComposing, keyCode }: Pressed): boolean {
  return key === 'Enter' && !shiftKey && !isComposing && keyCode !== keyCodeOfComposing;
}
