/** Writing while everybody is being woken. */
import { failureOf } from '../generator.ts';
import type { Scenario } from '../scenario.ts';
import { restMs, setStage } from '../stage.ts';
import { cpuMs } from '../usage.ts';

export const post: Scenario = {
  name: 'post',
  title: 'Writing while fifteen thousand are woken',
  shows: `Ten messages a second to 15,000 members for six seconds: so there is nearly always
somebody who is being woken. Shown is how long \`POST /v1/messages\` takes then, from when it was
due.`,
  peers: ['encke'],
  columns: [
    { figure: 'ackP50Ms', title: 'acknowledged, p50', unit: 'ms', digits: 1 },
    { figure: 'ackP99Ms', title: 'p99', unit: 'ms', digits: 1 },
    { figure: 'p99Ms', title: 'delivered, p99', unit: 'ms', digits: 0 },
    { figure: 'core', title: 'share of the core', unit: '%', digits: 0 },
    { figure: 'idle', title: 'generator idle', unit: '%', digits: 0 },
  ],
  async *measure(peer, bench) {
    const members = bench.isQuick ? 5_000 : 15_000;
    await using stage = await setStage(bench, peer, { members, lanes: 20 });
    await stage.generator.hold(members);
    await Bun.sleep(restMs);
    const beforeMs = cpuMs(stage.server.pid);
    const series = await stage.generator.send(bench.isQuick ? 30 : 60, { gapMs: 100 });
    const { ackP50Ms, ackP99Ms, p99Ms, idle, wallMs } = series;
    const core = ((cpuMs(stage.server.pid) - beforeMs) / wallMs) * 100;
    yield {
      name: `${members.toLocaleString('en')} members`,
      figures: { ackP50Ms, ackP99Ms, p99Ms, core, idle: idle * 100 },
      failed: failureOf(series),
    };
  },
};
