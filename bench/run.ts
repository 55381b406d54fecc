/**
 * Measures Encke beside its peers. Rounds alternate between the servers, so that whatever the
 * machine does besides meets all of them. Writes docs/benchmarks.md with its plot, and every single
 * result under bench/results.
 *
 *     npm run bench                                   5 rounds of everything
 *     npm run bench -- --quick                        1 round, smaller
 *     npm run bench -- --scenario fan-out,joins       some scenarios
 *     npm run bench -- --peer encke,nchan             some servers
 *     npm run bench -- --encke ../other               another version of Encke
 *     npm run bench -- --rounds 3 --write             fewer rounds, written all the same
 *     npm run bench -- --report FILE                  writes the document from a result
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine } from './machine.ts';
import { buildPrograms, results } from './programs.ts';
import { writeReport, type Run } from './report.ts';
import { peerNames, type Bench, type PeerName, type Sample, type Scenario } from './scenario.ts';
import { scenarios } from './scenarios/all.ts';
import { missing } from './servers/peers.ts';
import { generatorCore } from './server.ts';
import { machineCpuMs, ownCpuMs } from './usage.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    scenario: { type: 'string' },
    peer: { type: 'string' },
    report: { type: 'string' },
    encke: { type: 'string', default: join(import.meta.dir, '..') },
  },
});

if (values.report === undefined) await measureAll();
else await writeReport((await Bun.file(values.report).json()) as Run);

async function measureAll(): Promise<void> {
  const rounds = Number(values.rounds ?? (values.quick ? 1 : 5));
  const asked = chosen(scenarios, values.scenario, ({ name }) => name);
  const peers = chosen(peerNames, values.peer, (name) => name);
  // Whatever this process starts beside the servers (a browser, too) stays off their core.
  Bun.spawnSync(['taskset', '-acp', String(generatorCore), String(process.pid)]);
  const bench: Bench = {
    programs: await buildPrograms(resolve(values.encke)),
    isQuick: values.quick,
    reply: { headBytes: 250, bodyBytes: 400 },
  };
  const begin = performance.now();
  const [ownBeforeMs, machineBeforeMs] = [ownCpuMs(), machineCpuMs()];
  const samples: Sample[] = [];
  const path = join(results, `${new Date().toISOString().replaceAll(/[:.]/g, '-')}.json`);
  for (let round = 1; round <= rounds; round++) {
    for (const scenario of asked.filter(({ roundsMax = rounds }) => round <= roundsMax)) {
      for (const peer of scenario.peers.filter((name) => peers.includes(name))) {
        for await (const sample of measureOne(scenario, peer, round, bench)) {
          samples.push(sample);
          print(sample, scenario);
        }
      }
    }
    // After each, so that what was measured is not lost with a run that is cut short.
    await Bun.write(path, `${JSON.stringify(runOf(round), null, 1)}\n`);
  }
  const whole = runOf(rounds);
  console.log(`${whole.minutes.toFixed(1)} minutes; every result is in ${path}`);
  // A part of the measurement is no measurement: the document takes whole ones only.
  const isWhole = asked.length === scenarios.length && peers.length === peerNames.length;
  if (values.write || (isWhole && !values.quick)) await writeReport(whole);

  function runOf(done: number): Run {
    const flags = process.argv.slice(2);
    const asked = ['npm run bench', ...(flags.length > 0 ? ['--', ...flags] : [])].join(' ');
    const command = done < rounds ? `${asked}    # cut short after ${done} rounds` : asked;
    const minutes = (performance.now() - begin) / 60_000;
    const othersMs = machineCpuMs() - machineBeforeMs - (ownCpuMs() - ownBeforeMs);
    const othersShare = Math.max(0, othersMs / (performance.now() - begin));
    return {
      command,
      rounds: done,
      minutes,
      machine: describeMachine(resolve(values.encke)),
      othersShare,
      samples,
    };
  }
}

async function* measureOne(
  scenario: Scenario,
  peer: PeerName,
  round: number,
  bench: Bench,
): AsyncGenerator<Sample, void> {
  const of = { scenario: scenario.name, peer, round };
  const reason = missing(peer);
  if (reason !== null) {
    console.log(`${scenario.name} without ${peer}: ${reason}`);
    return;
  }
  try {
    for await (const measured of scenario.measure(peer, bench, round)) yield { ...of, ...measured };
  } catch (error) {
    const failed = error instanceof Error ? error.message : String(error);
    yield { ...of, name: 'the rest', figures: {}, failed };
  }
}

function chosen<T>(all: readonly T[], asked: string | undefined, name: (one: T) => string): T[] {
  if (asked === undefined) return [...all];
  return asked.split(',').map((word) => {
    const found = all.find((one) => name(one) === word);
    if (found !== undefined) return found;
    throw new Error(`There is no "${word}": there are ${all.map(name).join(', ')}`);
  });
}

function print({ peer, round, name, figures, failed }: Sample, scenario: Scenario): void {
  const shown = scenario.columns.map(({ figure, title, unit, digits }) => {
    const value = figures[figure];
    return value === undefined ? `no ${title}` : `${title} ${value.toFixed(digits)} ${unit}`;
  });
  const mark = failed === null ? '' : `FAILED (${failed}) `;
  console.log(`${round} ${scenario.name} ${peer}, ${name}: ${mark}${shown.join(', ')}`);
}
