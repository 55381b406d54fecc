/**
 * What the browser keeps for the page, and of it what is needed at the beginning; `memory.ts` has
 * the rest. A browser may refuse to keep anything. Then the page does without.
 */

/** Other tabs hear of a change under this name. */
export const settingsKey = 'encke:settings';
const seenKey = 'encke:seen';

/** The settings of this browser as they were written; empty when there are none. */
export function readSettings(): string {
  return read('localStorage', settingsKey);
}

export function writeSettings(settings: string): void {
  write('localStorage', settingsKey, settings);
}

/** The seq of the newest message that was read in this browser; 0 when none was. */
export function rememberedSeen(): number {
  return Number(read('localStorage', seenKey)) || 0;
}

export function rememberSeen(seq: number): void {
  write('localStorage', seenKey, String(seq));
}

/** The storage of this tab, for the client; null where the browser refuses it. */
export function tabStorage(): Storage | null {
  return storageOf('sessionStorage');
}

type Kind = 'localStorage' | 'sessionStorage';

/** Merely naming a storage throws where cookies are blocked. */
export function storageOf(kind: Kind): Storage | null {
  try {
    return window[kind];
  } catch {
    return null;
  }
}

export function read(kind: Kind, key: string): string {
  return storageOf(kind)?.getItem(key) ?? '';
}

export function write(kind: Kind, key: string, value: string): void {
  try {
    storageOf(kind)?.setItem(key, value);
  } catch {
    // It is full.
  }
}
