/**
 * The newest messages in their present form: what somebody who comes in sees at once. Everything
 * older is the journal's to find.
 */
import type { Message, Seq } from '../protocol/entries.ts';
import type { Committed } from '../journal/journal.ts';
import { limits } from '../protocol/limits.ts';

export class Recent {
  /** Ascending by seq; a Map keeps the order of insertion. */
  readonly #messages = new Map<Seq, Message>();
  /**
   * The same messages as they were first written, by their author and the author's own id: what a
   * retry is compared with. One that was changed before this process began is not among them.
   */
  readonly #own = new Map<string, Message>();

  /** Takes note of an entry: a new message, or another present form of one. */
  apply({ entry, present }: Committed): void {
    if (entry.type === 'message') this.#add(entry);
    else if (present !== undefined && this.#messages.has(present.seq)) {
      this.#messages.set(present.seq, present);
    }
  }

  /**
   * Takes what the journal has, at a start. Where both know a message, the newer form wins: the
   * journal may have been read before or after what `apply` has seen since.
   */
  merge(page: readonly Message[]): void {
    const merged = new Map(page.map((message) => [message.seq, message]));
    for (const message of this.#messages.values()) {
      const other = merged.get(message.seq);
      if (other === undefined || (other.rev ?? 0) <= (message.rev ?? 0)) {
        merged.set(message.seq, message);
      }
    }
    this.#messages.clear();
    for (const message of [...merged.values()].toSorted((a, b) => a.seq - b.seq))
      this.#add(message);
  }

  get(seq: Seq): Message | null {
    return this.#messages.get(seq) ?? null;
  }

  /** The newest `count`, ascending. */
  newest(count: number): readonly Message[] {
    return [...this.#messages.values()].slice(-count);
  }

  /** A recent message as its author first wrote it, by the author's own id of it. */
  findOwn(by: string, id: string): Message | null {
    return this.#own.get(ownKey(by, id)) ?? null;
  }

  #add(message: Message): void {
    this.#messages.set(message.seq, message);
    const key = ownKey(message.by.id, message.id);
    if (message.rev === undefined && !this.#own.has(key)) this.#own.set(key, message);
    if (this.#messages.size <= limits.recentMax) return;
    const oldest = this.#messages.values().next().value;
    if (oldest === undefined) return;
    this.#messages.delete(oldest.seq);
    this.#own.delete(ownKey(oldest.by.id, oldest.id));
  }
}

function ownKey(by: string, id: string): string {
  return `${by}:${id}`;
}
