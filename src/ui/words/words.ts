/**
 * All that the page says, in the language in use. English is part of the page's script; another
 * language is a file of its own that is loaded only where it is chosen. Read `words` while drawing,
 * not while a module loads: until the language is there it holds English.
 */
import { en } from './en.ts';
import { formatIn } from './formats.ts';
import { grammarOf, type Grammar } from './grammar.ts';

export type Words = ReturnType<typeof en>;

/** The words of one language. English is the model: what it has, each of the others has. */
export type Catalogue = (grammar: Grammar) => Words;

export const words: Words = en(grammarOf('en'));

/** The languages beside English, by their code. */
const catalogues: Readonly<Record<string, () => Promise<Catalogue>>> = {};

const rightToLeft: readonly string[] = ['ar'];

/**
 * Chooses the first of these languages that there are words for, as `navigator.languages` lists
 * them. To be called once, before anything is drawn. When its words cannot be had, it is English.
 */
export async function speak(wanted: readonly string[]): Promise<void> {
  const locale = wanted.find(isSpoken) ?? 'en';
  const load = catalogues[codeOf(locale)];
  try {
    if (load) Object.assign(words, (await load())(grammarOf(locale)));
    use(locale);
  } catch {
    use('en');
  }
}

function use(locale: string): void {
  formatIn(locale);
  document.documentElement.lang = locale;
  document.documentElement.dir = rightToLeft.includes(codeOf(locale)) ? 'rtl' : 'ltr';
}

function isSpoken(locale: string): boolean {
  const code = codeOf(locale);
  return code === 'en' || code in catalogues;
}

/** `de` of `de-AT` */
function codeOf(locale: string): string {
  return locale.replace(/-.*/, '').toLowerCase();
}
