/** What happened, in order: a line each, a digest over all, and counts of what must be seen. */
import { createHash } from 'node:crypto';
import type { Timeline } from './sim-clock.ts';

/** What can be seen to be wrong without the checker. */
export const troubles = {
  late: 'all is well, and a message did not arrive when it should have',
  'same-nick': 'two members have one nick',
  unserved: 'nothing stands in the way, and a part of the room does not work',
  crash: 'the server says that something happened to it which nobody did to it',
  leftover: 'what the server holds is not what is there: members, mailboxes, polls',
  leaked: 'an entry reached somebody whom it is not for',
  stale: 'a cursor of a history that was cut was answered as if nothing had happened',
  unpaced: 'who should have been slowed down was not',
  reused: 'an id was taken for two messages, or for somebody else’s',
  replaced: 'the journal is another one, and nobody replaced it',
} as const;

export type TroubleName = keyof typeof troubles;

export class Trace {
  readonly counts = new Map<string, number>();
  /** What is wrong, and needs no checker to be seen. */
  readonly troubles: string[] = [];
  /** Since when nothing is broken; Infinity while something is. */
  wellSinceMs = Infinity;
  readonly #timeline: Timeline;
  readonly #hash = createHash('sha256');
  readonly #print: ((line: string) => void) | null;

  constructor(timeline: Timeline, print: ((line: string) => void) | null) {
    this.#timeline = timeline;
    this.#print = print;
  }

  /** Something happened to somebody. */
  note(who: string, what: string): void {
    // A restored journal makes itself a name by the system's chance, and hashes follow from it.
    const same = what.replaceAll(/[\w-]{11}\.(\w+)\.[\w-]{8}\.(\w+)/g, '$1.$2');
    const line = `${this.#timeline.nowMs.toFixed(3)} ${who} ${same}`;
    this.#hash.update(line);
    this.#print?.(line);
  }

  /** Something happened that a run should have seen. */
  count(what: string, times = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + times);
  }

  /** Something is wrong. */
  trouble(name: TroubleName, what: string): void {
    this.note('trouble', `${name}: ${what}`);
    const at = `at ${this.#timeline.nowMs.toFixed(0)} ms`;
    if (this.troubles.length < 20) this.troubles.push(`${name}: ${what}, ${at}`);
  }

  /** Of everything up to now; asked once. */
  digest(): string {
    return this.#hash.digest('hex').slice(0, 16);
  }
}
