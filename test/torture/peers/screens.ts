/**
 * What the users of a chat saw: for everybody who was in before a message was said, was it shown
 * to them exactly once, and to all in the same order? Told from the history alone, like the
 * checker's verdict, and counted in what a user would complain about.
 */
import type { HistoryRecord } from '../../checker/record.ts';

export interface Seen {
  readonly members: number;
  readonly said: number;
  /** Messages whose author was told that they are in. */
  readonly acknowledged: number;
  /** Messages that appeared on a screen, each time counted. */
  readonly shown: number;
  /** Acknowledged, and never shown to somebody who was in: once for each of them. */
  readonly lost: number;
  /** The messages that this befell. */
  readonly lostMessages: number;
  /** Shown to somebody again who had it. */
  readonly repeated: number;
  /** Shown behind one that stands behind it. */
  readonly disordered: number;
  /** Messages that stand elsewhere for one than for another, or than their author was told. */
  readonly misnumbered: number;
  /** Their author was told nothing, or that they failed; some have them and others do not. */
  readonly split: number;
  /** Members to whom the last message of all was not shown. */
  readonly stuck: number;
}

interface Message {
  /** How many records came before it was said. */
  readonly since: number;
  isAcknowledged: boolean;
  /** The places that anybody was told. */
  readonly places: Set<string>;
  /** How often it was shown, by member. */
  readonly shown: Map<string, number>;
}

export class Screens {
  readonly #messages = new Map<string, Message>();
  /** By operation. */
  readonly #sayings = new Map<string, Message>();
  /** When each member was in, in records. */
  readonly #since = new Map<string, number>();
  /** The furthest place on each screen. */
  readonly #furthest = new Map<string, number>();
  #records = 0;
  #shown = 0;
  #disordered = 0;
  #last: Message | null = null;

  take(record: HistoryRecord): void {
    this.#records++;
    if (record.do === 'begin' && record.is === 'ok') {
      if (!this.#since.has(record.who)) this.#since.set(record.who, this.#records);
    } else if (record.do === 'say') this.#takeSaying(record);
    else if (record.do === 'show') this.#takeShown(record);
  }

  get members(): readonly string[] {
    return [...this.#since.keys()];
  }

  /** Sayings of which nobody knows yet how they end. */
  get pending(): number {
    return this.#sayings.size;
  }

  seen(): Seen {
    const messages = [...this.#messages.values()];
    const acknowledged = messages.filter((message) => message.isAcknowledged);
    const losses = acknowledged.map((message) => this.#missing(message));
    return {
      members: this.#since.size,
      said: messages.length,
      acknowledged: acknowledged.length,
      shown: this.#shown,
      lost: sum(losses),
      lostMessages: losses.filter((missing) => missing > 0).length,
      repeated: sum(messages.flatMap(({ shown }) => [...shown.values()].map((n) => n - 1))),
      disordered: this.#disordered,
      misnumbered: messages.filter(({ places }) => places.size > 1).length,
      split: messages.filter((message) => this.#isSplit(message)).length,
      stuck: this.#last === null ? this.#since.size : this.#missing(this.#last),
    };
  }

  #takeSaying(record: HistoryRecord & { readonly do: 'say' }): void {
    const operation = `${record.who} ${record.nr}`;
    if (record.is === 'invoke') {
      const message = this.#messageOf(record.key);
      this.#sayings.set(operation, message);
      this.#last = message;
      return;
    }
    const message = this.#sayings.get(operation);
    if (message === undefined) throw new Error(`"${operation}" ended and never began`);
    this.#sayings.delete(operation);
    if (record.is !== 'ok') return;
    message.isAcknowledged = true;
    message.places.add(`${record.epoch} ${record.seq}`);
  }

  #takeShown({ who, key, epoch, seq }: HistoryRecord & { readonly do: 'show' }): void {
    const message = this.#messageOf(key);
    const times = message.shown.get(who) ?? 0;
    message.shown.set(who, times + 1);
    message.places.add(`${epoch} ${seq}`);
    this.#shown++;
    if (times > 0) return;
    if (seq < (this.#furthest.get(who) ?? 0)) this.#disordered++;
    else this.#furthest.set(who, seq);
  }

  #messageOf(key: string): Message {
    const known = this.#messages.get(key);
    if (known !== undefined) return known;
    const since = this.#records;
    const message = { since, isAcknowledged: false, places: new Set(''), shown: new Map() };
    this.#messages.set(key, message);
    return message;
  }

  /** To how many it was not shown who were in when it was said. */
  #missing({ since, shown }: Message): number {
    return [...this.#since].filter(([who, begun]) => begun < since && !shown.has(who)).length;
  }

  #isSplit(message: Message): boolean {
    return !message.isAcknowledged && message.shown.size > 0 && this.#missing(message) > 0;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
