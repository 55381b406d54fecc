import { useComputed, useSignal } from '@preact/signals';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import type { Message } from '../../protocol/entries.ts';
import { usePage } from '../page.ts';
import { idOf } from '../reading/reading.ts';
import { ReactionPicker, showWhole } from './reaction-picker.tsx';
import { agoOf } from '../ago.ts';
import { momentOf, timeOf } from '../times.ts';
import { rescueFocus } from '../writing/writing.ts';
import { words } from '../words/words.ts';

/** The reactions that stand in the menu, and how many of them for who points at the message. */
const palette = ['👍', '❤️', '😂', '🎉', '👀'] as const;
const readyMax = 3;

interface ActionsProps {
  readonly message: Message;
  /** Who only looks in can only copy links. */
  readonly isMember: boolean;
}

/** What can be done with a message. The most usual stands ready for who points at it. */
export function Actions({ message, isMember }: ActionsProps) {
  const page = usePage();
  const { seq, by, at } = message;
  const isOpen = useComputed(() => page.opened.value === seq);
  const isPointed = useComputed(() => page.pointed.value === seq);
  const box = useRef<HTMLDivElement>(null);
  // A message that is deleted takes its actions with it, and the focus when it is there.
  useLayoutEffect(() => {
    const own = box.current;
    return () => {
      if (own?.contains(document.activeElement)) rescueFocus();
    };
  }, []);
  const close = (): void => {
    page.opened.value = null;
    // What had the focus in the menu is gone with it.
    document.getElementById(idOf(seq))?.focus({ preventScroll: true });
  };
  return (
    <div class={isOpen.value ? 'actions is-open' : 'actions'} ref={box}>
      {isPointed.value &&
        isMember &&
        !isOpen.value &&
        palette
          .slice(0, readyMax)
          .map((emoji) => <React message={message} emoji={emoji} isReady />)}
      {isPointed.value && isMember && (
        <button
          type="button"
          class="act"
          tabIndex={-1}
          title={words.reading.reply}
          aria-label={words.reading.reply}
          onClick={() => page.reply(message)}
        >
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <path d="M8 4 2.5 9.5 8 15v-3.4c4 0 7 1.2 9.5 4.4-.8-5-3.900-8-9.500-8.500z" />
          </svg>
        </button>
      )}
      <button
        type="button"
        class="act more"
        aria-expanded={isOpen.value}
        aria-label={words.reading.actionsFor(by.nick, timeOf(at))}
        tabIndex={-1}
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
      {isOpen.value && <Menu message={message} close={close} isMember={isMember} />}
    </div>
  );
}

interface MenuProps extends ActionsProps {
  readonly close: () => void;
}

function Menu({ message, close, isMember }: MenuProps) {
  const page = usePage();
  const { seq, by, at } = message;
  const menu = useRef<HTMLDivElement>(null);
  const moment = useId();
  const isOurs = page.you.value?.id === by.id;

  useLayoutEffect(() => {
    if (menu.current) showWhole(menu.current);
  }, []);

  const then = (act: () => void) => (): void => {
    close();
    act();
  };
  return (
    <div
      ref={menu}
      class="menu"
      role="group"
      aria-label={words.reading.actions}
      aria-describedby={moment}
    >
      {/* Who cannot point at the time learns here what it is in full, and how long ago. */}
      <p class="moment" id={moment}>
        {momentOf(at)} <br />
        {agoOf(at, Date.now())}
      </p>
      {isMember && <Palette message={message} close={close} />}
      {isMember && (
        <button type="button" onClick={then(() => page.reply(message))}>
          {words.reading.reply}
        </button>
      )}
      <button type="button" onClick={then(() => void page.copyLink(seq))}>
        {words.reading.copyLink}
      </button>
      {isOurs && (
        <button
          type="button"
          onClick={then(() => {
            page.edited.value = seq;
          })}
        >
          {words.reading.edit}
        </button>
      )}
      {(isOurs || page.you.value?.role === 'keeper') && <Delete message={message} close={close} />}
    </div>
  );
}

interface ActionProps {
  readonly message: Message;
  readonly close: () => void;
}

function Palette({ message, close }: ActionProps) {
  return (
    <div class="palette" role="group" aria-label={words.reading.react}>
      {palette.map((emoji) => (
        <React message={message} emoji={emoji} chosen={close} />
      ))}
      <ReactionPicker message={message} chosen={close} />
    </div>
  );
}

interface ReactProps {
  readonly message: Message;
  readonly emoji: string;
  /** It stands beside the message, and not in the menu. */
  readonly isReady?: boolean;
  readonly chosen?: () => void;
}

/** Gives a reaction, or takes it back. */
function React({ message, emoji, isReady = false, chosen }: ReactProps) {
  const { client, you, attempt } = usePage();
  const { seq, reactions = [] } = message;
  const me = you.value;
  const isOurs =
    me !== null && reactions.some((one) => one.emoji === emoji && one.by.includes(me.id));
  const label = words.reading.reactWith(emoji);
  return (
    <button
      type="button"
      class={isReady ? 'act emoji' : 'emoji'}
      aria-label={label}
      aria-pressed={isOurs}
      {...(isReady && { title: label, tabIndex: -1 })}
      onClick={() => {
        chosen?.();
        void attempt(client.react(seq, emoji, !isOurs));
      }}
    >
      {emoji}
    </button>
  );
}

/** It cannot be undone, so the same place is asked twice. */
function Delete({ message, close }: ActionProps) {
  const { client, attempt } = usePage();
  const isSure = useSignal(false);
  return (
    <button
      type="button"
      class="danger"
      onClick={() => {
        if (!isSure.value) {
          isSure.value = true;
          return;
        }
        close();
        void attempt(client.remove(message.seq));
      }}
    >
      {isSure.value ? words.reading.deleteForEveryone : words.reading.delete}
    </button>
  );
}
