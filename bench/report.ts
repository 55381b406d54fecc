/** The document of a run: what was promised, what was measured, and what the figures do not say. */
import { join } from 'node:path';
import { peerTitles, plotOf } from './plot.ts';
import type { Column, Sample, Scenario } from './scenario.ts';
import { scenarios } from './scenarios/all.ts';
import { roundsOf, spread, type Rounds } from './statistics.ts';
import { verdictsOf, type Verdict } from './targets.ts';

export interface Run {
  readonly command: string;
  readonly rounds: number;
  readonly minutes: number;
  readonly machine: readonly string[];
  /** Processor time that others on this machine took meanwhile, as a share of one core. */
  readonly othersShare: number;
  readonly samples: readonly Sample[];
}

const docs = join(import.meta.dir, '..', 'docs');

/** Writes `docs/benchmarks.md`, and its plot beside it. */
export async function writeReport(run: Run): Promise<void> {
  await Bun.write(join(docs, 'benchmarks.md'), pageOf(run));
  await Bun.write(join(docs, 'benchmarks.svg'), plotOf(run.samples));
}

function pageOf(run: Run): string {
  const measured = scenarios.filter(({ name }) =>
    run.samples.some(({ scenario }) => scenario === name),
  );
  return `# Benchmarks

What does it cost to tell everybody, how long until they know, and what does a member weigh who
waits? Measured beside nginx with Nchan, a pub/sub server in C that also speaks long polling;
beside Socket.IO and Faye, each by long polling alone; and beside a floor, the smallest program
that writes as many bytes to as many sockets. This page and its plot are written by the run that
measured them.

    ${run.command}

${run.machine.map((line) => `- ${line}`).join('\n')}
- ${run.rounds} rounds by turns in ${run.minutes.toFixed(0)} minutes, each with fresh servers.
- The server has one core for itself, with all its threads; the load generator and everything else
  has the other. Others on the machine took ${(run.othersShare * 100).toFixed(0)} % of a core.

![CPU per delivery and p99, by number of held polls](benchmarks.svg)

## What was promised

${promisesOf(verdictsOf(run.samples))}

Ratios are medians of the ratios within each round. One failed round of Encke is enough for a "no".

${measured.map((scenario) => sectionOf(scenario, run.samples)).join('\n\n')}

## What is compared

The servers do not do the same work. For each message Encke checks a signed session, applies the
rules of the room, commits the message to disk (SQLite, \`synchronous=FULL\`) before anybody hears
of it, and answers the polls of N known members in JSON with a cursor and with what is live. Nchan
takes the bytes as they come, keeps them in memory, and sends them to N nameless connections; it
is given as many bytes as Encke's reply has. Socket.IO and Faye know each member by a session,
keep what is on its way in memory, and forget it when it is handed over; they are given the same
text, and run under Node with the settings that their documentation has for speed. The floor
checks nothing, knows nobody, and writes as many bytes as Encke does, head included.

Every series is checked: each receiver must get each message exactly once, and all in the same
order, with the cursors that the replies carry where there are any. A round in which one does not
counts as failed, and is shown as such, however fast it was.

The generator is one program in C upon a core of its own. Each member is another one with a
connection of their own; five servers are asked by the same code, in their own words. A message is
timed from when it was due, so that a slow server cannot slow down what would show it. The moment
of arrival is the kernel's: when the reply was put into the receiver's socket, not when the
generator came to read it. So how idle it was has no part in the times; it takes part in how soon
the next poll is there.

Not measured here: many rooms, a slow network, TLS, a proxy, compression, a cluster.
`;
}

function promisesOf(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ target, measured, beside, isMet }) => {
    if (isMet === null) return `| ${target} | not measured | | |`;
    return `| ${target} | ${measured} | ${beside} | ${isMet ? 'yes' : '**no**'} |`;
  });
  return ['| promise | measured | peer | met |', '|---|---|---|---|', ...rows].join('\n');
}

function sectionOf({ name, title, shows, columns }: Scenario, samples: readonly Sample[]): string {
  return `## ${title}

${wrapped(shows)}

${tableOf(columns, roundsOf(samples, name))}`;
}

/** A paragraph in lines of at most 100 characters, wherever its lines ended before. */
function wrapped(text: string): string {
  return text
    .split(/\s+/)
    .reduce<string[]>((lines, word) => {
      const line = lines.at(-1);
      if (line === undefined || line.length + word.length >= 100) return [...lines, word];
      return [...lines.slice(0, -1), `${line} ${word}`];
    }, [])
    .join('\n');
}

/** Medians, and the lowest and the highest round in brackets when there are several. */
function tableOf(columns: readonly Column[], all: readonly Rounds[]): string {
  const head = `| | server | ${columns.map(({ title }) => title).join(' | ')} |`;
  const line = `|---|---|${columns.map(() => '---:|').join('')}`;
  const names = [...new Set(all.map(({ name }) => name))];
  const rows = names.flatMap((name) =>
    all
      .filter((rounds) => rounds.name === name)
      .map((rounds) => `| ${name} | ${peerTitles[rounds.peer]} | ${cellsOf(columns, rounds)} |`),
  );
  return [head, line, ...rows].join('\n');
}

function cellsOf(columns: readonly Column[], rounds: Rounds): string {
  const { good, failed } = rounds;
  const [first] = failed;
  const cells = columns.map((column) => cellOf(column, rounds));
  if (first === undefined) return cells.join(' | ');
  const why = `**FAILED** in ${failed.length} of ${failed.length + good.length}: ${first.failed}`;
  return good.length === 0
    ? [why, ...cells.slice(1).map(() => '')].join(' | ')
    : [`${cells[0]} ${why}`, ...cells.slice(1)].join(' | ');
}

function cellOf({ figure, unit, digits }: Column, rounds: Rounds): string {
  const found = spread(rounds, figure);
  if (found === null) return '';
  const show = (value: number): string =>
    value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const median = unit === '' ? show(found.median) : `${show(found.median)} ${unit}`;
  const isOne = rounds.good.length === 1 || show(found.lowest) === show(found.highest);
  return isOne ? median : `${median} (${show(found.lowest)}–${show(found.highest)})`;
}
