/**
 * All that the page says, in the language in use. English is part of the page's script, with what
 * is said later in the part that is loaded later; another language is a file of its own that is
 * loaded only where it is chosen. Read `words` while drawing, not while a module loads: until the
 * language is there it holds English.
 */
import { en } from './en.ts';
import type { enAside } from './en-aside.ts';
import { formatIn } from './formats.ts';
import { grammarOf, type Grammar } from './grammar.ts';
import { together } from './sections.ts';

export type Words = ReturnType<typeof en> & ReturnType<typeof enAside>;

/** The words of one language. English is the model: what it has, each of the others has. */
export type Catalogue = (grammar: Grammar) => Words;

// Whoever says what is missing here is loaded together with it.
export const words = en(grammarOf('en')) as Words;

/** Adds the English that is loaded later. What another language has said already, stays. */
export function complete(later: typeof enAside): void {
  Object.assign(words, together(later(grammarOf('en')), words));
}

/** The languages beside English, by their code. */
const catalogues: Readonly<Record<string, () => Promise<Catalogue>>> = {
  de: async () => (await import('./de.ts')).de,
  es: async () => (await import('./es.ts')).es,
  fr: async () => (await import('./fr.ts')).fr,
  ja: async () => (await import('./ja.ts')).ja,
  ar: async () => (await import('./ar.ts')).ar,
};

/** The codes of all languages that the page speaks. */
export const languages: readonly string[] = ['en', ...Object.keys(catalogues)];

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
  return languages.includes(codeOf(locale));
}

/** The languages to try, the best first: the one that was chosen, as this browser writes it. */
export function languagesWanted(chosen: string, preferred: readonly string[]): readonly string[] {
  const own = preferred.filter((locale) => codeOf(locale) === chosen);
  return chosen === 'auto' ? preferred : [...own, chosen, ...preferred];
}

/** `de` of `de-AT` */
function codeOf(locale: string): string {
  return locale.replace(/-.*/, '').toLowerCase();
}
