/** The power goes. What had reached the disk by then is what is left. */
import { LoopDisk } from '../loop-disk.ts';
import { freeze } from '../stage.ts';
import type { Fault } from './fault.ts';

export const powerCut: Fault = {
  name: 'power-cut',
  endsProcess: true,
  weight: 4,
  needs: ({ disk }) => (disk instanceof LoopDisk ? null : disk),
  async inject(stage) {
    const { disk } = stage;
    if (!(disk instanceof LoopDisk)) throw new Error('There is no disk whose power could go');
    const pid = stage.mustPid();
    await freeze([stage.guardPid(), pid]);
    disk.freeze();
    const recovered = await stage.whileDead(() => disk.thaw());
    const next = await stage.serves(pid);
    return `pid ${pid} stood still, its disk was copied and mounted, ${recovered}, ${next} serves`;
  },
};
