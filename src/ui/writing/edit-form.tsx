import { useComputed, useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Failure } from '../../client/answer.ts';
import type { Message } from '../../protocol/entries.ts';
import { charactersLeft } from './characters.ts';
import { Field } from './field.tsx';
import { Left } from './left.tsx';
import { sentence, usePage } from '../page.ts';
import { focusWriting } from './writing.ts';
import { words } from '../words/words.ts';

/** Changes a message of ours where it stands. */
export function EditForm({ message }: { readonly message: Message }) {
  const { client, complaint, draft, edited, room } = usePage();
  // What it was when the form was opened: others, or another tab of ours, may change it meanwhile.
  const before = useRef(message.text);
  const text = useSignal(message.text);
  const state = useSignal<'ready' | 'saving' | Failure>('ready');
  const field = useRef<HTMLTextAreaElement>(null);
  const left = useComputed(() => charactersLeft(text.value, room.value?.limits.textMax));
  const isTooLong = left.value !== null && left.value < 0;
  const isDeleted = message.deleted === true;
  const { seq } = message;
  const isThere = useRef(true);

  // Whoever asked to edit is about to write; the field stands where the focus was.
  useLayoutEffect(() => {
    field.current?.focus();
    const { length } = before.current;
    field.current?.setSelectionRange(length, length);
    field.current?.scrollIntoView({ block: 'nearest' });
    return () => {
      isThere.current = false;
      // Drawn again later, far from what the reader does by then, it would take the focus.
      if (edited.peek() === seq) edited.value = null;
    };
  }, []);

  const close = (): void => {
    edited.value = null;
    focusWriting();
  };
  const sayAnew = (): void => {
    draft.value = draft.value === '' ? text.value : `${draft.value}\n${text.value}`;
    close();
  };
  const save = async (): Promise<void> => {
    if (state.value === 'saving' || isTooLong || isDeleted || text.value.trim() === '') return;
    if (text.value === message.text) return close();
    const asked = text.value;
    state.value = 'saving';
    const answer = await client.edit(seq, asked);
    if (!isThere.current || edited.peek() !== seq) {
      // The form is gone, and what has the focus now is the reader's choice.
      if (!answer.ok) complaint.value = answer;
      return;
    }
    if (answer.ok && text.value === asked) return close();
    // What was typed meanwhile is not saved yet.
    if (answer.ok) before.current = asked.trim();
    state.value = answer.ok ? 'ready' : answer;
  };

  return (
    <form
      class="edit"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <div class="field">
        <Field
          field={field}
          text={text}
          label={words.writing.editField}
          isInvalid={isTooLong}
          send={() => void save()}
          keyPressed={(key) => {
            if (key === 'Escape') close();
            return key === 'Escape';
          }}
        />
      </div>
      <div class="edit-buttons">
        {isDeleted ? (
          <button type="button" class="primary" onClick={sayAnew}>
            {words.writing.sayAnew}
          </button>
        ) : (
          <button
            type="submit"
            class="primary"
            aria-disabled={state.value === 'saving' || isTooLong || text.value.trim() === ''}
          >
            {words.writing.save}
          </button>
        )}
        <button type="button" class="plain" onClick={close}>
          {words.writing.cancel}
        </button>
        <Left left={left.value} />
        <Conflict
          isDeleted={isDeleted}
          isChanged={message.text !== before.current}
          failure={typeof state.value === 'string' ? null : state.value}
        />
      </div>
    </form>
  );
}

interface ConflictProps {
  readonly isDeleted: boolean;
  readonly isChanged: boolean;
  readonly failure: Failure | null;
}

/** Why the change cannot be saved as it is. */
function Conflict({ isDeleted, isChanged, failure }: ConflictProps) {
  const { deletedMeanwhile, changedMeanwhile } = words.writing;
  return (
    <span class="refusal" role="alert">
      {isDeleted
        ? deletedMeanwhile
        : failure
          ? sentence(failure)
          : isChanged
            ? changedMeanwhile
            : ''}
    </span>
  );
}
