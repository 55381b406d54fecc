/**
 * What a durable message costs below the web: `Room.say` over the journal on disk. First as fast
 * as the group commit takes them, each of 200 members with one message under way; then open loop,
 * at a fixed rate, with the latency counted from when each message was due.
 *
 *     taskset -c 0 bun bench/parts/say.ts [messages per second] [seconds]
 */
import type { MemberId } from '../../src/protocol/entries.ts';
import { cpuUs, percentile, tell } from './figures.ts';
import { openParts } from './folder.ts';

const perSecond = Number(process.argv[2] ?? 5_000);
const seconds = Number(process.argv[3] ?? 5);
const members = 200;
const address = '192.0.2.1';

await using parts = await openParts();
const { room } = parts;
const ids: MemberId[] = [];
for (let nr = 0; nr < members; nr++) {
  const joined = await room.join({ nick: `member ${nr}`, session: null, address });
  if (!joined.ok) throw new Error(joined.detail);
  ids.push(joined.member.id);
}
let messages = 0;

await closedLoop(1_000);
await closedLoop(seconds * 1_000);
await openLoop();

async function say(nr: number): Promise<void> {
  const member = ids[nr % members] as MemberId;
  const id = `m${(messages++).toString(36)}`;
  const text = `This is what somebody says, and it is number ${messages} of all`;
  const spoken = await room.say({ id: member, address }, { id, text });
  if (!spoken.ok) throw new Error(`${spoken.code}: ${spoken.detail}`);
}

/** Everybody says the next thing when the last was recorded. */
async function closedLoop(forMs: number): Promise<void> {
  const latencies: number[] = [];
  const [cpu, begin] = [cpuUs(), performance.now()];
  const endMs = begin + forMs;
  await Promise.all(
    ids.map(async (_id, nr) => {
      for (let now = performance.now(); now < endMs;) {
        await say(nr);
        const then = performance.now();
        latencies.push(then - now);
        now = then;
      }
    }),
  );
  const count = latencies.length;
  tell('as fast as it goes', {
    'messages/s': count / ((performance.now() - begin) / 1_000),
    'µs CPU each': (cpuUs() - cpu) / count,
    'p50 ms': percentile(latencies, 0.5),
    'p99 ms': percentile(latencies, 0.99),
  });
}

/** So many are due each millisecond, whatever became of those before. */
async function openLoop(): Promise<void> {
  const total = perSecond * seconds;
  const latencies = new Float64Array(total);
  const [cpu, begin] = [cpuUs(), performance.now()];
  const { promise: done, resolve } = Promise.withResolvers<void>();
  let sent = 0;
  let answered = 0;
  const send = (): void => {
    const due = Math.min(total, Math.floor(((performance.now() - begin) * perSecond) / 1_000));
    for (; sent < due; sent++) {
      const nr = sent;
      const dueMs = begin + (nr * 1_000) / perSecond;
      void say(nr).then(() => {
        latencies[nr] = performance.now() - dueMs;
        if (++answered === total) resolve();
      });
    }
    if (sent < total) setTimeout(send, 1);
  };
  send();
  await done;
  tell(`${perSecond.toLocaleString('en')} a second`, {
    'share of a core': (cpuUs() - cpu) / 1_000 / (performance.now() - begin),
    'µs CPU each': (cpuUs() - cpu) / total,
    'p50 ms': percentile(latencies, 0.5),
    'p99 ms': percentile(latencies, 0.99),
    'most ms': percentile(latencies, 1),
  });
}
