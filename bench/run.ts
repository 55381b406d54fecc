/**
 * Measures Encke beside nginx with Nchan: what a delivery costs, how long it takes, what a held
 * poll weighs. Rounds alternate between the two, so that whatever the machine does besides meets
 * both. Writes docs/benchmarks.md, and every single result under bench/results.
 *
 *     npm run bench                             5 rounds
 *     npm run bench -- --quick                  3 shorter rounds
 *     npm run bench -- --members 1000           one size
 *     npm run bench -- --peer encke             one server
 *     npm run bench -- --profile --members 5000 Encke alone, once, with a profile
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildGenerator } from './generator.ts';
import { measure, type Measurement, type Peer } from './measure.ts';
import { hasNchan } from './nchan.ts';
import { describeMachine, pageOf, percent } from './report.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    members: { type: 'string', default: '1000,5000,15000' },
    rounds: { type: 'string' },
    bytes: { type: 'string', default: '100' },
    gap: { type: 'string', default: '1000' },
    messages: { type: 'string' },
    peer: { type: 'string' },
  },
});

const results = join(import.meta.dir, 'results');
const sizes = values.members.split(',').map(Number);
const rounds = Number(values.rounds ?? (values.profile ? 1 : values.quick ? 3 : 5));
const messages = Number(values.messages ?? (values.quick ? 10 : 20));
const peers = peersOf(values.peer);

const program = buildGenerator(results);
const measured: Measurement[] = [];
for (let round = 1; round <= rounds; round++) {
  for (const members of sizes) {
    let bytes = Number(values.bytes);
    for (const peer of peers) {
      const plan = {
        peer,
        members,
        messages,
        gapMs: Number(values.gap),
        bytes,
        profile: values.profile,
      };
      const result = await measure(program, plan);
      // The peer sends as many bytes as Encke's reply had, cursor and all.
      bytes = Math.round(result.series.replyBytes);
      measured.push(result);
      print(round, result);
    }
  }
}

mkdirSync(results, { recursive: true });
const flags = process.argv.slice(2);
const command = ['npm run bench', ...(flags.length > 0 ? ['--', ...flags] : [])].join(' ');
const run = { command, rounds, messages, machine: describeMachine(), measured };
const name = `${new Date().toISOString().replaceAll(/[:.]/g, '-')}.json`;
await Bun.write(join(results, name), `${JSON.stringify(run, null, 2)}\n`);
// A part of the measurement is no measurement: the document takes whole ones only.
const isWhole = !values.profile && values.members === '1000,5000,15000' && peers.length === 2;
if (isWhole) await Bun.write(join(import.meta.dir, '..', 'docs', 'benchmarks.md'), pageOf(run));

function peersOf(asked: string | undefined): readonly Peer[] {
  if (values.profile || asked === 'encke') return ['encke'];
  if (!hasNchan)
    throw new Error('nginx with Nchan is not installed: install it, or say --peer encke');
  return asked === 'nchan' ? ['nchan'] : ['encke', 'nchan'];
}

function print(round: number, result: Measurement): void {
  const { peer, members, series } = result;
  const numbers = [
    `${result.cpuUsPerDelivery.toFixed(1)} µs CPU`,
    `p50 ${series.p50Ms.toFixed(1)} ms`,
    `p99 ${series.p99Ms.toFixed(1)} ms`,
    `${result.residentKbPerPoll.toFixed(1)} kB`,
    `${series.replyBytes.toFixed(0)} bytes`,
    `idle ${percent(series.idle)}, ${percent(series.idleDelivering)} when delivering`,
    `others ${percent(result.othersShare)}`,
  ];
  console.log(`${round}/${rounds} ${peer} ${members} polls: ${numbers.join(', ')}`);
}
