/** The ways to a message: in its surroundings, to an answer to it, to a link that leads there. */
import { effect, signal, type Signal } from '@preact/signals';
import type { Message, Seq } from '../../protocol/entries.ts';
import { seqIn } from './address.ts';
import type { Past } from './past.ts';
import { idOf } from './reading.ts';
import type { View } from '../view.ts';
import { words } from '../words/words.ts';
import { focusWriting } from '../writing/writing.ts';

export interface Ways {
  /** What was just done, for a moment. */
  readonly notice: Signal<string | null>;
  /**
   * Shows a message in its surroundings, and leads the keyboard there. `unasked`: unless the reader
   * is doing something with it.
   */
  readonly open: (seq: Seq, unasked?: 'unasked') => Promise<void>;
  /** Begins to answer a message. */
  readonly reply: (message: Message) => void;
  /** Copies a link to a message, or puts it into the address where it may not be copied. */
  readonly copyLink: (seq: Seq) => Promise<void>;
}

export function ways({ reading, target, replyingTo, attempt }: View, past: Past): Ways {
  const notice = signal<string | null>(null);
  let opens = 0;
  effect(() => reading.setAway(past.isAway.value));
  const forget = (): void => {
    target.value = null;
    if (seqIn(location.hash) !== null) history.replaceState(null, '', location.href.split('#')[0]);
  };
  // Who comes back to the present leaves the address of what they were led to.
  reading.leavePast = () => {
    past.close();
    forget();
  };
  return {
    notice,
    async open(seq, unasked) {
      target.value = seq;
      opens += 1;
      const open = opens;
      // Who asked for nothing has begun what has the keyboard for another reason.
      const focused = unasked ? null : document.activeElement;
      const focusUnlessElsewhere = (row: HTMLElement): void => {
        const { activeElement, body } = document;
        if (activeElement === focused || activeElement === body) focus(row);
      };
      if (reading.bring(seq, unasked ? focusUnlessElsewhere : focus)) return;
      // Meanwhile the reader may have gone elsewhere, or begun to write.
      const isWanted = (): boolean => open === opens && target.peek() === seq;
      await attempt(past.open(seq, isWanted), (failure) => {
        if (!nowhere.includes(failure.code)) return failure;
        forget();
        return words.reading.leadsNowhere;
      });
      // It is drawn in a microtask, and there after it.
      setTimeout(() => isWanted() && reading.bring(seq, focusUnlessElsewhere));
    },
    reply(message) {
      replyingTo.value = message;
      focusWriting();
    },
    async copyLink(seq) {
      const isCopied = await copyAddress(seq);
      if (!isCopied) history.replaceState(null, '', addressOf(seq));
      notice.value = isCopied ? words.reading.linkCopied : words.reading.linkShown;
    },
  };
}

/** There is no such message, or there cannot be. */
const nowhere: readonly string[] = ['NOT_FOUND', 'BAD_REQUEST'];

/** Opens the message that the address names: when the room is there, and when it changes. */
export function followAddress({ room, target, open }: View & Ways): void {
  const follow = (unasked?: 'unasked'): void => {
    const seq = seqIn(location.hash);
    if (seq !== null) void open(seq, unasked);
  };
  addEventListener('hashchange', () => follow());
  const end = effect(() => {
    if (room.value === null) return;
    // Where this was there before the room, what the room shows is drawn first.
    setTimeout(() => {
      end();
      // One of the first that were shown was led to already.
      if (target.peek() === null) follow('unasked');
    });
  });
}

/** A link to a message that can be sent to somebody. */
function addressOf(seq: Seq): string {
  return new URL(`#${idOf(seq)}`, location.href).href;
}

/** Puts a link to a message into the clipboard; false where the browser does not let us. */
async function copyAddress(seq: Seq): Promise<boolean> {
  try {
    // Only there where the page came over https or from the same machine.
    await navigator.clipboard.writeText(addressOf(seq));
    return true;
  } catch {
    return false;
  }
}

function focus(row: HTMLElement): void {
  row.focus({ preventScroll: true });
}
