/**
 * Everything that waits to be written. At most one job is with the worker, and it stays here until
 * it is answered: when the worker dies, the next one is told the same again, and the keys of the
 * drafts see to it that nothing is recorded twice.
 *
 * A draft that comes alone is sent at once. When several come at a time, the next ones are gathered
 * for a moment: a commit costs the same for one entry as for twenty, and in a busy room a commit
 * for every few would take half of the core from those who talk.
 */
import type { Seq } from '../protocol/entries.ts';
import { refuse } from '../protocol/errors.ts';
import type { Refusal } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';
import type { Clock } from '../supervisor/clock.ts';
import { AppendQueue } from './append-queue.ts';
import type { QueueBounds, Waiting } from './append-queue.ts';
import type { Appended, Committed, Draft, SavedState } from './journal.ts';
import { entryOf } from './present.ts';
import type { BatchResult, Recording, TimedDraft, ToWorker } from './sqlite-messages.ts';

/** What the writer needs of the journal around it. */
export interface Announcer {
  /** The last entry that followers have heard of. */
  headSeq(): Seq;
  announce(committed: Committed): void;
  /** There is a job that a moment ago was none yet. */
  gathered(): void;
}

/** Drafts of one commit from which on the next ones are gathered. */
const crowd = 2;

interface Beat extends PromiseWithResolvers<boolean> {
  readonly kind: 'beat';
}

interface Save extends PromiseWithResolvers<void> {
  readonly kind: 'save';
  readonly saved: SavedState;
}

interface SentBatch {
  readonly kind: 'batch';
  readonly waiting: readonly Waiting[];
  readonly drafts: readonly TimedDraft[];
  readonly beat: Beat | null;
  readonly beatAt: number | null;
  /** Where the journal ended when the batch was first sent. */
  readonly headSeq: Seq;
}

export class Writer {
  readonly #clock: Clock;
  readonly #announcer: Announcer;
  readonly #queue: AppendQueue;
  readonly #batchMax: number;
  #beat: Beat | null = null;
  #save: Save | null = null;
  #sent: SentBatch | Save | null = null;
  #lastAt = 0;
  #isGathering = false;

  constructor(clock: Clock, bounds: QueueBounds, announcer: Announcer) {
    this.#clock = clock;
    this.#batchMax = bounds.batchMax;
    this.#announcer = announcer;
    this.#queue = new AppendQueue(bounds);
  }

  append(draft: Draft): Promise<Appended> {
    return this.#queue.add(draft);
  }

  settled(): Promise<void> {
    return this.#queue.settled();
  }

  /** A heartbeat. Those that wait together are one. */
  beat(): Promise<boolean> {
    this.#beat ??= { kind: 'beat', ...Promise.withResolvers<boolean>() };
    return this.#beat.promise;
  }

  /** Keeps a state. A newer one takes the place of one that still waits. */
  save(saved: SavedState): Promise<void> {
    const save = this.#save ?? Promise.withResolvers<void>();
    this.#save = { ...save, kind: 'save', saved };
    return save.promise;
  }

  get isIdle(): boolean {
    return this.#sent === null && !this.#hasWaiting;
  }

