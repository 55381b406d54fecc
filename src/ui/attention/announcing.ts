/** What is read out of what others say: together, and of much only how much it is. */
import { signal, type ReadonlySignal } from '@preact/signals';
import type { Message } from '../../protocol/entries.ts';
import { seenText } from '../text/markdown.ts';
import { words } from '../words/words.ts';

/** Messages that arrive within this time are told together. */
export const gatherMs = 1_000;
/** So many are read out; of more only the number is told, since nobody could listen to them all. */
const readOutMax = 3;

/** Runs something later. The answer keeps it from it. */
export type Later = (run: () => void, ms: number) => () => void;

export class Announcing {
  readonly #told = signal('');
  readonly #later: Later;
  #gathered: readonly Message[] = [];
  #stop: () => void = () => {};

  constructor(later: Later) {
    this.#later = later;
  }

  /** What is to be read out now. */
  get told(): ReadonlySignal<string> {
    return this.#told;
  }

  heard(message: Message): void {
    this.#gathered = [...this.#gathered, message];
    if (this.#gathered.length > 1) return;
    // Only what changes is read: without this the same words would not be heard twice.
    this.#told.value = '';
    this.#stop = this.#later(() => {
      this.#told.value = announcementOf(this.#gathered);
      this.#gathered = [];
    }, gatherMs);
  }

  close(): void {
    this.#stop();
  }
}

function announcementOf(messages: readonly Message[]): string {
  if (messages.length <= readOutMax) {
    return messages
      .map(({ by, text }) => words.reading.announced(by.nick, seenText(text)))
      .join('\n');
  }
  return words.reading.announcedMany(messages.length, messages.at(-1)?.by.nick ?? '');
}
