/** Clients that are too many, that write too slowly, or ask too much. They go past the proxy. */
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { apartHost } from '../../kit/serving-process.ts';
import type { Stage } from '../stage.ts';
import { nothing, type Fault } from './fault.ts';

const lastsMs = 6_000;
const dribblersCount = 200;
const dribbleMs = 100;
const floodersCount = 10;
const pipelined = 200;
/** How long an honest question may take meanwhile. */
const fairMsMax = 5_000;

export const slowloris: Fault = {
  name: 'slowloris',
  endsProcess: false,
  weight: 1,
  needs: nothing,
  async inject(stage) {
    const head = 'POST /v1/join HTTP/1.1\r\nHost: encke\r\nContent-Length: 100\r\nX-Slow: ';
    const dribblers = await opened(stage, dribblersCount);
    let at = 0;
    const dribbling = setInterval(() => {
      const letter = head[at++] ?? 'x';
      for (const dribbler of dribblers) if (dribbler.writable) dribbler.write(letter);
    }, dribbleMs);
    const worst = await askFairly(stage);
    clearInterval(dribbling);
    const open = dribblers.filter((dribbler) => dribbler.writable).length;
    for (const dribbler of dribblers) dribbler.destroy();
    if (at < lastsMs / dribbleMs / 2) throw new Error(`Only ${at} letters were sent`);
    if (open === 0) throw new Error('No connection was open any more');
    return `${dribblersCount} heads grew by ${at} letters, ${open} open, others ${worst} ms`;
  },
};

export const flood: Fault = {
  name: 'flood',
  endsProcess: false,
  weight: 1,
  needs: nothing,
  async inject(stage) {
    const batch = 'GET /healthz HTTP/1.1\r\nHost: encke\r\n\r\n'.repeat(pipelined);
    const flooders = await opened(stage, floodersCount);
    let answers = 0;
    for (const flooder of flooders) {
      let left = pipelined;
      flooder.on('data', (chunk: Buffer) => {
        const heard = chunk.toString('latin1').split('HTTP/1.1 200').length - 1;
        answers += heard;
        left -= heard;
        if (left > 0) return;
        left += pipelined;
        flooder.write(batch);
      });
      flooder.write(batch);
    }
    const worst = await askFairly(stage);
    for (const flooder of flooders) flooder.destroy();
    if (answers < pipelined) throw new Error(`Only ${answers} answers came`);
    return `${answers} requests in ${lastsMs} ms, others waited ${worst} ms`;
  },
};

async function opened(stage: Stage, count: number): Promise<readonly Socket[]> {
  const sockets = Array.from({ length: count }, () => connect(stage.port, apartHost));
  await Promise.all(
    sockets.map(async (socket) => {
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve);
        socket.once('error', reject);
      });
      socket.on('error', () => socket.destroy());
    }),
  );
  return sockets;
}

/** Asks as an honest client would, for as long as it lasts. Answers with the longest wait. */
export async function askFairly(stage: Stage): Promise<number> {
  const end = performance.now() + lastsMs;
  let worst = 0;
  while (performance.now() < end) {
    const began = performance.now();
    const ready = await stage.readiness();
    worst = Math.max(worst, Math.round(performance.now() - began));
    if (ready === null) stage.troubles.push(`An honest question waited ${worst} ms in vain`);
    await sleep(dribbleMs);
  }
  if (worst > fairMsMax) stage.troubles.push(`An honest question waited ${worst} ms`);
  return worst;
}
