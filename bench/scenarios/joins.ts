/** A storm of joins: does anybody else notice? */
import { failureOf } from '../generator.ts';
import type { Scenario } from '../scenario.ts';
import { restMs, setStage } from '../stage.ts';
import { cpuMs } from '../usage.ts';

/** More often, and a room that grows to eleven thousand would be fuller than a core can wake. */
const gapMs = 500;

export const joins: Scenario = {
  name: 'joins',
  title: 'Ten thousand joins in five seconds',
  shows: `A thousand members hold polls, and somebody writes twice a second. Then, meanwhile, ten
thousand more come in within five seconds, each due at its time and upon a connection of its own,
and hold polls as well. Shown is when the thousand receive what is written; by the end there are
eleven thousand who do, and waking all of them takes some 0.1 s.`,
  peers: ['encke'],
  columns: [
    { figure: 'p50Ms', title: 'p50', unit: 'ms', digits: 1 },
    { figure: 'p99Ms', title: 'p99', unit: 'ms', digits: 1 },
    { figure: 'maxMs', title: 'longest', unit: 'ms', digits: 1 },
    { figure: 'entryP99Ms', title: 'to come in, p99', unit: 'ms', digits: 1 },
    { figure: 'core', title: 'share of the core', unit: '%', digits: 0 },
  ],
  async *measure(peer, bench) {
    const [members, more] = [1_000, bench.isQuick ? 3_000 : 10_000];
    const overMs = bench.isQuick ? 1_500 : 5_000;
    await using stage = await setStage(bench, peer, { members: members + more, lanes: 20 });
    const { generator, server } = stage;
    await generator.hold(members);
    await Bun.sleep(restMs);
    for (const isStorm of [false, true]) {
      const beforeMs = cpuMs(server.pid);
      const sending = generator.send(overMs / gapMs, { gapMs });
      const entry = isStorm ? await generator.hold(more, overMs) : null;
      const series = await sending;
      const { p50Ms, p99Ms, maxMs } = series;
      const core = ((cpuMs(server.pid) - beforeMs) / series.wallMs) * 100;
      const entered = entry === null ? {} : { entryP99Ms: entry.entryP99Ms };
      yield {
        name: isStorm ? 'while they come' : 'before',
        figures: { p50Ms, p99Ms, maxMs, core, ...entered },
        failed: failureOf(series),
      };
    }
  },
};
