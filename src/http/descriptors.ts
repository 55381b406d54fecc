/**
 * How many connections this process can hold. Each takes a descriptor, and a process without one
 * left can neither accept the next nor open its own files: so the last are kept for itself.
 */
import { readFileSync } from 'node:fs';

/** Descriptors for everything that is no connection: the journal's files, a thread, a log. */
const reserved = 256;

/** Where the system does not say how many there are. */
const assumed = 10_000;

export function connectionsAllowed(): number {
  try {
    const text = readFileSync('/proc/self/limits', 'utf8');
    const soft = /^Max open files\s+(\d+|unlimited)/m.exec(text)?.[1] ?? '';
    if (soft === 'unlimited') return Number.POSITIVE_INFINITY;
    return Math.max(1, (Number(soft) || assumed) - reserved);
  } catch {
    return assumed;
  }
}
