/**
 * The journal's thread: a real clerk, who is told things after a while, does each at one instant,
 * and is heard after another while. In between the thread may die, and the process, and the power.
 */
import { JournalRefused } from '../../src/journal/refused.ts';
import { Clerk } from '../../src/journal/sqlite-clerk.ts';
import type { FromWorker, Recording, ToWorker } from '../../src/journal/sqlite-messages.ts';
import type { Thread, ThreadListener } from '../../src/journal/sqlite-thread.ts';
import type { Disk } from './disk.ts';
import type { Life } from './sim-clock.ts';

export interface DiskThreadParts {
  readonly disk: Disk;
  /** Of the process that the thread is in. */
  readonly life: Life;
  readonly listener: ThreadListener;
}

/** A disk that stalls longer than this is another fault: it does not come back. */
export const hangMsMax = 14_000;

type Commit = Extract<ToWorker, { kind: 'commit' }>;

export class DiskThread implements Thread {
  readonly #parts: DiskThreadParts;
  readonly #clerk: Clerk;
  /** What the clerk has said in the call that is under way. */
  #said: FromWorker[] = [];
  readonly #told: ToWorker[] = [];
  #isBusy = false;
  #isGone = false;
  /** Whether the clerk has the file. */
  isOpen = false;
  /** Whether something was written and its sync has not returned. */
  isUnsynced = false;

  constructor(parts: DiskThreadParts) {
    this.#parts = parts;
    this.#clerk = new Clerk((message) => this.#said.push(message));
  }

  tell(message: ToWorker): void {
    this.#told.push(message.kind === 'read' ? message : structuredClone(message));
    this.#next();
  }

  terminate(): void {
    if (this.#isGone) return;
    this.abandon();
    const { life, disk, listener } = this.#parts;
    life.after(disk.chance.between(0.5, 20), () => listener.ended());
  }

  /** It is gone: nothing is done any more, and nothing is heard. */
  abandon(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#close();
    this.isUnsynced = false;
  }

  #next(): void {
    if (this.#isBusy || this.#isGone) return;
    const message = this.#told.shift();
    if (message === undefined) return;
    this.#isBusy = true;
    const { life, disk } = this.#parts;
    life.after(disk.chance.between(0.05, 0.5), () => this.#do(message));
  }

  #do(message: ToWorker): void {
    if (this.#isGone) return;
    const { disk } = this.#parts;
    const isCommit = message.kind === 'commit' && message.batch.drafts.length > 0;
    const trap = isCommit && !disk.isFull ? disk.trap : null;
    if (trap !== null) disk.trap = null;
    if (trap === 'worker dies before the commit') {
      disk.trapped(trap);
      return this.#die();
    }
    this.#said = [];
    this.#carryOut(message);
    const said = this.#said;
    if (trap !== null) {
      disk.trapped(trap);
      if (trap === 'worker dies after the commit') return this.#die();
    }
    if (this.#isGone) return;
    const { life } = this.#parts;
    life.after(this.#lastsMs(message, trap === 'commit hangs'), () => this.#answer(message, said));
  }

  #carryOut(message: ToWorker): void {
    const { disk } = this.#parts;
    const { kind } = message;
    if (disk.isFull && (kind === 'open' || kind === 'commit' || kind === 'save')) {
      this.#said.push(this.#withoutRoom(message));
      return;
    }
    if (kind === 'stop') disk.closeReader();
    const isNew = kind === 'open' && disk.isEmpty;
    this.#clerk.hear(message);
    if (kind === 'open') this.isOpen = this.#said.some((said) => said.kind === 'opened');
    else if (this.#said.some((said) => isLast(said))) this.isOpen = false;
    this.isUnsynced = isNew || this.#said.some((said) => hasWritten(said, message));
  }

  #answer(message: ToWorker, said: readonly FromWorker[]): void {
    this.isUnsynced = false;
    this.#isBusy = false;
    // What passes between threads is copied. What was read was made for this answer alone.
    for (const answer of said) {
      const isRead = answer.kind === 'answered' || answer.kind === 'opened';
      this.#parts.listener.said(isRead ? answer : structuredClone(answer));
    }
    if (message.kind !== 'read') this.#parts.disk.synced();
    this.#next();
  }

  #lastsMs({ kind }: ToWorker, hangs: boolean): number {
    const { disk } = this.#parts;
    if (hangs) return disk.chance.between(1_000, hangMsMax);
    if (kind === 'commit' || kind === 'save') return disk.chance.between(...disk.syncMs);
    return kind === 'open' ? disk.chance.between(2, 30) : disk.chance.between(0.05, 1);
  }

  /** What the store says when there is no room: what it knows is still known. */
  #withoutRoom(message: ToWorker): FromWorker {
    if (message.kind === 'open') {
      const { code, message: text } = new JournalRefused('DISK_FULL', 'The disk has no room');
      return { kind: 'refused', code, message: text };
    }
    if (message.kind === 'save') return { kind: 'saved', isFull: true };
    const { batch } = message as Commit;
    const recordings = batch.drafts.map(({ key }): Recording => {
      const entry = this.#parts.disk.entryOf(key);
      return entry === null ? { kind: 'full' } : { kind: 'known', entry };
    });
    return { kind: 'committed', result: { recordings, isFull: true } };
  }

  #die(): void {
    this.abandon();
    const { life, disk, listener } = this.#parts;
    life.after(disk.chance.between(0.5, 20), () => listener.ended());
  }

  #close(): void {
    this.#parts.disk.closeReader();
    this.isOpen = false;
    this.#clerk.hear({ kind: 'stop' });
  }
}

/** Whether the clerk has closed the file with this. */
function isLast({ kind }: FromWorker): boolean {
  return kind === 'stopped' || kind === 'broken' || kind === 'crashed' || kind === 'refused';
}

/** Whether something new had to be written for this answer. What is known is on the disk. */
function hasWritten(said: FromWorker, message: ToWorker): boolean {
  if (said.kind === 'saved') return !said.isFull;
  if (said.kind !== 'committed' || message.kind !== 'commit') return false;
  const isNew = said.result.recordings.some(({ kind }) => kind === 'new');
  return isNew || message.batch.beatAt !== null;
}
