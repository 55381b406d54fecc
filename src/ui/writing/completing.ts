/**
 * Completion while somebody writes, after the pattern of the ARIA guide for a combobox with a list:
 * the focus stays in the field, which names the suggestion that the arrows have reached.
 */
import { batch, signal } from '@preact/signals';
import { completed, wantedAt, type Wanted } from './completion.ts';
import { suggest, type Suggestion, type Surroundings } from './suggestions.ts';

export class Completing {
  readonly suggestions = signal<readonly Suggestion[]>([]);
  /** Which of them Enter and Tab choose. */
  readonly active = signal(0);
  #wanted: Wanted | null = null;
  /** Where the word begins for which Escape has put the suggestions away. */
  #dismissed: number | null = null;
  readonly #surroundings: () => Surroundings;

  constructor(surroundings: () => Surroundings) {
    this.#surroundings = surroundings;
  }

  get isOpen(): boolean {
    return this.suggestions.value.length > 0;
  }

  /** Looks at the word at the caret; to be called whenever one of them may have changed. */
  async look({ value, selectionStart, selectionEnd }: HTMLTextAreaElement): Promise<void> {
    const wanted = wantedAt(value, selectionStart, selectionEnd);
    const isSame = JSON.stringify(wanted) === JSON.stringify(this.#wanted);
    if (isSame) return;
    this.#wanted = wanted;
    if (wanted?.from !== this.#dismissed) this.#dismissed = null;
    if (!wanted || this.#dismissed !== null) {
      this.#show([]);
      return;
    }
    const found = await suggest(wanted, this.#surroundings());
    // Another word may be wanted by now.
    if (this.#wanted !== wanted) return;
    const [only, ...others] = found;
    const isWritten = only?.text === value.slice(wanted.from, wanted.to);
    this.#show(isWritten && others.length === 0 ? [] : found);
  }

  /** Whether a key was for the suggestions. */
  keyPressed(key: string, field: HTMLTextAreaElement): boolean {
    const { length } = this.suggestions.value;
    if (length === 0) return false;
    switch (key) {
      case 'ArrowDown':
      case 'ArrowUp':
        this.active.value = (this.active.value + (key === 'ArrowDown' ? 1 : length - 1)) % length;
        return true;
      case 'Enter':
      case 'Tab':
        this.choose(this.active.value, field);
        return true;
      case 'Escape':
        this.#dismissed = this.#wanted?.from ?? null;
        this.#show([]);
        return true;
      default:
        return false;
    }
  }

  /** Puts a suggestion in the place of its word. The field tells of it as if it had been typed. */
  choose(index: number, field: HTMLTextAreaElement): void {
    const chosen = this.suggestions.value[index];
    const wanted = this.#wanted;
    this.close();
    if (!chosen || !wanted) return;
    const { text, caret } = completed(field.value, wanted, chosen.text);
    field.value = text;
    field.setSelectionRange(caret, caret);
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }

  close(): void {
    this.#wanted = null;
    this.#show([]);
  }

  #show(suggestions: readonly Suggestion[]): void {
    batch(() => {
      this.suggestions.value = suggestions;
      this.active.value = 0;
    });
  }
}
