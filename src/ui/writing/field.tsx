import { useSignalEffect, type Signal } from '@preact/signals';
import type { RefObject, TargetedKeyboardEvent } from 'preact';
import { useEffect, useId, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { isComposing, isSend, isTouched } from './keys.ts';
import { completingIn, SuggestionList } from './suggestion-list.tsx';
import { usePage } from '../page.ts';
import { entersSend } from './writing.ts';

interface FieldProps {
  readonly text: Signal<string>;
  readonly label: string;
  readonly id?: string;
  readonly describedBy?: string;
  readonly placeholder?: string;
  readonly isInvalid: boolean;
  /** The field itself, for who puts something into it. */
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly send: () => void;
  readonly typed?: () => void;
  /** Uses a key that means nothing else, and tells whether it did. */
  readonly keyPressed: (key: string) => boolean;
}

/** A field for a message, whether it is written or changed: its keys, its size, its completion. */
export function Field({
  text,
  label,
  id,
  describedBy,
  placeholder,
  isInvalid,
  field,
  send,
  typed,
  keyPressed,
}: FieldProps) {
  const page = usePage();
  const listId = useId();
  const completing = useMemo(() => completingIn(page), [page]);
  useGrowth(field, text);
  const { isOpen } = completing;

  /** Whether an input method has the word, until it is done with it. */
  const isTaken = useRef(false);
  const look = (): void => {
    if (field.current && !isTaken.current) void completing.look(field.current);
  };
  // Keys lead the caret through what is written: they open no list, which would take them.
  useCaret(field, () => {
    if (completing.isOpen) look();
  });
  const pressed = (event: TargetedKeyboardEvent<HTMLTextAreaElement>): void => {
    // An input method chooses among its candidates with the same keys.
    if (isComposing(event)) return;
    const isPlain = !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (isPlain && completing.keyPressed(event.key, event.currentTarget)) {
      event.preventDefault();
      event.stopPropagation();
    } else if (isSend(event, entersSend())) {
      event.preventDefault();
      send();
    } else if (isPlain && keyPressed(event.key)) event.preventDefault();
  };
  return (
    <>
      {isOpen && (
        <SuggestionList
          id={listId}
          completing={completing}
          choose={(index) => {
            if (field.current) completing.choose(index, field.current);
          }}
        />
      )}
      <textarea
        {...(id !== undefined && { id })}
        ref={field}
        aria-label={label}
        aria-describedby={describedBy}
        aria-invalid={isInvalid}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-controls={isOpen ? listId : undefined}
        aria-activedescendant={isOpen ? `${listId}-${completing.active.value}` : undefined}
        placeholder={placeholder}
        enterkeyhint={entersSend() ? 'send' : 'enter'}
        dir="auto"
        rows={1}
        value={text}
        onInput={(event) => {
          text.value = event.currentTarget.value;
          typed?.();
          look();
        }}
        onKeyDown={pressed}
        onClick={look}
        onCompositionStart={() => {
          // The keyboard of a phone composes every word, and shows its candidates within itself:
          // what stands above the field is in nobody's way, and is chosen by touching it.
          isTaken.current = !isTouched();
          if (isTaken.current) completing.close();
        }}
        onCompositionEnd={() => {
          isTaken.current = false;
          look();
        }}
        onBlur={() => completing.close()}
      />
    </>
  );
}

/** Puts a text at the caret, in the place of what is selected. */
export function insert(field: HTMLTextAreaElement, text: string): void {
  field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end');
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
}

/** Calls `moved` whenever the caret stands elsewhere: by a key, a click, or what was written. */
function useCaret(field: RefObject<HTMLTextAreaElement | null>, moved: () => void): void {
  const current = useRef(moved);
  current.current = moved;
  useEffect(() => {
    // The field itself tells only of a selection that has something in it.
    const listener = (): void => {
      if (document.activeElement === field.current) current.current();
    };
    document.addEventListener('selectionchange', listener);
    return () => document.removeEventListener('selectionchange', listener);
  }, []);
}

/** Lets the field grow with its text, where the browser does not do so by itself. */
function useGrowth(field: RefObject<HTMLTextAreaElement | null>, text: Signal<string>): void {
  const fit = useRef(() => {
    const { current } = field;
    if (!current || CSS.supports('field-sizing', 'content')) return;
    current.style.blockSize = 'auto';
    current.style.blockSize = `${current.scrollHeight + 2}px`;
  });
  useLayoutEffect(() => fit.current(), []);
  useSignalEffect(() => {
    // Read, so that the field is fitted again when it changes.
    void text.value;
    fit.current();
  });
}
