/** Histories for tests, written in few words. */
import { Checker, type CheckerOptions } from './checker.ts';
import type { AnomalyName, Delivered, HistoryRecord, Operation, Verdict } from './record.ts';

export const epoch = 'E';

/** A history in the making. Time goes on by a millisecond a record unless told otherwise. */
export class History {
  readonly records: HistoryRecord[] = [];
  #nr = 0;
  #atMs = 0;

  /** Adds a record as it is. */
  note(who: string, operation: Operation, nr = ++this.#nr): this {
    this.records.push({ at: ++this.#atMs, who, nr, ...operation });
    return this;
  }

  passes(ms: number): this {
    this.#atMs += ms;
    return this;
  }

  /** Begins an operation; what comes back ends it. */
  invoke(who: string, operation: Extract<Operation, { is: 'invoke' }>): (end: Operation) => this {
    const nr = ++this.#nr;
    this.note(who, operation, nr);
    return (end) => this.note(who, end, nr);
  }

  /** Says something, acknowledged at a seq; or not, with a code, or without an answer. */
  say(key: string, end: number | string | null, { text = key, in: at = epoch } = {}): this {
    const who = key.split(':')[0] ?? key;
    const ends = this.invoke(who, { do: 'say', is: 'invoke', key, text });
    if (typeof end === 'number') return ends({ do: 'say', is: 'ok', epoch: at, seq: end });
    if (end !== null) return ends({ do: 'say', is: 'fail', code: end });
    return ends({ do: 'say', is: 'unknown' });
  }

  begin(
    who: string,
    seq: number,
    { entries = [], in: at = epoch, ...rest }: BeginOptions = {},
  ): this {
    const ends = this.invoke(who, { do: 'begin', is: 'invoke' });
    return ends({ do: 'begin', is: 'ok', epoch: at, seq, entries: entriesOf(entries), ...rest });
  }

  /** A poll after `from`, answered up to `to`. */
  poll(who: string, from: number, to: number, entries: Entries, rest: PollOptions = {}): this {
    const { after = from, in: at = epoch, ...reply } = rest;
    const ends = this.invoke(who, { do: 'poll', is: 'invoke', epoch: at, after, holdMs: 1_000 });
    return ends({
      ...{ do: 'poll', is: 'ok', epoch: at, from, to },
      ...{ entries: entriesOf(entries), ...reply },
    });
  }

  page(who: string, from: number, to: number, entries: Entries, at = epoch): this {
    const ends = this.invoke(who, { do: 'page', is: 'invoke' });
    return ends({ do: 'page', is: 'ok', epoch: at, from, to, entries: entriesOf(entries) });
  }

  show(who: string, entries: Entries, at = epoch): this {
    for (const entry of entriesOf(entries)) {
      this.note(who, { do: 'show', is: 'ok', epoch: at, ...entry });
    }
    return this;
  }

  journal(entries: Entries, at = epoch): this {
    return this.note('journal', {
      ...{ do: 'journal', is: 'ok', epoch: at, entries: entriesOf(entries) },
    });
  }

  cut(seq: number, next: string, at = epoch): this {
    return this.note('run', { do: 'cut', is: 'ok', epoch: at, seq, next });
  }

  healed(seq: number, ...clients: string[]): this {
    return this.note('run', { do: 'healed', is: 'ok', epoch, seq, clients });
  }

  view(who: string, seq: number, forms: Readonly<Record<number, string>>, rest = {}): this {
    const lines = Object.entries(forms).map(([line, form]) => ({ seq: Number(line), form }));
    return this.note(who, { do: 'view', is: 'ok', of: 'screen', epoch, seq, lines, ...rest });
  }
}

/** Entries as they are, or keys by their seq, each with itself as its text. */
export type Entries = readonly Delivered[] | Readonly<Record<number, string>>;

interface BeginOptions {
  readonly entries?: Entries;
  readonly in?: string;
  readonly member?: string;
  readonly role?: 'member' | 'keeper';
  readonly members?: readonly string[];
}

interface PollOptions {
  readonly after?: number;
  readonly in?: string;
  readonly epoch?: string;
  readonly gap?: { readonly from: number; readonly to: number };
  readonly isFresh?: boolean;
}

export function entriesOf(entries: Entries): readonly Delivered[] {
  if (Array.isArray(entries)) return entries as readonly Delivered[];
  return Object.entries(entries as Readonly<Record<number, string>>).map(([seq, key]) => {
    return key.includes(':') && /^(join|leave|member):/.test(key)
      ? { seq: Number(seq), key }
      : { seq: Number(seq), key, text: key };
  });
}

export function verdictOn(records: readonly HistoryRecord[], options?: CheckerOptions): Verdict {
  const checker = new Checker(options);
  for (const record of records) checker.take(record);
  return checker.verdict();
}

/** The names of what is wrong with a history, in order of the alphabet. */
export function namesIn(records: readonly HistoryRecord[]): AnomalyName[] {
  return (Object.keys(verdictOn(records).counts) as AnomalyName[]).sort();
}
