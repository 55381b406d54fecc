/** The disk is full for a while. */
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../kit/until.ts';
import { LoopDisk } from '../loop-disk.ts';
import { Probe } from '../probe.ts';
import type { Fault } from './fault.ts';

const fullMs = 2_500;

export const fullDisk: Fault = {
  name: 'full-disk',
  endsProcess: false,
  weight: 2,
  needs: ({ disk }) => (disk instanceof LoopDisk ? null : disk),
  async inject(stage) {
    const { disk } = stage;
    if (!(disk instanceof LoopDisk)) throw new Error('There is no disk to fill');
    const probe = new Probe(stage);
    await probe.join();
    try {
      disk.fill(0);
      const left = disk.freeBytes();
      const code = await until('a refusal', async () => {
        const answer = await probe.say();
        return answer === 'DISK_FULL' ? answer : null;
      });
      await sleep(fullMs * stage.random());
      return `${left} bytes were free, and a message was refused with ${code}`;
    } finally {
      disk.empty();
      await until('a message to be taken', async () => (await probe.say()) === 'ok', 30_000);
      await probe.leave();
    }
  },
};
