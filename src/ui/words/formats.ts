/** Numbers, lists and dates as the language of the page writes them. */
import { computed, signal } from '@preact/signals';

/** How the hours of a day are counted. */
export type Hours = 'auto' | '12' | '24';

/** A signal, so that what stands on the page is written anew when it changes. */
const manner = signal<{ readonly locale: string; readonly hours: Hours }>({
  // The reader's own variety of the language: English is written differently in two countries.
  locale: 'en',
  hours: 'auto',
});

/** Everything that is formatted from now on is in this language. */
export function formatIn(locale: string): void {
  manner.value = { ...manner.peek(), locale };
}

/** Times of day are written so from now on; `auto` is how the language writes them. */
export function keepHours(hours: Hours): void {
  manner.value = { ...manner.peek(), hours };
}

export function localeNow(): string {
  return manner.value.locale;
}

/** `12,345` */
export function formatCount(count: number): string {
  return new Intl.NumberFormat(localeNow()).format(count);
}

/** A way to write dates. Making the formatter is dear, so it is made at the first use and kept. */
export function dateFormat(options: Intl.DateTimeFormatOptions): (at: number) => string {
  const made = computed(() => {
    const { locale, hours } = manner.value;
    const own = hours === 'auto' ? {} : ({ hourCycle: hours === '12' ? 'h12' : 'h23' } as const);
    return new Intl.DateTimeFormat(locale, { ...options, ...own });
  });
  return (at) => made.value.format(at);
}
