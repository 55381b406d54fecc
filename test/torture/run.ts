/**
 * `npm run torture`: hours of it, with one line a minute, and a verdict at the end.
 *
 *     npm run torture -- --minutes 60 --seed 7 --clients 300 --rate 5
 *     npm run torture -- --keep-process                    memory, descriptors, timers
 *     npm run torture -- --only power-cut --rounds 100
 *     npm run torture -- --without join-storm,flood
 *
 * Ctrl-C ends it in order, with a verdict.
 */
import { parseArgs } from 'node:util';
import { installStrace } from './strace.ts';
import { torture, type Outcome } from './torture.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    rounds: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    clients: { type: 'string', default: '300' },
    rate: { type: 'string', default: '5' },
    joins: { type: 'string', default: '10000' },
    only: { type: 'string' },
    without: { type: 'string', default: '' },
    'keep-process': { type: 'boolean', default: false },
    quiet: { type: 'boolean', default: false },
  },
});

const print = (line: string): void => console.log(line);
// Some faults need it; without it they are left out, and the verdict is unknown.
installStrace(print);
const ending = new AbortController();
process.on('SIGINT', () => ending.abort());
process.on('SIGTERM', () => ending.abort());

const isInRounds = values.rounds !== undefined;
const outcome = await torture({
  seed: Number(values.seed),
  clients: Number(values.clients),
  rate: Number(values.rate),
  minutes: isInRounds ? null : Number(values.minutes),
  rounds: isInRounds ? Number(values.rounds) : null,
  only: values.only === undefined ? null : values.only.split(','),
  without: values.without.split(',').filter((name) => name !== ''),
  keepProcess: values['keep-process'],
  gapMs: isInRounds ? [500, 2_000] : [3_000, 9_000],
  spell: isInRounds ? 20 : 8,
  joins: Number(values.joins),
  print,
  told: values.quiet ? () => undefined : print,
  signal: ending.signal,
});
report(outcome);
process.exit({ pass: 0, fail: 1, unknown: 2 }[outcome.verdict]);

function report(told: Outcome): void {
  const { checker, troubles, verdict } = told;
  print(`\n${verdict.toUpperCase()} after ${told.minutes} minutes, seed ${told.seed}`);
  const { acknowledged, delivered, polls, clients, records } = checker;
  print(
    `${acknowledged} messages acknowledged, ${delivered} deliveries, ${polls} polls, ` +
      `${clients} clients, ${records} records, ${told.late} of them late`,
  );
  print(`Faults: ${counted(checker.faults)}`);
  print(`The network: ${counted(told.proxy)}`);
  print(`Clients that stopped unasked: ${counted(told.clientEnds)}`);
  print(`The server ended by itself: ${counted(told.serverEnds)}`);
  for (const [name, why] of Object.entries(told.leftOut)) print(`Left out, "${name}": ${why}`);
  for (const line of told.misfired) print(`Misfired, ${line}`);
  for (const doubt of told.doubts) print(`Doubt: ${doubt}`);
  for (const { name, detail, line } of checker.anomalies) print(`${name} (${line}): ${detail}`);
  for (const trouble of troubles) print(`Trouble: ${trouble}`);
  if (told.awayMs !== null) print(`Killed, it served again within ${told.awayMs} ms`);
  if (told.flat !== null) print(`The process: ${told.flat}`);
  if (told.kept !== null) print(`Everything is kept in ${told.kept}`);
  print(JSON.stringify(told));
}

function counted(counts: Readonly<Record<string, number>>): string {
  const words = Object.entries(counts).map(([name, times]) => `${name} ${times}`);
  return words.length === 0 ? 'none' : words.join(', ');
}
