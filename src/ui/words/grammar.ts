/** What a catalogue needs of its language beside its words. */
import type { ComponentChildren } from 'preact';

/** What stands in a sentence: words, or a nick with its colour. */
export type Piece = ComponentChildren;

/** The forms of a phrase by number, with `#` for the number. `other` is every form not named. */
export type Forms = { readonly other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;

export interface Grammar {
  /** The form for a number: `many(2, { one: '# message', other: '# messages' })`. */
  readonly many: (count: number, forms: Forms) => string;
  /** `12,345` */
  readonly number: (count: number) => string;
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
