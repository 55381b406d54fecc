/**
 * What survives a reload: how far the page had read, and what was said but is not recorded yet. It
 * belongs in a storage of one tab (`sessionStorage`): two tabs that shared a cursor would each skip
 * what the other has read.
 */
import type { Position } from '../client/course.ts';
import type { Pending } from './pending.ts';

export interface Kept {
  readonly position: Position | null;
  readonly outbox: readonly Pending[];
  /** Only where no cookie speaks for us. */
  readonly token?: string;
}

export type CopyStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** What was kept under this key; null when there is nothing that can be read. */
export function readKept(storage: CopyStorage, key: string): Kept | null {
  try {
    return parseKept(storage.getItem(key));
  } catch {
    return null;
  }
}

/** Reads what `writeKept` wrote; null for anything else. */
export function parseKept(text: string | null): Kept | null {
  try {
    const kept = JSON.parse(text ?? 'null') as Kept | null;
    return Array.isArray(kept?.outbox) ? kept : null;
  } catch {
    return null;
  }
}

/** A full or forbidden storage costs what a reload would have kept, and nothing else. */
export function writeKept(storage: CopyStorage, key: string, kept: Kept): void {
  try {
    const isNothing = !kept.position && kept.outbox.length === 0 && kept.token === undefined;
    if (isNothing) storage.removeItem(key);
    else storage.setItem(key, JSON.stringify(kept));
  } catch {
    // Said above.
  }
}
