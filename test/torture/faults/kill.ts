/** The process, its guard or its journal's thread ends, by force or in order. */
import { isAlive } from '../../kit/serving-process.ts';
import { until } from '../../kit/until.ts';
import { nothing, type Fault } from './fault.ts';

export const killNine: Fault = {
  name: 'kill-nine',
  endsProcess: true,
  weight: 4,
  needs: nothing,
  async inject(stage) {
    const pid = stage.mustPid();
    const began = performance.now();
    process.kill(pid, 'SIGKILL');
    const next = await stage.serves(pid).finally(() => stage.wasAway(sinceMs(began)));
    if (isAlive(pid)) throw new Error(`Process ${pid} lives on`);
    return `pid ${pid} is gone, ${next} serves after ${sinceMs(began)} ms`;
  },
};

export const killAll: Fault = {
  name: 'kill-all',
  endsProcess: true,
  weight: 1,
  needs: nothing,
  async inject(stage) {
    const [guard, pid] = [stage.guardPid(), stage.mustPid()];
    await stage.whileDead(() => undefined);
    const next = await stage.serves(pid);
    if (isAlive(guard) || isAlive(pid)) throw new Error(`Process ${guard} or ${pid} lives on`);
    return `the guard ${guard} and ${pid} are gone, ${stage.guardPid()} and ${next} follow`;
  },
};

export const stopInOrder: Fault = {
  name: 'stop-in-order',
  endsProcess: true,
  weight: 1,
  needs: nothing,
  async inject(stage) {
    const pid = stage.mustPid();
    const how = await stage.stopped();
    if (how !== '0') stage.troubles.push(`Asked to stop, the server ended with ${how}`);
    return `pid ${pid} ended with ${how}, ${await stage.serves(pid)} serves`;
  },
};

export const endThread: Fault = {
  name: 'end-journal-thread',
  endsProcess: false,
  weight: 2,
  needs: nothing,
  async inject(stage) {
    const mark = stage.mark();
    const { ended } = await stage.inside<{ ended: boolean }>({ do: 'endThread' });
    if (!ended) throw new Error('There was no thread to end');
    const line = await stage.logged(/worker ended unasked/, mark);
    await stage.logged(/"A service was restarted".*journal/, mark);
    await until('the server to be ready', async () => (await stage.readiness())?.status === 200);
    return line;
  },
};

function sinceMs(began: number): number {
  return Math.round(performance.now() - began);
}
