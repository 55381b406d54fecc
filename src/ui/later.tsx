import { signal } from '@preact/signals';
import type { ComponentChildren, ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import type * as parts from './aside.ts';
import { named } from './browser/document.ts';
import { applySheet } from './browser/sheet.ts';

type Aside = typeof parts;

/** What is loaded later, once it is there. */
export const aside = signal<Aside | null>(null);

/** What could not be loaded is asked for again after so long: without it nobody can write. */
const againMs = 5_000;
let loading: Promise<Aside | null> | null = null;

/** Loads it. Where it cannot be had, the answer is null, and the page goes on without. */
export async function loadAside(): Promise<Aside | null> {
  return await (loading ??= load());
}

/** The script and what it looks like, side by side. Nothing of it is drawn before both are there. */
async function load(): Promise<Aside | null> {
  try {
    const [part] = await Promise.all([import('./aside.ts'), applySheet(named('aside'))]);
    return (aside.value = part);
  } catch {
    setTimeout(() => void loadAside(), againMs);
    loading = null;
    return null;
  }
}

/** A component whose script is loaded when it is first shown, and what stands there meanwhile. */
export function later<Props extends object>(
  of: (aside: Aside) => ComponentType<Props>,
  meanwhile: ComponentChildren = null,
) {
  return function Later(props: Props) {
    useEffect(() => void loadAside(), []);
    const Part = aside.value && of(aside.value);
    return Part ? <Part {...props} /> : <>{meanwhile}</>;
  };
}
