/**
 * Reads the journal from the file itself, as far as it is synced: what the checker holds everything
 * else against. It never asks the room.
 */
import type { Entry, MemberId } from '../../src/protocol/entries.ts';
import { journalled } from '../checker/from-wire.ts';
import type { Disk } from './disk.ts';
import type { Recorder } from './recorder.ts';
import type { Trace } from './trace.ts';
import type { Cut } from './world.ts';

export class Auditor {
  /** The number of the history that the room has now. */
  history = 0;
  /** The journal was read up to here. */
  readTo = 0;
  /** Its name, when it was last read; empty before that. */
  epoch = '';
  readonly cuts: Cut[] = [];
  /** Whoever was a keeper at any time. */
  readonly keepers = new Set<MemberId>();
  /** Everything that was read of this history. */
  #entries: Entry[] = [];
  readonly #nicks = new Map<MemberId, string>();
  readonly #disk: Disk;
  readonly #recorder: Recorder;
  readonly #trace: Trace;
  #isWanted = false;
  /** Called when the room has gone back. */
  wasCut: () => void = () => undefined;

  constructor(disk: Disk, recorder: Recorder, trace: Trace) {
    this.#disk = disk;
    this.#recorder = recorder;
    this.#trace = trace;
    disk.synced = () => {
      if (this.#isWanted) this.read();
    };
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** Reads on, now or as soon as what is being written is synced. */
  read(): void {
    const epoch = this.#disk.isSynced ? this.#disk.epoch() : null;
    this.#isWanted = epoch === null;
    if (epoch === null) return;
    if (epoch !== this.epoch && this.epoch !== '') {
      this.#trace.trouble('replaced', `${this.epoch} was followed by ${epoch}`);
      this.readTo = 0;
    }
    this.epoch = epoch;
    this.take(this.#disk.entriesAfter(this.readTo) ?? []);
  }

  /** What was read after the last entry. */
  take(entries: readonly Entry[]): void {
    const last = entries.at(-1);
    if (last === undefined) return;
    this.readTo = last.seq;
    this.#entries.push(...entries);
    for (const entry of entries) this.#note(entry);
    this.#trace.note('audit', `${entries.length} up to ${last.seq}`);
    this.#recorder.add('journal', this.#recorder.nr(), {
      do: 'journal',
      is: 'ok',
      epoch: this.epoch,
      entries: entries.map(journalled),
    });
  }

  /** The room has gone back to an earlier place, under the same name or another. */
  cut(seq: number, next = this.epoch): void {
    this.#recorder.add('journal', this.#recorder.nr(), {
      do: 'cut',
      is: 'ok',
      epoch: this.epoch,
      seq,
      next,
    });
    this.cuts.push({ history: this.history, seq: next === this.epoch ? seq : -1 });
    this.history++;
    this.epoch = next;
    this.readTo = seq;
    this.#entries = this.#entries.filter((entry) => entry.seq <= seq);
    this.#nicks.clear();
    for (const entry of this.#entries) this.#note(entry);
    this.wasCut();
  }

  /** Who is called what: no two the same. */
  #note(entry: Entry): void {
    if (entry.type === 'leave') this.#nicks.delete(entry.member.id);
    if (entry.type !== 'join' && entry.type !== 'member') return;
    const { id, nick, role } = entry.member;
    if (role === 'keeper') this.keepers.add(id);
    if (entry.type === 'member' && !this.#nicks.has(id)) return;
    const holder = [...this.#nicks].find(([other, held]) => other !== id && held === nick);
    if (holder !== undefined) {
      this.#trace.trouble('same-nick', `${id} and ${holder[0]} are both "${nick}" at ${entry.seq}`);
    }
    this.#nicks.set(id, nick);
  }
}
