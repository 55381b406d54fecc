import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Failure } from '../client/answer.ts';
import type { Message } from '../protocol/entries.ts';
import { isSend } from './keys.ts';
import { sentence, usePage } from './page.ts';
import { entersSend, focusWriting } from './writing.ts';
import { words } from './words/words.ts';

/** Changes a message of ours where it stands. */
export function EditForm({ message }: { readonly message: Message }) {
  const { client, edited } = usePage();
  const text = useSignal(message.text);
  const state = useSignal<'ready' | 'saving' | Failure>('ready');
  const field = useRef<HTMLTextAreaElement>(null);

  // Whoever asked to edit is about to write; the field stands where the focus was.
  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(message.text.length, message.text.length);
    field.current?.scrollIntoView({ block: 'nearest' });
  }, []);

  const close = (): void => {
    edited.value = null;
    focusWriting();
  };
  const save = async (): Promise<void> => {
    if (state.value === 'saving') return;
    if (text.value === message.text) return close();
    state.value = 'saving';
    const answer = await client.edit(message.seq, text.value);
    if (answer.ok) close();
    else state.value = answer;
  };

  return (
    <form
      class="edit"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
    >
      <textarea
        ref={field}
        aria-label={words.writing.editField}
        dir="auto"
        rows={2}
        value={text}
        onInput={(event) => {
          text.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => {
          if (!isSend(event, entersSend())) return;
          event.preventDefault();
          void save();
        }}
      />
      <div class="edit-buttons">
        <button type="submit" class="primary" aria-disabled={state.value === 'saving'}>
          {words.writing.save}
        </button>
        <button type="button" class="plain" onClick={close}>
          {words.writing.cancel}
        </button>
        {typeof state.value !== 'string' && (
          <span class="refusal" role="alert">
            {sentence(state.value)}
          </span>
        )}
      </div>
    </form>
  );
}
