/** Memory: what members take while they are there, and what is left of it when they have gone. */
import type { Scenario } from '../scenario.ts';
import { restMs, setStage } from '../stage.ts';
import { residentBytes } from '../usage.ts';

/** How long memory is given to go back to the system. */
const returnMs = 10_000;

export const memory: Scenario = {
  name: 'memory',
  title: 'After fifteen thousand members came and went',
  shows: `Resident memory of all processes of the server: before anybody came, with everybody's
poll held and one message delivered, and ten seconds after the last one left.`,
  peers: ['encke'],
  roundsMax: 3,
  columns: [
    { figure: 'emptyMb', title: 'before', unit: 'MB', digits: 0 },
    { figure: 'heldMb', title: 'with all held', unit: 'MB', digits: 0 },
    { figure: 'leftMb', title: 'after', unit: 'MB', digits: 0 },
    { figure: 'heldKb', title: 'per member', unit: 'kB', digits: 1 },
    { figure: 'leftKb', title: 'left per member', unit: 'kB', digits: 1 },
  ],
  async *measure(peer, bench) {
    const members = bench.isQuick ? 3_000 : 15_000;
    await using stage = await setStage(bench, peer, { members, lanes: 20 });
    const { generator, server, emptyBytes } = stage;
    await generator.hold(members);
    await Bun.sleep(restMs);
    await generator.quiet(1, { gapMs: 100 });
    const heldBytes = residentBytes(server.pid);
    const { left, refused } = await generator.leave();
    await Bun.sleep(returnMs);
    const leftBytes = residentBytes(server.pid);
    yield {
      name: `${members.toLocaleString('en')} members`,
      figures: {
        emptyMb: emptyBytes / 2 ** 20,
        heldMb: heldBytes / 2 ** 20,
        leftMb: leftBytes / 2 ** 20,
        heldKb: (heldBytes - emptyBytes) / members / 1_024,
        leftKb: (leftBytes - emptyBytes) / members / 1_024,
      },
      failed: left === members && refused === 0 ? null : `${left} left, ${refused} refused`,
    };
  },
};
