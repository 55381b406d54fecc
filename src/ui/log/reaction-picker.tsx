import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Message } from '../../protocol/entries.ts';
import { EmojiPicker } from '../emoji/emoji-picker.tsx';
import { usePage } from '../page.ts';
import { words } from '../words/words.ts';

interface ReactionPickerProps {
  readonly message: Message;
  /** One was chosen: what stands around the button may go. */
  readonly chosen?: () => void;
}

/** A reaction with any emoji. The focus comes back to the button that opens them. */
export function ReactionPicker({ message, chosen }: ReactionPickerProps) {
  const { client, attempt } = usePage();
  const isOpen = useSignal(false);
  const box = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const picker = box.current?.querySelector<HTMLElement>('.emoji-picker');
    if (picker) showWhole(picker);
  }, [isOpen.value]);
  const close = (): void => {
    isOpen.value = false;
    box.current?.querySelector('button')?.focus({ preventScroll: true });
  };
  return (
    <span class="react-with" ref={box}>
      <button
        type="button"
        class="react-too"
        aria-haspopup="dialog"
        aria-expanded={isOpen.value}
        aria-label={words.reading.reactWithAnother}
        title={words.reading.reactWithAnother}
        onClick={() => {
          isOpen.value = !isOpen.value;
        }}
      >
        +
      </button>
      {isOpen.value && (
        <EmojiPicker
          onPick={(emoji) => {
            close();
            chosen?.();
            void attempt(client.react(message.seq, emoji, true));
          }}
          onClose={close}
        />
      )}
    </span>
  );
}

/** Above what opened it, so that it covers what was read before; below where that is cut off. */
export function showWhole(box: HTMLElement): void {
  const topPx = box.closest('.log')?.getBoundingClientRect().top ?? 0;
  box.classList.toggle('is-below', box.getBoundingClientRect().top < topPx);
  box.scrollIntoView({ block: 'nearest' });
}
