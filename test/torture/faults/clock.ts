/** The wall clock jumps, as when somebody sets it, or the network's time arrives late. */
import { setTimeout as sleep } from 'node:timers/promises';
import { nothing, type Fault } from './fault.ts';

const minuteMs = 60_000;
const jumpsMs = [60 * minuteMs, -60 * minuteMs, 10 * minuteMs, -5 * minuteMs, 1_000, -1_000];
const strayedMs = 4_000;

export const clockJump: Fault = {
  name: 'clock-jump',
  endsProcess: false,
  weight: 2,
  needs: nothing,
  async inject(stage) {
    const ms = jumpsMs[Math.floor(stage.random() * jumpsMs.length)] ?? minuteMs;
    const { now } = await stage.inside<{ now: number }>({ do: 'jump', ms });
    const offMs = Math.round(now - Date.now());
    await sleep(strayedMs);
    await stage.inside({ do: 'jump', ms: -ms });
    return `the server's clock was off by ${offMs} ms`;
  },
};
