/**
 * A chat that is right, however it is used: a model that writes its own history. Clients poll from
 * where they stand or from further back, lose replies, are given gaps, reload; authors retry and
 * hear nothing; the history is cut. What the checker finds in any of it is a false alarm.
 */
import fc from 'fast-check';
import { History } from './history.ts';
import type { Delivered, HistoryRecord, Operation } from './record.ts';

/** What happens next. The numbers choose among what is possible then. */
export interface Step {
  readonly what: (typeof steps)[number];
  readonly who: number;
  readonly n: number;
}

const steps = [
  ...(['say', 'say', 'say', 'answer', 'answer', 'poll', 'poll', 'poll', 'reply', 'reply'] as const),
  ...(['begin', 'page', 'come', 'tell', 'promote', 'flush', 'flush', 'heal', 'cut'] as const),
] as const;

/** Who reads the journal: along with the run, only at its end, or nobody. */
export type Reading = 'along' | 'late' | 'never';

export const anySteps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({ what: fc.constantFrom(...steps), who: fc.nat(3), n: fc.nat(11) }),
  { maxLength: 120, size: 'max' },
);

/** A client of the model. */
interface Client {
  readonly who: string;
  readonly member: string;
  role: 'member' | 'keeper';
  epoch: string;
  /** Which history its position is of: one more with each cut. */
  age: number;
  at: number;
  life: number;
}

type Reply = Extract<Operation, { readonly do: 'poll'; readonly is: 'ok' }>;
type Answer = (n: number) => void;
/** Answers a poll from what is there now; what comes back lets the answer arrive. */
type Held = (n: number) => () => void;

/** Writes the history of a chat to which all of this happened. */
export function historyOf(todo: readonly Step[], reading: Reading): readonly HistoryRecord[] {
  const chat = new RandomChat(reading);
  for (const step of todo) chat.do(step);
  chat.end();
  return chat.history.records;
}

class RandomChat {
  readonly history = new History();
  readonly #reading: Reading;
  readonly #clients: readonly Client[];
  #journal: Delivered[] = [];
  #read = 0;
  #epoch = 'E0';
  #age = 0;
  readonly #cuts: number[] = [];
  #said = 0;
  readonly #unanswered: Answer[] = [];
  #polls: Held[] = [];

