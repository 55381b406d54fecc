/** A busy room: messages at a steady rate, whatever becomes of them. */
import { failureOf, type Series } from '../generator.ts';
import type { Bench, Column, PeerName, Scenario } from '../scenario.ts';
import { fastPace } from '../servers/encke.ts';
import { restMs, setStage } from '../stage.ts';
import { cpuMs } from '../usage.ts';

const columns: readonly Column[] = [
  { figure: 'rate', title: 'messages a second', unit: '', digits: 1 },
  { figure: 'p50Ms', title: 'p50', unit: 'ms', digits: 0 },
  { figure: 'p99Ms', title: 'p99', unit: 'ms', digits: 0 },
  { figure: 'core', title: 'share of the core', unit: '%', digits: 0 },
  { figure: 'perReply', title: 'messages a reply', unit: '', digits: 1 },
  { figure: 'idle', title: 'generator idle', unit: '%', digits: 0 },
];

/** A rate is sustained when all receive everything, and nearly everything within this time. */
const p99MsMax = 2_000;

export const rate: Scenario = {
  name: 'rate',
  title: 'Twenty messages a second',
  shows: `Twenty messages a second to 10,000 members, due at fixed times, from forty members in
turn; for a minute to Encke, for twelve seconds to the others. A message is timed from when it was
due. A server that has not delivered everything ten seconds after the last one has failed.`,
  peers: ['encke', 'nchan', 'socket-io', 'faye'],
  columns,
  async *measure(peer, bench) {
    const seconds = peer === 'encke' && !bench.isQuick ? 60 : 12;
    const { series, core } = await sendAt(20, seconds, peer, bench);
    yield {
      name: `${series.receivers.toLocaleString('en')} members`,
      figures: figuresOf(series, 20, core),
      failed: failureOf(series),
    };
  },
};

export const highestRate: Scenario = {
  name: 'highest-rate',
  title: 'The highest rate',
  shows: `How many messages a second to 10,000 members each server sustains: everybody receives
everything, p99 stays under two seconds. The rate is doubled or halved from twenty a second, then
narrowed down twice; each try takes ten seconds, with a fresh server. Searched once.`,
  peers: ['encke', 'nchan', 'socket-io', 'faye'],
  roundsMax: 1,
  columns,
  async *measure(peer, bench) {
    let good: { rate: number; series: Series; core: number } | null = null;
    let bad = Number.POSITIVE_INFINITY;
    for (let asked = 20, narrowed = 0; asked >= 0.6 && narrowed <= 2;) {
      const { series, core } = await sendAt(asked, 10, peer, bench);
      const failed = failureOf(series);
      const isSustained = failed === null && series.p99Ms < p99MsMax;
      const found = `${failed ?? `${series.p99Ms} ms`}, ${series.gaps} gaps`;
      const shares = `core ${(core * 100).toFixed(0)} %, generator ${(series.idle * 100).toFixed(0)} % idle`;
      console.log(`  ${peer} at ${asked.toFixed(1)} a second: ${found}, ${shares}`);
      if (isSustained) good = { rate: asked, series, core };
      else bad = asked;
      if (good !== null && bad !== Number.POSITIVE_INFINITY) narrowed++;
      if (good === null) asked /= 2;
      else asked = bad === Number.POSITIVE_INFINITY ? asked * 2 : Math.sqrt(good.rate * bad);
    }
    if (good === null) throw new Error('No rate was sustained');
    const name = `${good.series.receivers.toLocaleString('en')} members`;
    yield { name, figures: figuresOf(good.series, good.rate, good.core), failed: null };
  },
};

async function sendAt(
  perSecond: number,
  seconds: number,
  peer: PeerName,
  bench: Bench,
): Promise<{ series: Series; core: number }> {
  const members = bench.isQuick ? 2_000 : 10_000;
  const flags = peer === 'encke' && perSecond > 30 ? fastPace(bench.programs.encke) : [];
  await using stage = await setStage(bench, peer, { members, lanes: 40, flags });
  await stage.generator.hold(members);
  await Bun.sleep(restMs);
  const beforeMs = cpuMs(stage.server.pid);
  const count = Math.max(5, Math.round(perSecond * seconds));
  const series = await stage.generator.send(count, { gapMs: 1_000 / perSecond });
  const core = (cpuMs(stage.server.pid) - beforeMs) / series.wallMs;
  return { series, core };
}

function figuresOf(series: Series, perSecond: number, core: number): Record<string, number> {
  const { p50Ms, p99Ms, maxMs, delivered, replies, idle } = series;
  const perReply = delivered / replies;
  return { rate: perSecond, p50Ms, p99Ms, maxMs, core: core * 100, perReply, idle: idle * 100 };
}
