/**
 * Tells a torn log from a damaged one. After a loss of power the last transaction of the
 * write-ahead log may be there in part, and SQLite passes over it: nobody was told that it was
 * recorded. But SQLite stops at the first bad frame wherever that is, and also drops what was
 * acknowledged after it, without a word. So before SQLite sees the log, this looks whether anything
 * was committed behind the first bad frame: each commit is on disk before the next one begins, so
 * what has a successor was whole once, and was damaged since.
 *
 * A frame continues the checksum of the frame before it, which is how a successor is told from what
 * an earlier torn transaction left behind in the same file. Where the bad frame itself says that it
 * ended a transaction, that may be what is bad about it. It is believed when its header lies within
 * one sector, which a loss of power leaves as it was or makes new but never mixes, and when it has
 * a size that the database can have had then, which grows with the log and never shrinks.
 *
 * The header of the log is synced before the first frame is written, so a log with frames and a bad
 * header was damaged as well. What cannot be told from a torn write, and is taken for one, is
 * damage in the last transaction, and in the few bytes that say where the one before it ends.
 *
 * The format is SQLite's: https://www.sqlite.org/fileformat2.html#the_write_ahead_log
 */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';

const headerBytes = 32;
const frameHeaderBytes = 24;
/** The lowest bit says in which order the words of a checksum are read. */
const magic = 0x377f0682;
/** SQLite's pages have 512 to 65,536 bytes. */
const pageBytesMin = 512;
const pageBytesMax = 65_536;
/** The least that a disk writes at once. */
const sectorBytes = 512;

interface Sum {
  readonly high: number;
  readonly low: number;
}

const zero: Sum = { high: 0, low: 0 };

/** The number of the frame, from 1, at which a log is damaged; null for a whole or a torn one. */
export function damagedFrame(path: string): number | null {
  const file = opened(path);
  if (file === null) return null;
  try {
    return new Log(file, sizeOf(path.slice(0, -'-wal'.length))).damagedFrame();
  } finally {
    closeSync(file);
  }
}

class Log {
  readonly #file: number;
  readonly #header: Buffer;
  readonly #frame: Buffer;
  readonly #frames: number;
  readonly #isBigEndian: boolean;
  readonly #isHeaderDamaged: boolean;
  /** Pages that the database cannot have had more of at any commit in the log. */
  readonly #pagesMax: number;

  constructor(file: number, databaseBytes: number) {
    this.#file = file;
    this.#header = Buffer.alloc(headerBytes);
    const hasHeader = readSync(file, this.#header, 0, headerBytes, 0) === headerBytes;
    this.#isBigEndian = (this.#header.readUInt32BE(0) & 1) === 1;
    const pageBytes = this.#header.readUInt32BE(8);
    const { size } = fstatSync(file);
    const isLog =
      hasHeader &&
      (this.#header.readUInt32BE(0) & ~1) >>> 0 === magic &&
      pageBytes >= pageBytesMin &&
      pageBytes <= pageBytesMax &&
      isSame(this.#sum(this.#header.subarray(0, 24), zero), sumAt(this.#header, 24));
    this.#isHeaderDamaged = !isLog && size >= headerBytes + frameHeaderBytes + pageBytesMin;
    this.#frame = Buffer.alloc(isLog ? frameHeaderBytes + pageBytes : 0);
    this.#frames = isLog ? Math.floor((size - headerBytes) / this.#frame.length) : 0;
    this.#pagesMax = Math.ceil(databaseBytes / pageBytes) + this.#frames;
  }

  damagedFrame(): number | null {
    if (this.#isHeaderDamaged) return 1;
    /** What the next frame may continue: more than one, when it is the checksum that is bad. */
    let sums: readonly Sum[] = [sumAt(this.#header, 24)];
    let bad: number | null = null;
    let isCommitted = false;
    /** What the database had at the last commit that is beyond doubt. */
    let pages = 1;
    for (let nr = 1; nr <= this.#frames; nr++) {
      this.#read(nr);
      const computed = this.#isOfThisLog() ? sums.map((sum) => this.#sumAfter(sum)) : [];
      const stored = sumAt(this.#frame, 16);
      const follows = computed.some((sum) => isSame(sum, stored));
      if (!follows) bad ??= nr;
      // A new transaction that continues the one before it: that one was on disk when it began.
      else if (bad !== null && isCommitted) return bad;
      const pagesThen = this.#frame.readUInt32BE(4);
      isCommitted = follows
        ? pagesThen > 0
        : this.#isWhole(nr) && pagesThen >= pages && pagesThen <= this.#pagesMax;
      if (follows && isCommitted) pages = pagesThen;
      sums = follows ? [stored] : [stored, ...computed.slice(0, 1)];
    }
    return null;
  }

  #read(nr: number): void {
    readSync(this.#file, this.#frame, 0, this.#frame.length, this.#placeOf(nr));
  }

  #placeOf(nr: number): number {
    return headerBytes + (nr - 1) * this.#frame.length;
  }

  /** Whether the header of the frame in hand belongs to this log and lies within one sector. */
  #isWhole(nr: number): boolean {
    const isInOne = (this.#placeOf(nr) % sectorBytes) + frameHeaderBytes <= sectorBytes;
    return isInOne && this.#isOfThisLog();
  }

  #isOfThisLog(): boolean {
    return this.#frame.compare(this.#header, 16, 24, 8, 16) === 0;
  }

  /** The checksum after the frame in hand, continuing one. */
  #sumAfter(before: Sum): Sum {
    const head = this.#sum(this.#frame.subarray(0, 8), before);
    return this.#sum(this.#frame.subarray(frameHeaderBytes), head);
  }

  #sum(bytes: Buffer, { high, low }: Sum): Sum {
    const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let at = 0; at < bytes.length; at += 8) {
      high = (high + words.getUint32(at, !this.#isBigEndian) + low) >>> 0;
      low = (low + words.getUint32(at + 4, !this.#isBigEndian) + high) >>> 0;
    }
    return { high, low };
  }
}

function sumAt(bytes: Buffer, at: number): Sum {
  return { high: bytes.readUInt32BE(at), low: bytes.readUInt32BE(at + 4) };
}

function isSame(one: Sum, other: Sum): boolean {
  return one.high === other.high && one.low === other.low;
}

/** The size of the database; 0 when there is none. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function opened(path: string): number | null {
  try {
    return openSync(path, 'r');
  } catch (reason) {
    if ((reason as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw reason;
  }
}
