import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { EmojiPicker } from './emoji-picker.tsx';
import { focusWriting } from './writing.ts';
import { words } from './words/words.ts';

/** Opens the emoji, for who does not know their names. */
export function EmojiButton({ pick }: { readonly pick: (emoji: string) => void }) {
  const isOpen = useSignal(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    isOpen.value = false;
    focusWriting();
  };
  return (
    <span class="emoji-choice">
      <button
        type="button"
        class="icon"
        ref={button}
        aria-label={words.writing.chooseEmoji}
        aria-expanded={isOpen.value}
        onClick={() => {
          isOpen.value = !isOpen.value;
        }}
      >
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <circle cx="12" cy="12" r="8.5" />
          <path d="M8.5 14.5q3.5 3.4 7 0M9 9.5v.6M15 9.5v.6" />
        </svg>
      </button>
      {isOpen.value && (
        <EmojiPicker
          onPick={(emoji) => {
            pick(emoji);
            close();
          }}
          onClose={close}
        />
      )}
    </span>
  );
}
