/** Many who write: how long until a message is on the disk, and its author knows. */
import type { Series } from '../generator.ts';
import type { Scenario } from '../scenario.ts';
import { fastPace } from '../servers/encke.ts';
import { restMs, setStage } from '../stage.ts';
import { cpuMs } from '../usage.ts';

export const durable: Scenario = {
  name: 'durable',
  title: 'Five thousand durable messages a second',
  shows: `Two hundred members write five thousand messages a second, due at fixed times, while a
thousand members hold polls. Each is acknowledged when it is on the disk (SQLite,
\`synchronous=FULL\`), and the time counts from when it was due. Nobody can read so much: a member
who falls behind is sent the newest hundred entries and told which are left out, so here the check
is that everything was acknowledged, nothing came twice, and no hole was silent.`,
  peers: ['encke'],
  columns: [
    { figure: 'rate', title: 'messages a second', unit: '', digits: 0 },
    { figure: 'ackP50Ms', title: 'acknowledged, p50', unit: 'ms', digits: 1 },
    { figure: 'ackP99Ms', title: 'p99', unit: 'ms', digits: 1 },
    { figure: 'ackMaxMs', title: 'longest', unit: 'ms', digits: 1 },
    { figure: 'core', title: 'share of the core', unit: '%', digits: 0 },
    { figure: 'idle', title: 'generator idle', unit: '%', digits: 0 },
  ],
  async *measure(peer, bench) {
    const flags = fastPace(bench.programs.encke);
    if (flags.length === 0) throw new Error('This version has no --pace, which this takes');
    const members = 1_000;
    await using stage = await setStage(bench, peer, { members, lanes: 200, flags });
    await stage.generator.hold(members);
    await Bun.sleep(restMs);
    const beforeMs = cpuMs(stage.server.pid);
    const seconds = bench.isQuick ? 3 : 6;
    const pace = { gapMs: 0.2, drainMs: 2_000 };
    const series = await stage.generator.send(5_000 * seconds, pace);
    const { ackP50Ms, ackP99Ms, ackMaxMs, wallMs, idle, count, unacknowledged } = series;
    // A series that loses something goes on until it is given up; the work was done before.
    const workMs = Math.min(wallMs, seconds * 1_000 + ackMaxMs);
    const core = ((cpuMs(stage.server.pid) - beforeMs) / workMs) * 100;
    const rate = ((count - unacknowledged) * 1_000) / workMs;
    yield {
      name: '1,000 held',
      figures: { rate, ackP50Ms, ackP99Ms, ackMaxMs, core, idle: idle * 100 },
      failed: failureIn(series),
    };
  },
};

function failureIn(series: Series): string | null {
  const wrong = (['unacknowledged', 'repeated', 'refused', 'lost', 'silentGaps'] as const)
    .filter((name) => series[name] !== 0)
    .map((name) => `${series[name]} ${name}`);
  return wrong.length === 0 ? null : wrong.join(', ');
}
