/**
 * The chats that people use today, and Encke, under one schedule of faults: what does each lose?
 *
 *     bun test/torture/peers/run.ts
 *     bun test/torture/peers/run.ts --chat faye --minutes 1 --seed 7 --clients 10
 *     bun test/torture/peers/run.ts --roughness 0.1
 *     bun test/torture/peers/run.ts --without duplicate,replay
 *     bun test/torture/peers/run.ts --together --histories FOLDER   keeps what was observed
 *
 * The peers' packages are installed by `npm install` in `bench/`.
 */
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Checker } from '../../checker/checker.ts';
import { randomOf } from '../../contract/journal-kit.ts';
import { rough, type Weather } from '../proxy.ts';
import { arePeersInstalled, chats, type Chat } from './chats.ts';
import { scheduleOf } from './schedule.ts';
import { tableOf, type Row } from './table.ts';
import { runTrial } from './trial.ts';

const { values } = parseArgs({
  options: {
    chat: { type: 'string', default: 'all' },
    minutes: { type: 'string', default: '5' },
    clients: { type: 'string', default: '30' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    /** How much of the proxy's `rough` weather: 1 harms every sixth request, 0.1 every sixtieth. */
    roughness: { type: 'string', default: '1' },
    /** Faults that are left out, by their names in the table; `all` for every one of them. */
    without: { type: 'string', default: '' },
    /** All at the same time, each with servers and proxies of its own. */
    together: { type: 'boolean', default: false },
    histories: { type: 'string' },
  },
});

const seed = Number(values.seed);
const members = Number(values.clients);
const lengthMs = Number(values.minutes) * 60_000;
const chosen = chats.filter(({ name }) => values.chat === 'all' || values.chat === name);
if (chosen.length === 0) throw new Error(`There is no chat "${values.chat}"`);
if (chosen.some(({ name }) => name !== 'encke') && !arePeersInstalled()) {
  throw new Error('The peers are not installed: run "npm install" in the folder "bench"');
}

const left = values.without === '' ? [] : values.without.split(',');
const isLeft = (name: string): boolean => left.includes(name) || left.includes('all');
const weather: Weather = Object.fromEntries(
  Object.entries(rough)
    .filter(([name]) => !isLeft(name))
    .map(([name, likelihood]) => [name, likelihood * Number(values.roughness)]),
);

const rows: Row[] = [];
if (values.together) rows.push(...(await Promise.all(chosen.map(tried))));
else for (const chat of chosen) rows.push(await tried(chat));
const settings = [
  `${members} members`,
  `${values.minutes} minutes`,
  `seed ${seed}`,
  `roughness ${values.roughness}`,
  ...left.map((name) => `without ${name}`),
];
console.log(`${settings.join(', ')}\n`);
console.log(tableOf(rows));

/** Puts a chat to the test, and has the checker read the history. */
async function tried(chat: Chat): Promise<Row> {
  // The same seed for each: one stream of numbers for the schedule, another for the proxies.
  const whole = scheduleOf(randomOf(seed), { members, lengthMs });
  const schedule = {
    ...whole,
    server: whole.server.filter(({ name }) => !isLeft(name)),
    sleeps: isLeft('sleep') ? [] : whole.sleeps,
  };
  const checker = new Checker({ acknowledgedMin: schedule.sayings.length / 2 });
  const file = historyFile(chat);
  const { seen, faults } = await runTrial(chat, {
    members,
    lengthMs,
    schedule,
    weather,
    random: randomOf(seed + 1),
    record(record) {
      checker.take(record);
      file?.write(`${JSON.stringify(record)}\n`);
    },
  });
  file?.end();
  console.error(`${chat.name}: ${JSON.stringify(seen)}`);
  return { chat: chat.name, seen, faults, verdict: checker.verdict() };
}

function historyFile({ name }: Chat): WriteStream | null {
  if (values.histories === undefined) return null;
  mkdirSync(values.histories, { recursive: true });
  return createWriteStream(join(values.histories, `${name}.jsonl`));
}
