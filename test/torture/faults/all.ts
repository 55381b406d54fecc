/** Every fault there is. */
import { clockJump } from './clock.ts';
import { flood, slowloris } from './crowding.ts';
import { noDescriptors } from './descriptors.ts';
import { fullDisk } from './disk.ts';
import type { Fault } from './fault.ts';
import { failedSync, slowSync } from './fsync.ts';
import { joinStorm } from './joins.ts';
import { endThread, killAll, killNine, stopInOrder } from './kill.ts';
import { flippedEntry, flippedLog, tornLog } from './log-bytes.ts';
import { busyLoop, stuckLoop } from './loop.ts';
import { glutton, outOfMemory } from './memory.ts';
import { badWeather, cutLines } from './network.ts';
import { powerCut } from './power.ts';
import { copyBack, restoreBackup } from './restore.ts';
import { slowReaders } from './slow-readers.ts';
import { pauseLong, pauseShort, suspendMachine } from './suspend.ts';

/** `joins`: how many come at once in a storm of joins. */
export function allFaults({ joins }: { readonly joins: number }): readonly Fault[] {
  return [
    killNine,
    killAll,
    stopInOrder,
    endThread,
    pauseShort,
    pauseLong,
    suspendMachine,
    busyLoop,
    stuckLoop,
    powerCut,
    tornLog,
    flippedLog,
    flippedEntry,
    slowSync,
    failedSync,
    fullDisk,
    outOfMemory,
    glutton,
    noDescriptors,
    clockJump,
    copyBack,
    restoreBackup,
    cutLines,
    badWeather,
    slowReaders,
    slowloris,
    flood,
    joinStorm(joins),
  ];
}
