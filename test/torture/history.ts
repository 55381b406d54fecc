/**
 * Puts what everybody writes down into one history, in the order in which it happened, and gives it
 * to the checker and to a file. The processes that write share a clock; what they send arrives a
 * little later and not in order, so everything waits a moment before its turn.
 */
import { appendFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { HistoryRecord, Operation } from '../checker/record.ts';
import { unsaidEpoch } from './recorder.ts';

export interface HistoryParts {
  /** Hears of each record, in order. */
  readonly take: (record: HistoryRecord) => void;
}

/** How far somebody has read. */
export interface Place {
  readonly epoch: string;
  readonly to: number;
}

/** How long a record waits for earlier ones of others. */
const waitMs = 4_000;
/** After a longer pause of our own, what others have sent meanwhile is looked at first. */
const pauseMsMax = 1_500;
/** Text that is compressed at once. */
const chunkBytes = 2 * 1024 * 1024;
/** No file grows beyond this; the checker hears of everything all the same. */
const fileBytesMax = 4 * 1024 * 1024 * 1024;

/** The clock that all who write share. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

export class History {
  /** How far each client has read, as of what has arrived. */
  readonly places = new Map<string, Place>();
  acknowledged = 0;
  shown = 0;
  /** Records that came too late for their place. */
  late = 0;
  readonly #parts: HistoryParts;
  #path: string | null = null;
  #waiting: HistoryRecord[] = [];
  /** Which history was served from when on. */
  readonly #epochs: { readonly from: number; readonly epoch: string }[] = [];
  #doneUntil = 0;
  #passedAt = nowMs();
  #text: string[] = [];
  #textBytes = 0;
  #fileBytes = 0;
  #nr = 0;

  constructor(parts: HistoryParts) {
    this.#parts = parts;
  }

  /** Writes it to a file, compressed. */
  keepAt(path: string): void {
    this.#path = path;
  }

  /** From now on this history is served. To be said while nobody is served. */
  serves(epoch: string): void {
    this.#epochs.push({ from: nowMs(), epoch });
  }

  get epoch(): string {
    return this.#epochs.at(-1)?.epoch ?? unsaidEpoch;
  }

  /** Takes what others wrote down. */
  take(records: readonly HistoryRecord[]): void {
    for (const record of records) {
      this.#waiting.push(record);
      if (record.do === 'say' && record.is === 'ok') this.acknowledged++;
      if (record.do === 'show') this.shown++;
      if (record.is !== 'ok') continue;
      if (record.do === 'poll') this.#stands(record.who, record.epoch, record.to);
      if (record.do === 'begin') this.#stands(record.who, record.epoch, record.seq);
    }
  }

  /** Writes down something of our own, now. Answers with its number, for what ends it. */
  note(who: string, operation: Operation, nr = this.#nr++): number {
    this.#waiting.push({ at: nowMs(), who, nr, ...operation });
    return nr;
  }

  /** Passes on what has waited long enough. */
  pass(): void {
    const now = nowMs();
    const hasPaused = now - this.#passedAt > pauseMsMax;
    this.#passedAt = now;
    if (!hasPaused) this.#passUntil(now - waitMs);
  }

  /** Passes on everything: nobody writes any more. */
  end(): void {
    this.#passUntil(Infinity);
    this.#flush();
  }

  #passUntil(until: number): void {
    const due = this.#waiting.filter((record) => record.at < until);
    if (due.length === 0) return;
    this.#waiting = this.#waiting.filter((record) => record.at >= until);
    for (const record of due.toSorted((a, b) => a.at - b.at)) {
      if (record.at < this.#doneUntil) this.late++;
      else this.#doneUntil = record.at;
      const whole = this.#placed(record);
      this.#parts.take(whole);
      this.#keep(whole);
    }
  }

  /** Some answers do not say which history they are from: the one that was served then. */
  #placed(record: HistoryRecord): HistoryRecord {
    const isUnplaced = (record.do === 'say' || record.do === 'page') && record.is === 'ok';
    if (!isUnplaced || record.epoch !== unsaidEpoch) return record;
    const served = this.#epochs.findLast(({ from }) => from <= record.at);
    return { ...record, epoch: served?.epoch ?? unsaidEpoch };
  }

  #stands(who: string, epoch: string, to: number): void {
    const known = this.places.get(who);
    if (known?.epoch === epoch && known.to >= to) return;
    this.places.set(who, { epoch, to });
  }

  #keep(record: HistoryRecord): void {
    if (this.#path === null || this.#fileBytes > fileBytesMax) return;
    const line = JSON.stringify(record);
    this.#text.push(line);
    this.#textBytes += line.length + 1;
    if (this.#textBytes > chunkBytes) this.#flush();
  }

  #flush(): void {
    if (this.#path === null || this.#text.length === 0) return;
    // Compressed pieces one after the other are a compressed file.
    const piece = gzipSync(`${this.#text.join('\n')}\n`, { level: 1 });
    appendFileSync(this.#path, piece);
    this.#fileBytes += piece.length;
    this.#text = [];
    this.#textBytes = 0;
  }
}
