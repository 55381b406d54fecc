/** Processes stand still, as on a machine that sleeps or is starved. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../../kit/serving-process.ts';
import { freeze } from '../stage.ts';
import { nothing, type Fault } from './fault.ts';

/** Less than what the guard takes for a hang, and more. */
const shortMs = 1_200;
const suspendedMs = 4_000;

export const pauseShort: Fault = {
  name: 'pause',
  endsProcess: false,
  weight: 2,
  needs: nothing,
  async inject(stage) {
    const pid = stage.mustPid();
    await freeze([pid]);
    await sleep(shortMs);
    process.kill(pid, 'SIGCONT');
    await stage.serves();
    return `pid ${pid} stood still for ${shortMs} ms, ${stage.pid()} serves`;
  },
};

export const pauseLong: Fault = {
  name: 'hang',
  endsProcess: true,
  weight: 1,
  needs: nothing,
  async inject(stage) {
    const pid = stage.mustPid();
    const mark = stage.mark();
    await freeze([pid]);
    const line = await stage.logged(/"The serving process is killed".*hangs/, mark);
    await stage.serves(pid);
    if (isAlive(pid)) throw new Error(`Process ${pid} lives on`);
    return line;
  },
};

export const suspendMachine: Fault = {
  name: 'suspend-machine',
  endsProcess: false,
  weight: 1,
  needs: nothing,
  async inject(stage) {
    const pid = stage.mustPid();
    // The guard first: it must not see the other stand still. It also wakes last.
    const pids = [stage.guardPid(), pid];
    await freeze(pids);
    await sleep(suspendedMs);
    for (const one of pids.toReversed()) process.kill(one, 'SIGCONT');
    await stage.serves();
    const same = stage.pid() === pid ? 'the same serves on' : `${stage.pid()} serves`;
    return `${pids.join(' and ')} stood still for ${suspendedMs} ms, ${same}`;
  },
};
