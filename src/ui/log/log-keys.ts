/**
 * The keyboard among the messages. They are one stop of the tab key, at the message that was
 * visited last; the arrows lead from there, and a letter does something with the message.
 */
import type { Message, Seq } from '../../protocol/entries.ts';
import { seqIn } from '../reading/address.ts';
import type { Page } from '../page.ts';
import { settings } from '../settings/settings.ts';
import { messagesOf } from './stretches.ts';

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
    if (seq === null) return;
    visited.value = seq;
    if (this.#move(seq, key) || this.#act(row, seq, key)) event.preventDefault();
  };

  #move(from: Seq, key: string): boolean {
    const { rows, reading, older } = this.#page;
    const all = messagesOf(rows.value);
    const at = all.indexOf(from);
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[key];
    if (to === undefined) return false;
    const seq = all[to];
    if (to < 0) older.load();
    if (key === 'End') reading.toEnd();
    const focus = (row: HTMLElement): void => row.focus({ preventScroll: true });
    if (seq === undefined) return true;
    const row = document.getElementById(`m${seq}`);
    // The next one is mostly in sight or just beyond it, and is shown with the least movement.
    if (key.startsWith('Arrow') && row?.hasAttribute('tabindex')) row.focus();
    else reading.bring(seq, focus);
    return true;
  }

  #act(row: HTMLElement, seq: Seq, key: string): boolean {
    const { rows, you, edited, panel, reading } = this.#page;
    const found = rows.value.find((row) => row.kind === 'message' && row.message.seq === seq);
    const message: Message | null = found?.kind === 'message' ? found.message : null;
    if (key === 'Escape') reading.toEnd();
    else if (key === '/' && isWanted(key)) panel.value = 'search';
    else if (message === null || message.deleted || !isWanted(key)) return false;
    else if (key === 'c') void this.#page.copyLink(seq);
    else if (key === 'Enter') this.#open(row, seq, '.menu button');
    else if (you.value === null) return false;
    else if (key === '+') this.#open(row, seq, '.menu .emoji');
    else if (key === 'Delete') this.#open(row, seq, '.menu .danger');
    else if (key === 'r') this.#page.reply(message);
    else if (key === 'e' && message.by.id === you.value.id) edited.value = seq;
    else return false;
    return true;
  }

  /** Opens the actions, and leads to one of them. */
  #open(row: HTMLElement, seq: Seq, selector: string): void {
    this.#page.opened.value = seq;
    // They are drawn in a microtask, and there after it.
    setTimeout(() => row.querySelector<HTMLElement>(selector)?.focus());
  }
}

/** Whoever speaks to the machine, and is heard as keys, can turn off those that act alone. */
function isWanted(key: string): boolean {
  return key.length > 1 || settings.value.singleKeys === 'on';
}
