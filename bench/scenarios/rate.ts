/** A busy room: messages at a steady rate, whatever becomes of them. */
import { failureOf, type Series } from '../generator.ts';
import type { Bench, Case, Column, PeerName, Scenario } from '../scenario.ts';
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

/** How long after the last message was due a server may still deliver. */
const drainMs = 4_000;

export const rate: Scenario = {
  name: 'rate',
  title: 'Twenty messages a second',
  shows: `Twenty messages a second to 10,000 members, due at fixed times, from forty members in
turn: for eight seconds to each server in each round, and once for a minute to Encke. A message is
timed from when it was due. A server that has not delivered everything four seconds after the last
one has failed.`,
  peers: ['encke', 'nchan', 'socket-io', 'faye'],
  columns,
  async *measure(peer, bench, round) {
    yield await steady(peer, bench, 8, 'for 8 s');
    if (peer === 'encke' && round === 1 && !bench.isQuick) {
      yield await steady(peer, bench, 60, minute);
    }
  },
};

/** The case that the promise is about. */
export const minute = 'for a minute';

export const highestRate: Scenario = {
  name: 'highest-rate',
  title: 'The highest rate',
  shows: `How many messages a second to 10,000 members each server sustains: everybody receives
everything, p99 stays under two seconds. The rate is doubled or halved, then narrowed down twice;
each try takes ten seconds, with a fresh server. Searched once. Encke tells a member who is more
than two hundred messages behind what to read in the history; here that counts as not received.`,
  peers: ['encke', 'nchan', 'socket-io', 'faye'],
  roundsMax: 1,
  columns,
  async *measure(peer, bench) {
    let good: { rate: number; series: Series; core: number } | null = null;
    let bad = Number.POSITIVE_INFINITY;
    for (let asked = 10, narrowed = 0; asked >= 0.6 && narrowed <= 2;) {
      const { series, core } = await sendAt(asked, 10, peer, bench);
      const isSustained = failureOf(series) === null && series.p99Ms < p99MsMax;
      tellStep(peer, asked, series);
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

async function steady(peer: PeerName, bench: Bench, seconds: number, name: string): Promise<Case> {
  const { series, core } = await sendAt(20, seconds, peer, bench);
  return { name, figures: figuresOf(series, 20, core), failed: failureOf(series) };
}

function tellStep(peer: PeerName, perSecond: number, series: Series): void {
  const found = failureOf(series) ?? `${series.p99Ms} ms`;
  const idle = `generator ${(series.idle * 100).toFixed(0)} % idle`;
  console.log(`  ${peer} at ${perSecond.toFixed(1)} a second: ${found}, ${idle}`);
}

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
  const series = await stage.generator.send(count, { gapMs: 1_000 / perSecond, drainMs });
  const core = (cpuMs(stage.server.pid) - beforeMs) / series.wallMs;
  return { series, core };
}

function figuresOf(series: Series, perSecond: number, core: number): Record<string, number> {
  const { p50Ms, p99Ms, maxMs, delivered, replies, idle } = series;
  const perReply = delivered / replies;
  return { rate: perSecond, p50Ms, p99Ms, maxMs, core: core * 100, perReply, idle: idle * 100 };
}
