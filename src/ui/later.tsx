import { signal } from '@preact/signals';
import type { ComponentChildren, ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import type * as parts from './aside.ts';

type Aside = typeof parts;

/** What is loaded later, once it is there. */
export const aside = signal<Aside | null>(null);

/**
 * Loads it. Where it cannot be had, the page goes on without: the answer is null, and it is asked
 * for again the next time.
 */
export async function loadAside(): Promise<Aside | null> {
  return (aside.value ??= await import('./aside.ts').catch(() => null));
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
