/** What is loaded later than the messages, and how it stands on the page once it is there. */
import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import type * as parts from './aside.ts';
import { addressOf } from './browser/addresses.ts';
import { laterScript } from './browser/script.ts';
import { applySheet } from './browser/sheet.ts';

type Aside = typeof parts;

/** What is loaded later, once it is there. */
export const aside = signal<Aside | null>(null);

const arrival = Promise.withResolvers<Aside>();
/** The same, for what is done once when it comes. */
export const whenThere = arrival.promise;

const loadScript = laterScript(
  async () => await import('./aside.ts'),
  () => addressOf('aside'),
);

/** What could not be loaded is asked for again after so long: without it nobody can write. */
const againMs = 5_000;
let isAsked = false;

/** Loads it, unless that is done or under way. Where it cannot be had, the page goes on without. */
export async function loadAside(): Promise<void> {
  if (isAsked) return;
  isAsked = true;
  try {
    // Nothing of it is drawn before both are there: the script, and what it looks like.
    const [part] = await Promise.all([loadScript(), applySheet(addressOf('sheet'))]);
    aside.value = part;
    arrival.resolve(part);
  } catch {
    isAsked = false;
    setTimeout(() => void loadAside(), againMs);
  }
}

/** A component that is loaded later, and what stands there meanwhile. */
export function later<Props extends object>(
  of: (aside: Aside) => ComponentType<Props>,
  Meanwhile: ComponentType<Props> = Nothing,
) {
  return function Later(props: Props) {
    const Part = aside.value ? of(aside.value) : Meanwhile;
    return <Part {...props} />;
  };
}

function Nothing() {
  return null;
}
