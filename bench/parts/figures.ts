/** How figures of a measurement are taken and told. */

/** Processor time of this process, all threads, in microseconds. */
export function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** The value below which a share of the values lies. */
export function percentile(values: Float64Array | readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** Resident memory after a collection, in bytes. */
export function residentBytes(): number {
  Bun.gc(true);
  return process.memoryUsage.rss();
}

/** Objects of the heap after a collection, in bytes: what the program itself holds on to. */
export function heapBytes(): number {
  Bun.gc(true);
  return process.memoryUsage().heapUsed;
}

/** One line of figures. */
export function tell(what: string, figures: Readonly<Record<string, string | number>>): void {
  const told = Object.entries(figures).map(([name, value]) => {
    return `${name} ${typeof value === 'number' ? round(value) : value}`;
  });
  console.log(`${what}: ${told.join(', ')}`);
}

function round(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2);
}
