import { useComputed, useSignal } from '@preact/signals';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { Failure } from '../../client/answer.ts';
import type { Message } from '../../protocol/entries.ts';
import { charactersLeft } from './characters.ts';
import { Field } from './field.tsx';
import { dropEdit, keepEdit, keptEdit, leaveEdit } from './kept-edits.ts';
import { Left } from './left.tsx';
import { sentence, usePage } from '../page.ts';
import { focusWriting } from './writing.ts';
import { words } from '../words/words.ts';

/** Changes a message of ours where it stands. */
export function EditForm({ message }: { readonly message: Message }) {
  const { client, complaint, draft, edited, room } = usePage();
  const kept = useMemo(() => keptEdit(message), []);
  // What it was when the change was begun: others, or another tab of ours, may change it meanwhile.
  const before = useRef(kept?.before ?? message.text);
  const text = useSignal(kept?.text ?? message.text);
  const state = useSignal<'ready' | 'saving' | Failure>('ready');
  const field = useRef<HTMLTextAreaElement>(null);
  const left = useComputed(() => charactersLeft(text.value, room.value?.limits.textMax));
  const isTooLong = left.value !== null && left.value < 0;
  const isDeleted = message.deleted === true;
  const { id, seq } = message;
  const isThere = useRef(true);

  const keep = (): void => keepEdit({ id, before: before.current, text: text.peek() });
  // Whoever asked to edit is about to write; the field stands where the focus was.
  useLayoutEffect(() => {
    keep();
    field.current?.focus();
    const { length } = text.peek();
    field.current?.setSelectionRange(length, length);
    field.current?.scrollIntoView({ block: 'nearest' });
    return () => {
      isThere.current = false;
      leaveEdit();
      // Drawn again later, far from what the reader does by then, it would take the focus.
      if (edited.peek() === seq) edited.value = null;
    };
  }, []);

  const close = (): void => {
    dropEdit(id);
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
      else if (keptEdit(message)?.text === asked) dropEdit(id);
      return;
    }
    if (answer.ok && text.value === asked) return close();
    // What was typed meanwhile is not saved yet.
    if (answer.ok) before.current = asked.trim();
    keep();
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
          typed={keep}
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
