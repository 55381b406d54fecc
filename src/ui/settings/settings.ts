/**
 * What each device may have its own way: how the page looks, and how loud it is. Kept by the
 * browser, shared by its tabs, and never sent.
 */
import { computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import { readSettings, settingsKey, writeSettings } from '../browser/storage.ts';
import { keepHours } from '../words/formats.ts';

/** What can be chosen, in the order in which it is offered. */
const choices = {
  theme: ['auto', 'light', 'dark'],
  textSize: ['small', 'normal', 'large', 'huge'],
  hours: ['auto', '12', '24'],
  /** `auto`: Enter sends where there is a keyboard with a Shift to hold beside it. */
  enter: ['auto', 'send', 'line'],
  /** Keys that do something alone, as `?` does. Whoever speaks to a machine turns them off. */
  singleKeys: ['on', 'off'],
  sound: ['off', 'on'],
  notifications: ['off', 'mentions', 'all'],
} as const;

type Choices = typeof choices;
export type SettingName = keyof Choices;

export type Settings = { readonly [Name in SettingName]: Choices[Name][number] } & {
  /** The code of a language, or `auto` for what the browser prefers. */
  readonly language: string;
};

const defaults: Settings = {
  theme: 'auto',
  textSize: 'normal',
  hours: 'auto',
  enter: 'auto',
  singleKeys: 'on',
  sound: 'off',
  notifications: 'off',
  language: 'auto',
};

const kept = signal<Settings>(read());

export const settings: ReadonlySignal<Settings> = kept;

/** The theme that a site around the page wishes. What is chosen here goes before it. */
export const wishedTheme = signal<Settings['theme']>('auto');

export function choose(change: Partial<Settings>): void {
  kept.value = { ...kept.value, ...change };
  writeSettings(JSON.stringify(kept.value));
}

/** What a setting can be. */
export function choicesOf<Name extends SettingName>(name: Name): readonly Settings[Name][] {
  const all: { readonly [Each in SettingName]: readonly Settings[Each][] } = choices;
  return all[name];
}

/** From now on the document looks as it is chosen, also when it is chosen in another tab. */
export function followSettings(): void {
  const { dataset } = document.documentElement;
  const theme = computed(() =>
    settings.value.theme === 'auto' ? wishedTheme.value : settings.value.theme,
  );
  effect(() => {
    dataset['theme'] = theme.value;
    colourWindow(theme.value);
  });
  effect(() => {
    dataset['textSize'] = settings.value.textSize;
    keepHours(settings.value.hours);
  });
  window.addEventListener('storage', ({ key }) => {
    if (key === settingsKey) kept.value = read();
  });
}

/** The frame that some browsers draw around the page takes its colour from the document's head. */
function colourWindow(theme: Settings['theme']): void {
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]')) {
    const scheme = meta.dataset['scheme'] ?? '';
    const own = `(prefers-color-scheme: ${scheme})`;
    meta.media = theme === 'auto' ? own : theme === scheme ? 'all' : 'not all';
  }
}

/** What was kept, as far as it is still a choice: an older or newer page may have written it. */
function read(): Settings {
  let found: Partial<Record<string, unknown>> = {};
  try {
    found = { ...(JSON.parse(readSettings() || '{}') as object) };
  } catch {
    // It is no JSON, so nothing was kept.
  }
  const chosen = Object.entries(choices).flatMap(([name, all]) => {
    const choice = all.find((one) => one === found[name]);
    return choice === undefined ? [] : [[name, choice] as const];
  });
  const { language } = found;
  return {
    ...defaults,
    ...Object.fromEntries(chosen),
    ...(typeof language === 'string' && { language }),
  };
}
