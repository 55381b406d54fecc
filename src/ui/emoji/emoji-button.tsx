import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { Icon } from '../icon.tsx';
import { icons } from '../icons-aside.ts';
import { EmojiPicker } from './emoji-picker.tsx';
import { focusWriting } from '../writing/writing.ts';
import { words } from '../words/words.ts';

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
        class="sign"
        ref={button}
        aria-label={words.writing.chooseEmoji}
        aria-expanded={isOpen.value}
        onClick={() => {
          isOpen.value = !isOpen.value;
        }}
      >
        <Icon path={icons.emoji} />
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
