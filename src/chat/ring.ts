/**
 * The newest entries, encoded once for everybody. A poll that stands within the ring is answered
 * from memory; one that stands further back asks the journal. Bounded in count and in bytes: what
 * falls out is not lost, only further away.
 */
import type { Hash, Recorded, Seq } from '../protocol/entries.ts';
import { audienceOf, isQuiet } from '../protocol/entries.ts';
import type { Committed, Position } from '../journal/journal.ts';
import { limits } from '../protocol/limits.ts';

/** An entry as it goes over the wire. */
export interface Encoded {
  readonly seq: Seq;
  readonly json: string;
  /** The length of the JSON in UTF-8. */
  readonly bytes: number;
}

/** Encodes an entry. */
export function encode(entry: Recorded): Encoded {
  const json = JSON.stringify(entry);
  return { seq: entry.seq, json, bytes: Buffer.byteLength(json) };
}

/** A message or an edit whose text is taken out. */
interface Redacted extends Recorded {
  text: string;
  edited?: number;
  deleted?: true;
  rev?: Seq;
}

interface Kept extends Encoded {
  /** The message whose text this carries: itself, or the one it edits; 0 for any other entry. */
  readonly textOf: number;
}

/** Hashes are let go of so many at once, because taking from the front moves all others. */
const hashesDropped = 1_024;

export class Ring {
  /** The hash at each seq from `#base` to the head. */
  readonly #hashes: Hash[];
  #base: Seq;
  /** The ring knows every entry after this seq, which is not before the base. */
  #floor: Seq;
  /** Entries for everyone, ascending. Those before `#first` have fallen out. */
  #kept: Kept[] = [];
  #first = 0;
  #bytes = 0;

  /** An empty ring that continues from a position. */
  constructor(at: Position) {
    this.#base = at.seq;
    this.#floor = at.seq;
    this.#hashes = [at.hash];
  }

  head(): Position {
    const seq = (this.#base + this.#hashes.length - 1) as Seq;
    return { seq, hash: this.#hashes.at(-1) as Hash };
  }

  /** The ring knows every entry after this seq. */
  floor(): Seq {
    return this.#floor;
  }

  /** What it takes of memory, roughly, in bytes. */
  bytes(): number {
    return this.#bytes;
  }

  /** The hash at a seq, or null when the ring does not reach so far. */
  hashAt(seq: Seq): Hash | null {
    return seq < this.#floor ? null : (this.#hashes[seq - this.#base] ?? null);
  }

  /** The seq of the newest entry for everyone; the floor when the ring has none. */
  lastPublic(): Seq {
    return this.#kept.at(-1)?.seq ?? this.#floor;
  }

  /** Takes the next entry. It must follow the head. */
  push({ entry: recorded, hash, present }: Committed): void {
    // An edit that was recorded after the deletion of its message changes nothing, and its text is
    // no more to be told than the message's.
    const isVoid = recorded.type === 'edit' && present?.deleted === true;
    const entry = isVoid ? { ...recorded, text: '' } : recorded;
    if (entry.seq !== this.head().seq + 1) {
      throw new Error(`The ring stands at ${this.head().seq} and was given ${entry.seq}`);
    }
    this.#hashes.push(hash);
    if (entry.type === 'delete') this.#redact(entry.of, entry.seq);
    if (audienceOf(entry) === 'everyone' && !isQuiet(entry)) {
      const encoded = encode(entry);
      const textOf = entry.type === 'message' ? entry.seq : entry.type === 'edit' ? entry.of : 0;
      this.#kept.push({ ...encoded, textOf });
      this.#bytes += encoded.bytes;
    }
    this.#trim();
  }

  /** Entries for everyone after a seq that is not before the floor, ascending. */
  after(seq: Seq): readonly Encoded[] {
    let low = this.#first;
    let high = this.#kept.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#kept[middle] as Kept).seq <= seq) low = middle + 1;
      else high = middle;
    }
    return this.#kept.slice(low);
  }

  /** Takes the text of a deleted message out of what is still to be sent. */
  #redact(of: Seq, by: Seq): void {
    let edited: number | undefined;
    // The edits stand behind their message: it comes last, and says when the last of them was.
    for (let at = this.#kept.length - 1; at >= this.#first; at--) {
      const kept = this.#kept[at] as Kept;
      if (kept.textOf !== of) continue;
      const entry = JSON.parse(kept.json) as Redacted;
      entry.text = '';
      if (kept.seq === of) {
        if (edited !== undefined) entry.edited = edited;
        entry.deleted = true;
        entry.rev = by;
      } else edited ??= entry.at;
      const encoded = encode(entry);
      this.#bytes += encoded.bytes - kept.bytes;
      this.#kept[at] = { ...encoded, textOf: of };
    }
  }

  /** Lets go of the oldest entry for everyone, and of all before it. */
  #dropOldest(): void {
    const oldest = this.#kept[this.#first];
    if (oldest !== undefined) this.#moveFloor(oldest.seq);
  }

  #moveFloor(floor: Seq): void {
    this.#floor = floor;
    if (floor - this.#base > hashesDropped) {
      this.#hashes.splice(0, floor - this.#base);
      this.#base = floor;
    }
    for (;;) {
      const oldest = this.#kept[this.#first];
      if (oldest === undefined || oldest.seq > floor) return;
      this.#bytes -= oldest.bytes;
      this.#first++;
    }
  }

  #trim(): void {
    while (this.#kept.length - this.#first > limits.ringEntriesMax) this.#dropOldest();
    while (this.#bytes > limits.ringBytesMax) this.#dropOldest();
    // Entries that are not sent are kept as a hash alone, and let go of many at a time.
    const excess = this.#hashes.length - limits.ringHashesMax;
    if (excess > hashesDropped) this.#moveFloor((this.#base + excess) as Seq);
    // What has fallen out is dropped in one move now and then, not one by one.
    if (this.#first > 256 && this.#first * 2 > this.#kept.length) {
      this.#kept = this.#kept.slice(this.#first);
      this.#first = 0;
    }
  }
}
