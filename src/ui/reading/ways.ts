/** The ways to a message: in its surroundings, to an answer to it, to a link that leads there. */
import { signal, type Signal } from '@preact/signals';
import type { Message, Seq } from '../../protocol/entries.ts';
import { addressOf, copyAddress, seqIn } from './address.ts';
import { sentence, type Page } from '../page.ts';
import { words } from '../words/words.ts';
import { focusWriting } from '../writing/writing.ts';

export interface Ways {
  /** The message to which the reader was led: by a link, an answer, or a search. */
  readonly target: Signal<Seq | null>;
  /** The message that is being answered. */
  readonly replyingTo: Signal<Message | null>;
  /** What was just done, for a moment. */
  readonly notice: Signal<string | null>;
  /** Shows a message in its surroundings, and leads the keyboard there. */
  readonly open: (seq: Seq) => Promise<void>;
  /** Begins to answer a message. */
  readonly reply: (message: Message) => void;
  /** Copies a link to a message, or puts it into the address where it may not be copied. */
  readonly copyLink: (seq: Seq) => Promise<void>;
}

export function ways({ reading, past, attempt }: Pick<Page, 'reading' | 'past' | 'attempt'>): Ways {
  const target = signal<Seq | null>(null);
  const replyingTo = signal<Message | null>(null);
  const notice = signal<string | null>(null);
  let opens = 0;
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
    target,
    replyingTo,
    notice,
    async open(seq) {
      target.value = seq;
      opens += 1;
      const open = opens;
      if (reading.bring(seq, focus)) return;
      const focused = document.activeElement;
      // Meanwhile the reader may have gone elsewhere, or begun to write.
      const isWanted = (): boolean => open === opens && target.peek() === seq;
      await attempt(past.open(seq, isWanted), (failure) => {
        if (!nowhere.includes(failure.code)) return sentence(failure);
        forget();
        return words.reading.leadsNowhere;
      });
      const focusUnlessElsewhere = (row: HTMLElement): void => {
        const { activeElement, body } = document;
        if (activeElement === focused || activeElement === body) focus(row);
      };
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

function focus(row: HTMLElement): void {
  row.focus({ preventScroll: true });
}
