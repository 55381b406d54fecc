/**
 * What ten thousand joins cost below the web: `Room.join` over the journal on disk, and the
 * snapshot that `POST /v1/join` answers with. Beside it as many messages, for the comparison.
 *
 *     taskset -c 0 bun bench/parts/join.ts [joins]
 */
import { SnapshotText } from '../../src/web/snapshot-text.ts';
import type { MemberId } from '../../src/protocol/entries.ts';
import { cpuUs, heapBytes, percentile, residentBytes, tell } from './figures.ts';
import { openParts } from './folder.ts';

const joins = Number(process.argv[2] ?? 10_000);
/** Under way at the same time. */
const atOnce = 256;
const address = '192.0.2.1';

await using parts = await openParts();
const { room, office } = parts;
const snapshot = new SnapshotText();
const ids: MemberId[] = [];
let snapshotBytes = 0;

await crowd('warm up: 1,000 joins', 1_000, (nr) => join('early', nr));
await crowd('warm up: 1,000 messages', 1_000, (nr) => say(nr, nr));
const before = { heap: heapBytes(), resident: residentBytes() };
await crowd('joins', joins, (nr) => join('guest', nr));
tell('a member', {
  'bytes of heap': (heapBytes() - before.heap) / joins,
  'bytes resident': (residentBytes() - before.resident) / joins,
  'bytes of a snapshot': snapshotBytes,
});
await crowd('messages', joins, (nr) => say(nr, nr));
await crowd('leaves', ids.length, async (nr) => {
  const left = await room.leave(ids[nr] as MemberId, 'left');
  if (!left.ok) throw new Error(left.detail);
});
tell('after all have left', {
  'bytes of heap a member': (heapBytes() - before.heap) / joins,
  'bytes resident a member': (residentBytes() - before.resident) / joins,
});

async function join(name: string, nr: number): Promise<void> {
  const nick = `${name} ${nr}`;
  const joined = await room.join({ nick, session: null, joinId: `${nick} join id`, address });
  if (!joined.ok) throw new Error(`${joined.code}: ${joined.detail}`);
  ids.push(joined.member.id);
  snapshotBytes = Buffer.byteLength(snapshot.take(room, office));
}

async function say(who: number, nr: number): Promise<void> {
  const member = ids[who] as MemberId;
  const text = `This is what somebody says, and it is number ${nr} of all`;
  const spoken = await room.say({ id: member, address }, { id: `m${nr} ${ids.length}`, text });
  if (!spoken.ok) throw new Error(`${spoken.code}: ${spoken.detail}`);
}

async function crowd(
  what: string,
  count: number,
  act: (nr: number) => Promise<void>,
): Promise<void> {
  const latencies: number[] = [];
  const [cpu, begin] = [cpuUs(), performance.now()];
  let next = 0;
  const one = async (): Promise<void> => {
    while (next < count) {
      const startMs = performance.now();
      await act(next++);
      latencies.push(performance.now() - startMs);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  tell(what, {
    's in all': (performance.now() - begin) / 1_000,
    'µs CPU each': (cpuUs() - cpu) / count,
    'p99 ms': percentile(latencies, 0.99),
  });
}
