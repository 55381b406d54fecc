/** Locks by which tabs and workers learn of each other's end, and agree on who hosts. */

/** As much of the Web Locks as is used. */
export interface Locks {
  request(
    name: string,
    options: { readonly signal?: AbortSignal; readonly steal?: boolean },
    run: () => Promise<void>,
  ): Promise<unknown>;
}

/**
 * The lock that a worker or a tab holds for as long as it lives, by its name. Whoever asks for it
 * is given it at its end, of whatever that comes: a crash says no goodbye.
 */
export function lifeOf(name: string): string {
  return `encke:${name}`;
}
