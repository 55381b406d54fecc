/** Whether a bug is caught: something was found that has a name by which it must be. */
import type { PlantedBug } from './bugs.ts';

/**
 * `found` is what was found: an anomaly by its name, a trouble as `name: what`, or the name of a
 * test that failed.
 */
export function isCaught({ caughtBy }: PlantedBug, found: readonly string[]): boolean {
  if ('test' in caughtBy) return found.some((one) => one.includes(caughtBy.named));
  return caughtBy.simulator.some((name) =>
    found.some((one) => one === name || one.startsWith(`${name}:`)),
  );
}
