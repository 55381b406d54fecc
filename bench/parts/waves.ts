/**
 * Whether memory comes back: 15,000 members come, say something and go, three times over, never
 * the same ones. What is left after the first wave is what is kept for good: caches at their size.
 *
 *     taskset -c 0 bun bench/parts/waves.ts [members]
 */
import type { MemberId } from '../../src/protocol/entries.ts';
import { heapBytes, residentBytes, tell } from './figures.ts';
import { openParts } from './folder.ts';

const members = Number(process.argv[2] ?? 15_000);
const address = '192.0.2.1';

await using parts = await openParts();
const { room } = parts;
const megabytes = (): Record<string, number> => ({
  'MB of heap': heapBytes() / 2 ** 20,
  'MB resident': residentBytes() / 2 ** 20,
});
tell('an empty room', megabytes());
for (let wave = 1; wave <= 3; wave++) {
  const ids = await Promise.all(Array.from({ length: members }, (_, nr) => come(wave, nr)));
  tell(`wave ${wave} is here`, megabytes());
  await Promise.all(ids.map(async (id) => await room.leave(id, 'left')));
  tell(`wave ${wave} has left`, megabytes());
}

async function come(wave: number, nr: number): Promise<MemberId> {
  const joined = await room.join({ nick: `guest ${wave} ${nr}`, session: null, address });
  if (!joined.ok) throw new Error(`${joined.code}: ${joined.detail}`);
  const { id } = joined.member;
  const said = await room.say({ id, address }, { id: 'only', text: 'I was here' });
  if (!said.ok) throw new Error(`${said.code}: ${said.detail}`);
  return id;
}
