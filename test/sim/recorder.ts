/** Writes the history of a run, and gives each record to the checker as it comes. */
import type { Entry, Message, WireEntry } from '../../src/protocol/entries.ts';
import type { HistoryRecord, Operation } from '../checker/record.ts';
import type { Timeline } from './sim-clock.ts';

export class Recorder {
  readonly #timeline: Timeline;
  readonly #takers: readonly ((record: HistoryRecord) => void)[];
  #count = 0;

  constructor(timeline: Timeline, takers: readonly ((record: HistoryRecord) => void)[]) {
    this.#timeline = timeline;
    this.#takers = takers;
  }

  /** A number for an operation that begins. */
  nr(): number {
    return ++this.#count;
  }

  add(who: string, nr: number, operation: Operation): void {
    const record: HistoryRecord = { at: this.#timeline.nowMs, who, nr, ...operation };
    for (const take of this.#takers) take(record);
  }

  /** Something is broken on purpose. The answer is to be called when it is over. */
  fault(name: string, detail = ''): (evidence: string) => void {
    const nr = this.nr();
    this.add('faults', nr, { do: 'fault', is: 'invoke', name, detail });
    return (evidence) => this.add('faults', nr, { do: 'fault', is: 'ok', evidence });
  }
}

export type AnyEntry = Entry | Message | WireEntry;
