/** What runs came to: each in words when something is wrong, all together in figures. */
import type { Simulated } from './simulation.ts';

/** What is wrong with a run, and how to see it again; null when nothing is. */
export function summaryOf({ seed, steps, verdict, troubles }: Simulated): string | null {
  if (verdict.verdict === 'pass' && troubles.length === 0) return null;
  return [
    `seed ${seed}: ${verdict.verdict}, replay: npm run sim -- --seed ${seed} --steps ${steps}`,
    ...verdict.anomalies.slice(0, 8).map(({ name, detail }) => `  ${name}: ${detail}`),
    ...verdict.doubts.map((doubt) => `  doubt: ${doubt}`),
    ...troubles.slice(0, 5).map((trouble) => `  trouble: ${trouble}`),
  ].join('\n');
}

export class Total {
  failed = 0;
  readonly counts = new Map<string, number>();
  readonly #startedMs = performance.now();
  readonly #faults = new Map<string, number>();
  readonly #anomalies = new Map<string, number>();
  #seeds = 0;
  #steps = 0;
  #acknowledged = 0;
  #delivered = 0;
  #polls = 0;
  #virtualMs = 0;

  add(outcome: Simulated): void {
    const { verdict, counts, steps, virtualMs } = outcome;
    if (summaryOf(outcome) !== null) this.failed++;
    this.#seeds++;
    this.#steps += steps;
    this.#acknowledged += verdict.acknowledged;
    this.#delivered += verdict.delivered;
    this.#polls += verdict.polls;
    this.#virtualMs += virtualMs;
    for (const [name, count] of counts) increase(this.counts, name, count);
    for (const [name, count] of Object.entries(verdict.faults)) increase(this.#faults, name, count);
    for (const [name, count] of Object.entries(verdict.counts)) {
      increase(this.#anomalies, name, count);
    }
  }

  toString(): string {
    const seconds = (performance.now() - this.#startedMs) / 1_000;
    const faults = Array.from(this.#faults, ([name, count]) => `  ${count} × ${name}`);
    const anomalies = [...this.#anomalies].map(([name, count]) => `${name} ${count}`);
    return [
      `${this.#seeds} seeds, ${this.failed} failed; ${this.#steps} steps, ` +
        `${Math.round(this.#virtualMs / 1_000)} s of virtual time in ${seconds.toFixed(1)} s`,
      `${this.#acknowledged} messages acknowledged, ${this.#delivered} entries delivered, ` +
        `${this.#polls} polls; anomalies: ${anomalies.join(', ') || 'none'}`,
      'faults:',
      ...faults,
    ].join('\n');
  }
}

function increase(counts: Map<string, number>, name: string, by: number): void {
  counts.set(name, (counts.get(name) ?? 0) + by);
}