  /** The next job for a worker that is free; null when there is none, or one is under way. */
  next(): ToWorker | null {
    if (this.#sent !== null || !this.#hasWaiting) return null;
    if (this.#save !== null) {
      // First, or it would wait for ever in a busy room.
      this.#sent = this.#save;
      this.#save = null;
    } else if (this.#isGathering && this.#queue.length < this.#batchMax) {
      return null;
    } else {
      this.#sent = this.#takeBatch();
    }
    return this.again();
  }

  /** The job that is under way, for another worker. */
  again(): ToWorker | null {
    if (this.#sent === null) return null;
    return this.#sent.kind === 'save'
      ? { kind: 'save', saved: this.#sent.saved }
      : { kind: 'commit', batch: { drafts: this.#sent.drafts, beatAt: this.#sent.beatAt } };
  }

  /** No entry gets an earlier time than the ones before it. */
  recordedUntil(at: number): void {
    this.#lastAt = Math.max(this.#lastAt, at);
  }

  /** The worker committed the batch: followers hear of it first, then the authors. */
  committed({ recordings, isFull }: BatchResult): void {
    const batch = this.#sent;
    if (batch?.kind !== 'batch') throw new Error('The journal answered a batch that was not sent');
    this.#sent = null;
    const claimed = new Set<Seq>();
    const answers = batch.drafts.map((draft, index) => {
      const recording = recordings[index];
      const waiting = batch.waiting[index];
      if (recording === undefined || waiting === undefined) {
        throw new Error(`The journal answered ${recordings.length} of ${batch.drafts.length}`);
      }
      return this.#answer(batch, claimed, draft, waiting, recording);
    });
    for (const [index, waiting] of batch.waiting.entries()) {
      waiting.resolve(answers[index] as Appended);
    }
    batch.beat?.resolve(!isFull);
  }

  saved(): void {
    const save = this.#sent;
    if (save?.kind !== 'save') throw new Error('The journal answered a state that was not sent');
    this.#sent = null;
    save.resolve();
  }

  /** Nothing more will be written: what waits is refused, or rejected when the journal failed. */
  end(why: Refusal | Error): void {
    const sent = this.#sent;
    const batch = sent?.kind === 'batch' ? sent : null;
    for (const waiting of [...(batch?.waiting ?? []), ...this.#queue.takeAll()]) {
      if (why instanceof Error) waiting.reject(why);
      else waiting.resolve(why);
    }
    for (const beat of [batch?.beat, this.#beat]) {
      if (why instanceof Error) beat?.reject(why);
      else beat?.resolve(false);
    }
    for (const save of [sent?.kind === 'save' ? sent : null, this.#save]) {
      if (why instanceof Error) save?.reject(why);
      else save?.resolve();
    }
    this.#sent = this.#save = this.#beat = null;
  }

  get #hasWaiting(): boolean {
    return this.#queue.length > 0 || this.#beat !== null || this.#save !== null;
  }

  #takeBatch(): SentBatch {
    const waiting = this.#queue.takeBatch();
    const at = Math.max(this.#lastAt, Math.trunc(this.#clock.now()));
    this.#lastAt = at;
    if (waiting.length >= crowd) this.#gather();
    const beat = this.#beat;
    this.#beat = null;
    return {
      kind: 'batch',
      waiting,
      drafts: waiting.map(({ key, json }) => ({ key, at, json })),
      beat,
      beatAt: beat === null ? null : at,
      headSeq: this.#announcer.headSeq(),
    };
  }

  #gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    this.#clock.after(limits.gatherMs, () => {
      this.#isGathering = false;
      this.#announcer.gathered();
    });
  }

  #answer(
    batch: SentBatch,
    claimed: Set<Seq>,
    draft: TimedDraft,
    waiting: Waiting,
    recording: Recording,
  ): Appended {
    if (recording.kind === 'full') {
      return refuse('DISK_FULL', 'The disk has no room left, make some', 5_000);
    }
    if (recording.kind === 'new') {
      const { seq, hash, present } = recording;
      const entry = entryOf(seq, draft.at, waiting.body);
      this.#announcer.announce(present === undefined ? { entry, hash } : { entry, hash, present });
      claimed.add(seq);
      return { ok: true, entry, repeated: false };
    }
    // A key that was recorded after the batch was first sent was recorded by this batch: a worker
    // committed it and died before it could say so. Then this append is not a repetition, but a
    // second draft of the same key beside it still is.
    const { entry } = recording;
    const isOurs = entry.seq > batch.headSeq && !claimed.has(entry.seq);
    claimed.add(entry.seq);
    return { ok: true, entry, repeated: !isOurs };
  }
}
