/** Memory: what members take while they are there, and what is left of it when they have gone. */
import type { Generator } from '../generator.ts';
import type { Scenario } from '../scenario.ts';
import type { Server } from '../server.ts';
import { restMs, setStage } from '../stage.ts';
import { residentBytes } from '../usage.ts';

/** How long what coming in has left behind is given to be collected. */
const settleMs = 4_000;

/** How long memory is given to go back to the system. */
const returnMs = 10_000;

export const memory: Scenario = {
  name: 'memory',
  title: 'After fifteen thousand members came and went',
  shows: `Resident memory of all processes of the server: before anybody came, with everybody's
poll held and one message delivered, and ten seconds after the last one left; then the same with
another fifteen thousand. What the first leave is code that was compiled for them, and room for
the next.`,
  peers: ['encke'],
  roundsMax: 3,
  columns: [
    { figure: 'emptyMb', title: 'before', unit: 'MB', digits: 0 },
    { figure: 'heldMb', title: 'with all held', unit: 'MB', digits: 0 },
    { figure: 'leftMb', title: 'after', unit: 'MB', digits: 0 },
    { figure: 'againMb', title: 'after the second time', unit: 'MB', digits: 0 },
    { figure: 'heldKb', title: 'per member', unit: 'kB', digits: 1 },
    { figure: 'leftKb', title: 'left per member', unit: 'kB', digits: 1 },
    { figure: 'againKb', title: 'more the second time', unit: 'kB', digits: 1 },
  ],
  async *measure(peer, bench) {
    const members = bench.isQuick ? 3_000 : 15_000;
    await using stage = await setStage(bench, peer, { members, lanes: 20 });
    const { emptyBytes } = stage;
    const first = await comeAndGo(stage.server, stage.generator, members);
    await using another = stage.anotherGenerator();
    another.openLanes(1);
    const second = await comeAndGo(stage.server, another, members);
    const { heldBytes, leftBytes } = first;
    yield {
      name: `${members.toLocaleString('en')} members`,
      figures: {
        emptyMb: emptyBytes / 2 ** 20,
        heldMb: heldBytes / 2 ** 20,
        leftMb: leftBytes / 2 ** 20,
        againMb: second.leftBytes / 2 ** 20,
        heldKb: (heldBytes - emptyBytes) / members / 1_024,
        leftKb: (leftBytes - emptyBytes) / members / 1_024,
        againKb: (second.leftBytes - leftBytes) / members / 1_024,
      },
      failed: first.failed ?? second.failed,
    };
  },
};

async function comeAndGo(server: Server, generator: Generator, members: number) {
  await generator.hold(members);
  await Bun.sleep(restMs);
  await generator.quiet(1, { gapMs: 100 });
  await Bun.sleep(settleMs);
  const heldBytes = residentBytes(server.pid);
  const { left, refused } = await generator.leave();
  await Bun.sleep(returnMs);
  const isWhole = left === members && refused === 0;
  const failed = isWhole ? null : `${left} left, ${refused} refused`;
  return { heldBytes, leftBytes: residentBytes(server.pid), failed };
}
