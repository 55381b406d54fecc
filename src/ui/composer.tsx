import { useComputed } from '@preact/signals';
import type { TargetedKeyboardEvent } from 'preact';
import { countCharacters } from './characters.ts';
import { isSend } from './keys.ts';
import { sentence, usePage } from './page.ts';
import { Typing } from './typing.tsx';
import { entersSend, writingId } from './writing.ts';
import { words } from './words/words.ts';

/** Lines that the field shows before it scrolls, where the browser cannot size it itself. */
const rowsMax = 8;
/** From this share of the limit on, the characters that are left are counted. */
const nearLimit = 0.9;
/** So many characters too many are counted; of more it is only said that they are more. */
const excessMax = 1_000;
const textMaxDefault = 2_000;

/** Where one writes. */
export function Composer() {
  const { client, complaint, draft, edited, newestOfOurs, reading, room } = usePage();
  const left = useComputed(() =>
    charactersLeft(draft.value, room.value?.limits.textMax ?? textMaxDefault),
  );
  const isTooLong = left.value !== null && left.value < 0;

  const send = async (): Promise<void> => {
    const text = draft.value;
    if (text.trim() === '' || isTooLong) return;
    draft.value = '';
    reading.toEnd();
    const spoken = await client.say(text);
    // Anything else that is refused stays among the messages, with the reason.
    if (spoken.ok || spoken.code !== 'TOO_MANY' || spoken.status !== 0) return;
    draft.value = draft.value === '' ? text : `${text}\n${draft.value}`;
    complaint.value = sentence(spoken);
  };
  const keyPressed = (event: TargetedKeyboardEvent<HTMLTextAreaElement>): void => {
    const isUp = event.key === 'ArrowUp' && draft.value === '';
    const newest = isUp ? newestOfOurs() : null;
    if (newest !== null) edited.value = newest.seq;
    else if (isSend(event, entersSend())) void send();
    else return;
    event.preventDefault();
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <div class="field">
        <textarea
          id={writingId}
          aria-label={words.writing.message}
          aria-describedby="writing-hint"
          aria-invalid={isTooLong}
          placeholder={words.writing.placeholder}
          enterkeyhint="send"
          dir="auto"
          rows={Math.min(rowsMax, draft.value.split('\n').length)}
          value={draft}
          onInput={(event) => {
            draft.value = event.currentTarget.value;
            if (draft.value !== '' && !draft.value.startsWith('/')) client.typing();
          }}
          onKeyDown={keyPressed}
        />
        <button
          type="submit"
          class="primary send"
          aria-label={words.writing.send}
          aria-disabled={isTooLong}
        >
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M4 12 20 4l-4.5 16-3.6-6.4z" />
          </svg>
        </button>
      </div>
      <div class="under">
        <Typing />
        <Hint left={left.value} />
      </div>
    </form>
  );
}

/** How to write, or how much more of it is possible. */
function Hint({ left }: { readonly left: number | null }) {
  if (left === null) {
    return (
      <span id="writing-hint" class="hint">
        {words.writing.hint(<kbd>Enter</kbd>, <kbd>Shift</kbd>, <kbd>/help</kbd>)}
      </span>
    );
  }
  return (
    <span id="writing-hint" class={left < 0 ? 'count refusal' : 'count'}>
      {sayLeft(left)}
    </span>
  );
}

function sayLeft(left: number): string {
  const { charactersLeft, charactersTooMany, atLeastTooMany } = words.writing;
  if (left >= 0) return charactersLeft(left);
  return left === -excessMax ? atLeastTooMany(-left) : charactersTooMany(-left);
}

/** How many characters are left, once it matters. */
function charactersLeft(text: string, textMax: number): number | null {
  // No character is shorter than a code unit, so a short text need not be counted.
  if (text.length < textMax * nearLimit) return null;
  const count = countCharacters(text, textMax + excessMax);
  return count < textMax * nearLimit ? null : textMax - count;
}
