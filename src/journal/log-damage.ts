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
 * ended a transaction, that may be what is bad about it: it counts only with a size of the database
 * that the database can have had then, which grows with the log and never shrinks.
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

interface Sum {
  readonly high: number;
  readonly low: number;
}

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
  /** Pages that the database cannot have had more of at any commit in the log. */
  readonly #pagesMax: number;

  constructor(file: number, databaseBytes: number) {
    this.#file = file;
    this.#header = Buffer.alloc(headerBytes);
    const hasHeader = readSync(file, this.#header, 0, headerBytes, 0) === headerBytes;
    this.#isBigEndian = (this.#header.readUInt32BE(0) & 1) === 1;
    const pageBytes = this.#header.readUInt32BE(8);
    const isLog =
      hasHeader &&
      (this.#header.readUInt32BE(0) & ~1) >>> 0 === magic &&
      pageBytes >= pageBytesMin &&
      pageBytes <= pageBytesMax;
    this.#frame = Buffer.alloc(isLog ? frameHeaderBytes + pageBytes : 0);
    const { size } = fstatSync(file);
    this.#frames = isLog ? Math.floor((size - headerBytes) / this.#frame.length) : 0;
    this.#pagesMax = Math.ceil(databaseBytes / pageBytes) + this.#frames;
  }

  damagedFrame(): number | null {
    if (this.#frames === 0) return null;
    // A log whose header is wrong was just begun anew: all that stood in it is in the database.
    let sum = { high: this.#header.readUInt32BE(24), low: this.#header.readUInt32BE(28) };
    if (!isSame(this.#sum(this.#header.subarray(0, 24), { high: 0, low: 0 }), sum)) return null;
    let bad: number | null = null;
    let isCommitted = false;
    /** What the database had at the last commit that is beyond doubt. */
    let pages = 1;
    for (let nr = 1; nr <= this.#frames; nr++) {
      const follows = this.#read(nr) && this.#follows(sum);
      if (!follows) bad ??= nr;
      // A new transaction that continues the one before it: that one was on disk when it began.
      else if (bad !== null && isCommitted) return bad;
      const pagesThen = this.#frame.readUInt32BE(4);
      isCommitted = follows ? pagesThen > 0 : pagesThen >= pages && pagesThen <= this.#pagesMax;
      if (follows && isCommitted) pages = pagesThen;
      sum = this.#stored();
    }
    return null;
  }

  #read(nr: number): boolean {
    const at = headerBytes + (nr - 1) * this.#frame.length;
    return readSync(this.#file, this.#frame, 0, this.#frame.length, at) === this.#frame.length;
  }

  /** Whether the frame belongs to this log, and continues the checksum of what stands before it. */
  #follows(before: Sum): boolean {
    const frame = this.#frame;
    if (frame.compare(this.#header, 16, 24, 8, 16) !== 0) return false;
    const head = this.#sum(frame.subarray(0, 8), before);
    return isSame(this.#sum(frame.subarray(frameHeaderBytes), head), this.#stored());
  }

  #stored(): Sum {
    return { high: this.#frame.readUInt32BE(16), low: this.#frame.readUInt32BE(20) };
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
