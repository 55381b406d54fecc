import type { Socket } from '../connection.ts';

/** The end of a connection in a test: it takes what it is told to take, and remembers. */
export class FakeSocket implements Socket {
  readonly remoteAddress = '192.0.2.1';
  /** What was done to it, apart from writes. */
  readonly done: string[] = [];
  /** How many writes there were. */
  writes = 0;
  /** Bytes that the network takes before it is full; fewer than 0 when the connection is gone. */
  room = Number.POSITIVE_INFINITY;
  #sent: Buffer = Buffer.alloc(0);

  /** What was sent since somebody last asked. */
  sent(): string {
    const text = this.#sent.toString('latin1');
    this.#sent = Buffer.alloc(0);
    return text;
  }

  get isPaused(): boolean {
    const last = this.done.findLast((word) => word === 'pause' || word === 'resume');
    return last === 'pause';
  }

  write(bytes: Uint8Array): number {
    this.writes++;
    if (this.room < 0) return -1;
    if (this.done.includes('shutdown')) throw new Error('Written after the end');
    const taken = Math.min(this.room, bytes.length);
    this.room -= taken;
    this.#sent = Buffer.concat([this.#sent, bytes.subarray(0, taken)]);
    return taken;
  }

  shutdown(): void {
    this.done.push('shutdown');
  }

  end(): void {
    this.done.push('end');
  }

  terminate(): void {
    this.done.push('terminate');
  }

  pause(): void {
    this.done.push('pause');
  }

  resume(): void {
    this.done.push('resume');
  }
}
