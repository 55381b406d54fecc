/**
 * What was found so far. Everything is counted; what is told in words is bounded, so that a chat
 * that is wrong in every reply does not fill the memory, and each kind of anomaly has room for its
 * first, however often another came before it.
 */
import { anomalies, type Anomaly, type AnomalyName } from './record.ts';

export class Findings {
  /** The line of the history that is being read, from 1. */
  line = 0;
  readonly told: Anomaly[] = [];
  readonly counts: Partial<Record<AnomalyName, number>> = {};
  readonly #anomaliesMax: number;

  constructor(anomaliesMax: number) {
    this.#anomaliesMax = anomaliesMax;
  }

  /** Notes an anomaly, at the line that is being read unless it became certain at another. */
  add(name: AnomalyName, detail: string, line = this.line): void {
    const count = (this.counts[name] ?? 0) + 1;
    this.counts[name] = count;
    const unseen = Object.keys(anomalies).length - Object.keys(this.counts).length;
    const room = count === 1 ? this.#anomaliesMax : this.#anomaliesMax - unseen;
    if (this.told.length < room) this.told.push({ name, detail, line });
  }
}
