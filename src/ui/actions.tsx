import { useComputed, useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Message } from '../protocol/entries.ts';
import { usePage } from './page.ts';
import { timeOf } from './times.ts';
import { rescueFocus } from './writing.ts';
import { words } from './words/words.ts';

/** The reactions that one click gives. */
const palette = ['👍', '❤️', '😂', '🎉', '👀'] as const;

/** What can be done with a message: react, edit, delete. */
export function Actions({ message }: { readonly message: Message }) {
  const page = usePage();
  const { seq, by, at } = message;
  const isOpen = useComputed(() => page.opened.value === seq);
  const button = useRef<HTMLButtonElement>(null);
  // A message that is deleted takes its actions with it, and the focus when it is there.
  useLayoutEffect(() => {
    const own = button.current;
    return () => {
      if (own === document.activeElement) rescueFocus();
    };
  }, []);
  const close = (): void => {
    page.opened.value = null;
    // What had the focus in the menu is gone with it.
    button.current?.focus();
  };
  const isStop = useComputed(() => page.tabStop.value === seq);
  return (
    <div class="actions">
      <button
        type="button"
        class="more"
        ref={button}
        aria-expanded={isOpen.value}
        aria-label={words.reading.actionsFor(by.nick, timeOf(at))}
        tabIndex={isStop.value ? 0 : -1}
        onFocus={() => {
          page.visited.value = seq;
        }}
        onClick={() => {
          page.opened.value = isOpen.value ? null : seq;
        }}
      >
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <circle cx="4" cy="10" r="1.6" />
          <circle cx="10" cy="10" r="1.6" />
          <circle cx="16" cy="10" r="1.6" />
        </svg>
      </button>
      {isOpen.value && <Menu message={message} close={close} />}
    </div>
  );
}

interface MenuProps {
  readonly message: Message;
  readonly close: () => void;
}

function Menu({ message, close }: MenuProps) {
  const { client, edited, you, attempt } = usePage();
  const { seq, by, reactions = [] } = message;
  const isSure = useSignal(false);
  const me = you.value;
  const isOurs = me?.id === by.id;
  const menu = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    menu.current?.scrollIntoView({ block: 'nearest' });
  }, []);

  const isOnByUs = (emoji: string): boolean =>
    me !== null && reactions.some((one) => one.emoji === emoji && one.by.includes(me.id));
  return (
    <div ref={menu} class="menu" role="group" aria-label={words.reading.actions}>
      {palette.map((emoji) => (
        <button
          type="button"
          class="emoji"
          aria-label={words.reading.reactWith(emoji)}
          aria-pressed={isOnByUs(emoji)}
          onClick={() => {
            close();
            void attempt(client.react(seq, emoji, !isOnByUs(emoji)));
          }}
        >
          {emoji}
        </button>
      ))}
      {isOurs && (
        <button
          type="button"
          onClick={() => {
            close();
            edited.value = seq;
          }}
        >
          {words.reading.edit}
        </button>
      )}
      {(isOurs || me?.role === 'keeper') && (
        <button
          type="button"
          class="danger"
          onClick={() => {
            // It cannot be undone, so the same place is asked twice.
            if (!isSure.value) {
              isSure.value = true;
              return;
            }
            close();
            void attempt(client.remove(seq));
          }}
        >
          {isSure.value ? words.reading.deleteForEveryone : words.reading.delete}
        </button>
      )}
    </div>
  );
}
