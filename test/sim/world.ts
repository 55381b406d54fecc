/** What everybody in a simulation shares. */
import type { MemberId } from '../../src/protocol/entries.ts';
import type { Chance } from './chance.ts';
import type { Disk } from './disk.ts';
import type { Host } from './host.ts';
import type { Network } from './network.ts';
import type { Recorder } from './recorder.ts';
import type { Timeline } from './sim-clock.ts';
import type { Trace } from './trace.ts';

export interface World {
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly disk: Disk;
  readonly host: Host;
  readonly network: Network;
  readonly recorder: Recorder;
  readonly trace: Trace;
  /** Histories that were cut: how far each of them still holds, by number. */
  readonly cuts: readonly Cut[];
  /** What is for keepers alone, as it was given to somebody by poll. */
  readonly forKeepers: { readonly to: MemberId | undefined; readonly seq: number }[];
}

/** The history with this number holds up to `seq` and no further. */
export interface Cut {
  readonly history: number;
  readonly seq: number;
}

/** A cursor as a client got it, and what its recorder knows of it. */
export interface Kept {
  readonly cursor: string;
  readonly epoch: string;
  readonly seq: number;
  /** In which history it was got. */
  readonly history: number;
}

/** Whether a cursor is from a part of a history that is no more. */
export function isCutOff({ history, seq }: Kept, cuts: readonly Cut[]): boolean {
  return cuts.some((cut) => cut.history >= history && cut.seq < seq);
}
