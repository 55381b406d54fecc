/** What a catalogue needs of its language beside its words. */
import type { ComponentChildren } from 'preact';
import type { FailureCode } from '../../client/answer.ts';

/** What stands in a sentence: words, or a nick with its colour. */
export type Piece = ComponentChildren;

/** The forms of a phrase by number, with `#` for the number. `other` is every form not named. */
export type Forms = { readonly other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;

/**
 * Why something failed, by its code. What the server says of it is English, and more exact: a
 * sentence here fits whatever has that code.
 */
export type Failures = Readonly<Record<FailureCode, string>>;

export interface Grammar {
  /** The form for a number: `many(2, { one: '# message', other: '# messages' })`. */
  readonly many: (count: number, forms: Forms) => string;
  /** `12,345` */
  readonly number: (count: number) => string;
}

/** The sentence for a code, or what a server that is newer than the page says of it. */
export function sentenceFor(code: string, detail: string, failures: Failures): string {
  return Object.hasOwn(failures, code) ? failures[code as FailureCode] : `${detail}.`;
}

export function grammarOf(locale: string): Grammar {
  const rules = new Intl.PluralRules(locale);
  const whole = new Intl.NumberFormat(locale);
  return {
    many: (count, forms) =>
      (forms[rules.select(count)] ?? forms.other).replace('#', whole.format(count)),
    number: (count) => whole.format(count),
  };
}
