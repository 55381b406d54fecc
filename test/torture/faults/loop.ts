/** The event loop is busy with something else. */
import { nothing, type Fault } from './fault.ts';

const shortMs = 1_200;
/** The guard's patience is 2 s. */
const longMs = 6_000;

export const busyLoop: Fault = {
  name: 'busy-loop',
  endsProcess: false,
  weight: 2,
  needs: nothing,
  async inject(stage) {
    const began = performance.now();
    await stage.inside({ do: 'block', ms: shortMs });
    const tookMs = Math.round(performance.now() - began);
    if (tookMs < shortMs) throw new Error(`The loop was busy for ${tookMs} ms only`);
    await stage.serves();
    return `the event loop was busy for ${tookMs} ms`;
  },
};

export const stuckLoop: Fault = {
  name: 'stuck-loop',
  endsProcess: true,
  weight: 1,
  needs: nothing,
  async inject(stage) {
    const pid = stage.mustPid();
    const mark = stage.mark();
    const blocked = stage.inside({ do: 'block', ms: longMs }).catch(() => undefined);
    const line = await stage.logged(/"The serving process is killed".*hangs/, mark);
    await blocked;
    await stage.serves(pid);
    return line;
  },
};
