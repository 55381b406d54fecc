/**
 * What the server runs on, as arguments: time, chance, the network, the disk's thread, memory. A
 * program hands in the machine it runs on, a test another clock, and the simulator (`test/sim`) all
 * of it, so that one seed replays one run.
 */
import { randomBytes } from 'node:crypto';
import { lockFolder, type FolderLock } from '../journal/folder-lock.ts';
import { startWorker, type StartThread } from '../journal/sqlite-thread.ts';
import { systemClock, type Clock } from '../supervisor/clock.ts';
import { systemMemory, type Memory } from '../supervisor/memory.ts';
import { listen, type Listener, type ListenerSpec } from '../http/listener.ts';
import type { RandomBytes } from './ids.ts';

export interface Machine {
  readonly clock: Clock;
  /** What must not be guessed, or must not repeat. */
  readonly random: RandomBytes;
  /** From 0 up to 1, for jitter and spread. */
  readonly chance: () => number;
  readonly listen: (spec: ListenerSpec) => Listener;
  /** Takes a data folder for this process alone. */
  readonly lockFolder: (folder: string) => FolderLock;
  /** Starts the thread that owns the journal's file. */
  readonly startThread: StartThread;
  readonly memory: Memory;
}

/** The machine that this process runs on. */
export const realMachine: Machine = {
  clock: systemClock,
  random: randomBytes,
  chance: Math.random,
  listen,
  lockFolder,
  startThread: startWorker,
  memory: systemMemory,
};
