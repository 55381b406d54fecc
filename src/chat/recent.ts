/**
 * The newest messages in their present form: what somebody who comes in sees at once. Everything
 * older is the journal's to find.
 */
import type { Message, Seq } from '../protocol/entries.ts';
import type { Committed } from '../journal/journal.ts';
import { limits } from '../protocol/limits.ts';

export class Recent {
  /** Ascending by seq. */
  #messages: Message[] = [];
  /**
   * The same messages as they were first written, by their author and the author's own id: what a
   * retry is compared with. One that was changed before this process began is not among them.
   */
  readonly #own = new Map<string, Message>();
  /** What `newest` answered last, for as long as it is true. */
  #answered: readonly Message[] | null = null;
  #answeredCount = 0;

  /** Takes note of an entry: a new message, or another present form of one. */
  apply({ entry, present }: Committed): void {
    if (entry.type === 'message') this.#add(entry);
    else if (present !== undefined) this.#amend(present);
  }

  /**
   * Takes what the journal has, at a start. Where both know a message, the newer form wins: the
   * journal may have been read before or after what `apply` has seen since.
   */
  merge(page: readonly Message[]): void {
    const merged = new Map(page.map((message) => [message.seq, message]));
    for (const message of this.#messages) {
      const other = merged.get(message.seq);
      if (other === undefined || (other.rev ?? 0) <= (message.rev ?? 0)) {
        merged.set(message.seq, message);
      }
    }
    this.#messages = [];
    for (const message of [...merged.values()].toSorted((a, b) => a.seq - b.seq))
      this.#add(message);
  }

  get(seq: Seq): Message | null {
    return this.#messages[this.#indexOf(seq)] ?? null;
  }

  /** The newest `count`, ascending. The same array for as long as they are the same. */
  newest(count: number): readonly Message[] {
    if (this.#answered === null || this.#answeredCount !== count) {
      this.#answered = this.#messages.slice(-count);
      this.#answeredCount = count;
    }
    return this.#answered;
  }

  /** A recent message as its author first wrote it, by the author's own id of it. */
  findOwn(by: string, id: string): Message | null {
    return this.#own.get(ownKey(by, id)) ?? null;
  }

  #add(message: Message): void {
    this.#answered = null;
    this.#messages.push(message);
    const key = ownKey(message.by.id, message.id);
    if (message.rev === undefined && !this.#own.has(key)) this.#own.set(key, message);
    if (this.#messages.length <= limits.recentMax) return;
    const oldest = this.#messages.shift();
    if (oldest !== undefined) this.#own.delete(ownKey(oldest.by.id, oldest.id));
  }

  #amend(present: Message): void {
    const index = this.#indexOf(present.seq);
    if (index === -1) return;
    this.#answered = null;
    this.#messages[index] = present;
  }

  /** Where a message stands; -1 for none of these. From the end: the new ones are asked for. */
  #indexOf(seq: Seq): number {
    return this.#messages.findLastIndex((message) => message.seq === seq);
  }
}

function ownKey(by: string, id: string): string {
  return `${by}:${id}`;
}
