import { describe, expect, test } from 'bun:test';
import { isSend } from './keys.ts';

const none = { shiftKey: false, altKey: false, ctrlKey: false, metaKey: false };
const enter = { ...none, key: 'Enter', isComposing: false, keyCode: 13 };

describe('Enter', () => {
  test('sends, and with Shift begins a line', () => {
    expect(isSend(enter, true)).toBe(true);
    expect(isSend({ ...enter, shiftKey: true }, true)).toBe(false);
    expect(isSend({ ...enter, key: 'a' }, true)).toBe(false);
  });

  test('begins a line where that is wanted, and sends with Control or Command', () => {
    expect(isSend(enter, false)).toBe(false);
    expect(isSend({ ...enter, ctrlKey: true }, false)).toBe(true);
    expect(isSend({ ...enter, metaKey: true }, false)).toBe(true);
  });

  test('belongs to an input method while it composes, also in Safari', () => {
    for (const composing of [{ isComposing: true }, { keyCode: 229 }]) {
      expect(isSend({ ...enter, ...composing }, true)).toBe(false);
      expect(isSend({ ...enter, ...composing, ctrlKey: true }, true)).toBe(false);
    }
  });
});
