/** An older copy of the journal is put back, and the room goes on from there. */
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { encke } from '../../kit/serving-process.ts';
import { until } from '../../kit/until.ts';
import { freeze, type Stage } from '../stage.ts';
import { run, sync } from './command.ts';
import { nothing, type Fault } from './fault.ts';

/** What is said meanwhile is what is lost. */
const betweenMs = 2_500;
/** How long the room may take to grow past where it was. */
const growMsMax = 30_000;

export const copyBack: Fault = {
  name: 'older-copy',
  endsProcess: true,
  weight: 1,
  needs: nothing,
  async inject(stage) {
    const pid = stage.mustPid();
    // By hand: the files, as they are, of a server that stands still.
    await freeze([pid]);
    for (const name of ['journal.db', 'journal.db-wal']) {
      copyFileSync(join(stage.data, name), join(stage.base, name));
    }
    process.kill(pid, 'SIGCONT');
    return await goBack(stage, () => {
      clear(stage);
      for (const name of ['journal.db', 'journal.db-wal']) {
        copyFileSync(join(stage.base, name), join(stage.data, name));
      }
      sync(stage.data);
    });
  },
};

export const restoreBackup: Fault = {
  name: 'restored-backup',
  endsProcess: true,
  weight: 1,
  needs: nothing,
  async inject(stage) {
    const backup = join(stage.base, 'backup');
    rmSync(backup, { force: true });
    run([process.execPath, encke, 'backup', backup, '--data', stage.data]);
    return await goBack(stage, () => {
      clear(stage);
      run([process.execPath, encke, 'restore', backup, '--data', stage.data]);
    });
  },
};

/** Takes the journal away. */
function clear(stage: Stage): void {
  for (const name of ['journal.db', 'journal.db-wal', 'journal.db-shm']) {
    rmSync(join(stage.data, name), { force: true });
  }
}

/** Lets the room go on, puts the older journal in its place, and waits until it has grown past. */
async function goBack(stage: Stage, putBack: () => void): Promise<string> {
  await sleep(betweenMs);
  const pid = stage.mustPid();
  const { before, after } = await stage.whileDead(() => {
    stage.tail.readAnyway();
    const lost = stage.tail.end;
    putBack();
    stage.tail.cut();
    return { before: lost, after: stage.tail.end };
  });
  await stage.serves(pid);
  if (before === null || after === null || after.seq >= before.seq) {
    throw new Error(`Nothing was said between the copy at ${after?.seq} and ${before?.seq}`);
  }
  // Only a room that is longer than the lost one shows whether anybody takes them for the same.
  const grown = `grew past ${before.seq}`;
  await until(`a room that ${grown}`, () => stage.headSeq() > before.seq, growMsMax);
  const epochs = `epoch ${before.epoch} to ${after.epoch}`;
  return `back from ${before.seq} to ${after.seq}, ${epochs}, ${grown}`;
}