  constructor(reading: Reading) {
    this.#reading = reading;
    this.#clients = [0, 1, 2, 3].map((i) => ({
      ...{ who: `c${i}`, member: `m${i}`, role: i === 3 ? ('keeper' as const) : 'member' },
      ...{ epoch: this.#epoch, age: 0, at: 0, life: 0 },
    }));
    for (const client of this.#clients) this.#begin(client, 5);
  }

  do({ what, who, n }: Step): void {
    const client = this.#clients[who];
    if (client === undefined) return;
    switch (what) {
      case 'say':
        return this.#say(client, n);
      case 'answer':
        return this.#unanswered.shift()?.(n);
      case 'poll':
        return this.#poll(client, n);
      case 'reply':
        return this.#polls.splice(n % 2, 1)[0]?.(n)();
      case 'begin':
        return this.#begin(client, n);
      case 'page':
        return this.#page(client, n);
      case 'come':
        return this.#comeOrGo(n);
      case 'tell': {
        const to = n % 3 === 0 ? 'keepers' : client.member;
        return this.#append({ key: 'notice', text: `n${n}`, to });
      }
      case 'promote':
        client.role = n % 2 === 0 ? 'keeper' : 'member';
        return this.#append({ key: `member:${client.member}`, text: client.role });
      case 'flush':
        return this.#flush();
      case 'heal':
        return this.#heal();
      case 'cut':
        return n < 4 ? this.#cut(n) : undefined;
      default:
        throw new Error(`There is no step "${String(what satisfies never)}"`);
    }
  }

  end(): void {
    this.#heal();
    this.#flush();
    if (this.#reading === 'late') this.history.journal(this.#journal, this.#epoch);
  }

  // --- What is recorded -------------------------------------------------------------------------

  #head(): number {
    return this.#journal.at(-1)?.seq ?? 0;
  }

  /** Seqs are not dense: now and then one is left out. */
  #append(entry: Omit<Delivered, 'seq'>): void {
    const seq = this.#head() + (this.#said % 7 === 3 ? 2 : 1);
    this.#journal.push({ seq, ...entry });
  }

  #flush(): void {
    if (this.#reading !== 'along') return;
    const entries = this.#journal.filter(({ seq }) => seq > this.#read);
    if (entries.length > 0) this.history.journal(entries, this.#epoch);
    this.#read = this.#head();
  }

  #say({ member }: Client, n: number): void {
    const key = `${member}:${++this.#said}`;
    const text = `t${n}`;
    const invoked: Operation = { do: 'say', is: 'invoke', key, text };
    const first = this.history.invoke(member, invoked);
    const isLost = n === 0;
    if (n !== 1 && !isLost) this.#append({ key, text });
    const [seq, epoch, age] = [this.#head(), this.#epoch, this.#age];
    const ok: Operation = { do: 'say', is: 'ok', epoch, seq };
    this.#unanswered.push((m) => {
      if (isLost) first({ do: 'say', is: 'fail', code: 'TOO_FAST' });
      else if (n === 1 || m === 0 || age !== this.#age) first({ do: 'say', is: 'unknown' });
      else if (m < 9) first(ok);
      else {
        first({ do: 'say', is: 'unknown' });
        this.history.invoke(member, invoked)(ok);
      }
    });
  }

  #comeOrGo(n: number): void {
    const others = new Set<string>();
    for (const { key } of this.#journal) {
      if (key.startsWith('join:x')) others.add(key.slice(5));
      if (key.startsWith('leave:x')) others.delete(key.slice(6));
    }
    const name = `x${n % 4}`;
    const quiet = n % 3 === 0 ? { quiet: true as const } : {};
    this.#append({ key: `${others.has(name) ? 'leave' : 'join'}:${name}`, ...quiet });
  }

  #members(upTo: number): string[] {
    const here = new Set<string>();
    for (const { key, seq } of this.#journal) {
      if (seq > upTo) break;
      if (key.startsWith('join:')) here.add(key.slice(5));
      if (key.startsWith('leave:')) here.delete(key.slice(6));
    }
    return [...here];
  }

  // --- What is given ----------------------------------------------------------------------------

  #visible({ member, role }: Client, from: number, to: number): Delivered[] {
    return this.#journal
      .filter(({ seq, quiet }) => seq > from && seq <= to && quiet !== true)
      .filter((entry) => {
        if (entry.to === undefined || entry.to === member) return true;
        return entry.to === 'keepers' && role === 'keeper';
      });
  }

  #begin(client: Client, n: number): void {
    const begins = this.history.invoke(client.who, { do: 'begin', is: 'invoke' });
    if (n === 0) {
      begins({ do: 'begin', is: 'unknown' });
      return;
    }
    const seq = this.#head();
    const { member, role } = client;
    const messages = this.#visible(client, 0, seq).filter(({ key }) => /^m\d:/.test(key));
    const entries = messages.slice(-n).map(({ seq, key }) => ({ seq, key }));
    const members = this.#members(seq);
    const epoch = this.#epoch;
    begins({ do: 'begin', is: 'ok', epoch, seq, member, role, entries, members });
    Object.assign(client, { epoch, age: this.#age, at: seq, life: client.life + 1 });
  }

  /** Asks, and is answered by a later step. */
  #poll(client: Client, n: number): void {
    const { who, epoch } = client;
    const after = n === 0 ? Math.max(0, client.at - 3) : client.at;
    const ends = this.history.invoke(who, { do: 'poll', is: 'invoke', epoch, after, holdMs: 500 });
    const asked = { ...client };
    const lost = (): void => void ends({ do: 'poll', is: 'unknown' });
    this.#polls.push((m) => {
      if (m === 0) return lost;
      if (this.#isGone(asked, after)) {
        return () => {
          ends({ do: 'poll', is: 'fail', code: 'GONE' });
          if (asked.life === client.life) this.#begin(client, 4);
        };
      }
      const reply = this.#replyTo(client, after, m);
      const age = this.#age;
      return () => {
        if (asked.life === client.life && client.at < after) return lost();
        ends(reply);
        this.#take(client, asked.life, reply, age);
      };
    });
  }

  #replyTo(client: Client, after: number, n: number): Reply {
    const head = this.#head();
    const to = n === 1 ? Math.min(head, after + 2) : head;
    const all = this.#visible(client, after, to);
    const newest = all.slice(-4);
    const [first] = newest;
    const epoch = this.#epoch;
    if (all.length <= 8 || first === undefined) {
      return { do: 'poll', is: 'ok', epoch, from: after, to, entries: all };
    }
    const from = first.seq - 1;
    const gap = { from: after, to: from };
    return { do: 'poll', is: 'ok', epoch, from, to, entries: newest, gap };
  }

  /** A client passes over what an earlier life asked for, and what comes of an earlier history. */
  #take(client: Client, life: number, { to, entries, epoch }: Reply, age: number): void {
    if (life !== client.life || age < client.age) return;
    if (age > client.age && this.#cuts.slice(client.age, age).some((seq) => seq < client.at)) {
      // It had read on in the history that was cut: only a new beginning helps.
      this.#begin(client, 4);
      return;
    }
    const news = entries.filter(({ seq, key }) => seq > client.at && !key.startsWith('join:'));
    this.history.show(client.who, news, epoch);
    client.at = Math.max(client.at, to);
    client.age = age;
  }

  #page(client: Client, n: number): void {
    if (client.age !== this.#age) return;
    const from = Math.max(0, client.at - n);
    const entries = this.#visible(client, from, client.at).map(({ seq, key, to }) => ({
      ...{ seq, key },
      ...(to === undefined ? {} : { to }),
    }));
    this.history.page(client.who, from, client.at, entries, this.#epoch);
  }

  // --- What befalls it --------------------------------------------------------------------------

  /** Whether a cursor of this client is of a history that was cut before it. */
  #isGone({ age, epoch }: Client, after: number): boolean {
    return epoch !== this.#epoch || this.#cuts.slice(age).some((seq) => seq < after);
  }

  #cut(n: number): void {
    const seq = this.#journal.at(-4)?.seq ?? 0;
    if (n < 2) this.#flush();
    // Some answers are on their way already.
    this.#polls = this.#polls.map((poll, i) => {
      const arrive = i % 2 === 0 ? poll(5) : null;
      return arrive === null ? poll : () => arrive;
    });
    const next = n % 2 === 0 ? this.#epoch : `E${this.#age + 1}`;
    this.history.cut(seq, next, this.#epoch);
    this.#journal = this.#journal.filter((entry) => entry.seq <= seq);
    this.#read = Math.min(this.#read, seq);
    for (const client of this.#clients) {
      const change = this.#journal.findLast(({ key }) => key === `member:${client.member}`);
      client.role =
        change?.text === 'keeper' || (!change && client.who === 'c3') ? 'keeper' : 'member';
    }
    this.#cuts.push(seq);
    this.#epoch = next;
    this.#age++;
  }

  #heal(): void {
    const fault = this.history.invoke('faults', { do: 'fault', is: 'invoke', name: 'lag' });
    fault({ do: 'fault', is: 'ok', evidence: 'The model says so' });
    while (this.#unanswered.length > 0) this.#unanswered.shift()?.(5);
    while (this.#polls.length > 0) this.#polls.shift()?.(5)();
    for (const client of this.#clients) {
      if (this.#isGone(client, client.at)) this.#begin(client, 4);
      this.#poll(client, 5);
      this.#polls.shift()?.(5)();
    }
    const clients = this.#clients.map(({ who }) => who);
    const seq = this.#head();
    const epoch = this.#epoch;
    this.history.note('run', { do: 'healed', is: 'ok', epoch, seq, clients });
  }
}
