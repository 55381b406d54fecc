import { useEffect, useMemo, useRef } from 'preact/hooks';
import { EmojiButton } from '../emoji/emoji-button.tsx';
import { Field, insert } from './field.tsx';
import { Floor, hindranceNow, type Hindrance } from './floor.ts';
import { editToResume } from './kept-edits.ts';
import { Left } from './left.tsx';
import type { Seq } from '../../protocol/entries.ts';
import { usePage } from '../page.ts';
import { idOf } from '../reading/reading.ts';
import { ReplyStrip } from './reply-strip.tsx';
import { useSending } from './sending.ts';
import { Typing } from './typing.tsx';
import { entersSend, writingId } from './writing.ts';
import { words } from '../words/words.ts';

/** Where one writes. */
export function Composer() {
  const page = usePage();
  const { client, draft, edited, reading, replyingTo } = page;
  const floor = useMemo(() => new Floor(client), [client]);
  useEffect(() => () => floor.close(), [floor]);
  const field = useRef<HTMLTextAreaElement>(null);
  const { send, isArmed, isTooLong, left, seconds } = useSending(page, floor);
  const { hindrance } = floor;

  /** What is to be changed may be far from the view, or the past be shown instead of it. */
  const edit = (seq: Seq): void => {
    const isDrawn = document.getElementById(idOf(seq))?.hasAttribute('tabindex') === true;
    if (!isDrawn && !reading.bring(seq)) {
      reading.toEnd();
      // The present is drawn in a microtask, and there after it.
      setTimeout(() => reading.bring(seq));
    }
    edited.value = seq;
  };
  // Whoever was changing a message when the page was loaded again goes on.
  useEffect(() => {
    const message = editToResume(client.state.lines);
    if (message) edit(message.seq);
  }, [client]);
  const keyPressed = (key: string): boolean => {
    if (key === 'Escape' && isArmed.value) isArmed.value = false;
    else if (key === 'Escape' && replyingTo.value) replyingTo.value = null;
    else if (key === 'ArrowUp' && draft.value === '') {
      const newest = page.newestOfOurs();
      if (newest) edit(newest.seq);
      return newest !== null;
    } else return false;
    return true;
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Barred hindrance={hindrance.value} />
      <div class="field">
        <ReplyStrip />
        <Field
          id={writingId}
          field={field}
          text={draft}
          label={words.writing.message}
          describedBy="writing-hint"
          placeholder={words.writing.placeholder}
          isInvalid={isTooLong}
          send={send}
          typed={() => {
            isArmed.value = false;
            // Where one text takes the place of another, the field was small in between, and the
            // messages moved into its room and out of it again without a word.
            reading.restore();
            if (draft.value !== '' && !draft.value.startsWith('/')) client.typing();
          }}
          keyPressed={keyPressed}
        />
        <EmojiButton pick={(emoji) => field.current && insert(field.current, emoji)} />
        <button
          type="submit"
          class="primary send"
          aria-label={seconds > 0 ? words.writing.sendIn(seconds) : words.writing.send}
          aria-disabled={isTooLong || hindranceNow(hindrance.value) !== null}
          // A phone keeps its keyboard for the next message.
          onMouseDown={(event) => event.preventDefault()}
        >
          {seconds > 0 ? (
            <span class="seconds" aria-hidden="true">
              {seconds}
            </span>
          ) : (
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d="M4 12 20 4l-4.5 16-3.6-6.4z" />
            </svg>
          )}
        </button>
      </div>
      <div class="under">
        <Typing />
        {seconds > 0 ? (
          <Wait
            seconds={seconds}
            isSlow={hindrance.value?.kind === 'slow'}
            isArmed={isArmed.value}
          />
        ) : (
          <Hint left={left} />
        )}
      </div>
    </form>
  );
}

/** Says why nothing can be written for now, whoever waits. */
function Barred({ hindrance }: { readonly hindrance: Hindrance | null }) {
  const kind = hindrance?.kind;
  return (
    <div role="status">
      {(kind === 'quiet' || kind === 'muted') && <p class="barred">{words.writing[kind]}</p>}
    </div>
  );
}

interface WaitProps {
  readonly seconds: number;
  readonly isSlow: boolean;
  readonly isArmed: boolean;
}

/** How long it is until the next message. */
function Wait({ seconds, isSlow, isArmed }: WaitProps) {
  const { slow, fast, slowArmed, sendsThen, staysThen } = words.writing;
  const say = isArmed ? slowArmed : isSlow ? slow : fast;
  return (
    <span id="writing-hint" class="wait">
      {say(seconds)}
      <span class="wait-keys">
        {' · '}
        {isArmed ? staysThen(<kbd>Esc</kbd>) : sendsThen(<kbd>Enter</kbd>)}
      </span>
    </span>
  );
}

/** How to write, or how much more of it is possible. */
function Hint({ left }: { readonly left: number | null }) {
  if (left !== null) return <Left id="writing-hint" left={left} />;
  const { hint, hintLines } = words.writing;
  const [enter, shift, help] = [<kbd>Enter</kbd>, <kbd>Shift</kbd>, <kbd>/help</kbd>];
  return (
    <span id="writing-hint" class="hint">
      {entersSend() ? hint(enter, shift, help) : hintLines(<kbd>Ctrl</kbd>, enter, help)}
    </span>
  );
}
