/**
 * The keyboard among the messages. They are one stop of the tab key, at the message that was
 * visited last; the arrows lead from there, and a letter does something with the message.
 */
import type { Message, Seq } from '../../protocol/entries.ts';
import { seqIn } from '../reading/address.ts';
import type { Page } from '../page.ts';
import { settings } from '../settings/settings.ts';
import { messagesOf } from './stretches.ts';

/** What each key does at a message. The list of keys is drawn from this as well. */
export const messageKeys = {
  arrows: ['ArrowUp', 'ArrowDown'],
  ends: ['Home', 'End'],
  newest: ['Escape'],
  actions: ['Enter'],
  reply: ['r'],
  react: ['+'],
  edit: ['e'],
  copyLink: ['c'],
  delete: ['Delete'],
  search: ['/'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

type Deed = keyof typeof messageKeys;

export class LogKeys {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  readonly pressed = (event: KeyboardEvent): void => {
    const { opened, visited } = this.#page;
    const { target, key, altKey, ctrlKey, metaKey } = event;
    if (!(target instanceof HTMLElement) || altKey || ctrlKey || metaKey) return;
    const row = target.closest<HTMLElement>('.said[id]');
    if (row === null) return;
    if (key === 'Escape' && opened.value !== null) {
      opened.value = null;
      row.focus();
      return;
    }
    if (target !== row) return;
    const seq = seqIn(`#${row.id}`);
    const deed = deedOf(key);
    if (seq === null || deed === null || !isWanted(key)) return;
    visited.value = seq;
    if (this.#do(deed, row, seq, key)) event.preventDefault();
  };

  /** Whether it could be done. */
  #do(deed: Deed, row: HTMLElement, seq: Seq, key: string): boolean {
    const { panel, reading, rows } = this.#page;
    switch (deed) {
      case 'arrows':
      case 'ends':
        this.#move(seq, key);
        return true;
      case 'newest':
        reading.toEnd();
        return true;
      case 'search':
        panel.value = 'search';
        return true;
      default: {
        const found = rows.value.find((row) => row.kind === 'message' && row.message.seq === seq);
        const message = found?.kind === 'message' ? found.message : null;
        return message !== null && !message.deleted && this.#act(deed, row, message);
      }
    }
  }

  #move(from: Seq, key: string): void {
    const { rows, reading, older } = this.#page;
    const all = messagesOf(rows.value);
    const at = all.indexOf(from);
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0 }[key] ?? all.length - 1;
    const seq = all[to];
    if (to < 0) older.load();
    if (key === 'End') reading.toEnd();
    const focus = (row: HTMLElement): void => row.focus({ preventScroll: true });
    if (seq === undefined) return;
    const row = document.getElementById(`m${seq}`);
    // The next one is mostly in sight or just beyond it, and is shown with the least movement.
    if (key.startsWith('Arrow') && row?.hasAttribute('tabindex')) row.focus();
    else reading.bring(seq, focus);
  }

  #act(
    deed: Exclude<Deed, 'arrows' | 'ends' | 'newest' | 'search'>,
    row: HTMLElement,
    message: Message,
  ): boolean {
    const { you, edited } = this.#page;
    const { seq } = message;
    if (deed === 'copyLink') void this.#page.copyLink(seq);
    else if (deed === 'actions') this.#open(row, seq, '.menu button');
    else if (you.value === null) return false;
    else if (deed === 'react') this.#open(row, seq, '.menu .emoji');
    else if (deed === 'delete') this.#open(row, seq, '.menu .danger');
    else if (deed === 'reply') this.#page.reply(message);
    else if (message.by.id !== you.value.id) return false;
    else edited.value = seq;
    return true;
  }

  /** Opens the actions, and leads to one of them. */
  #open(row: HTMLElement, seq: Seq, selector: string): void {
    this.#page.opened.value = seq;
    // They are drawn in a microtask, and there after it. Until then the reader may have moved on.
    setTimeout(() => {
      if (document.activeElement === row) row.querySelector<HTMLElement>(selector)?.focus();
    });
  }
}

function deedOf(key: string): Deed | null {
  const known = Object.entries(messageKeys) as [Deed, readonly string[]][];
  return known.find(([, keys]) => keys.includes(key))?.[0] ?? null;
}

/** Whoever speaks to the machine, and is heard as keys, can turn off those that act alone. */
function isWanted(key: string): boolean {
  return key.length > 1 || settings.value.singleKeys === 'on';
}
