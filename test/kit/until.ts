/** Waiting for something that happens elsewhere, in another process or on a socket. */
import { setTimeout as sleep } from 'node:timers/promises';

const lookEveryMs = 10;

/** Looks until there is an answer, and gives it. Throws, naming what was awaited, when late. */
export async function until<T>(
  what: string,
  look: () => T | null | undefined | false | Promise<T | null | undefined | false>,
  deadlineMs = 15_000,
): Promise<T> {
  const lateAt = performance.now() + deadlineMs;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (performance.now() > lateAt) throw new Error(`Waited ${deadlineMs} ms for: ${what}`);
    await sleep(lookEveryMs);
  }
}
