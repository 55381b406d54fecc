/**
 * `bun test/sim/run.ts`: runs of the simulation, by seed. Prints what is wrong, with the command
 * that replays it, and what all runs came to.
 *
 *     --seed N         one seed
 *     --seeds K        so many, from --from N (1 by default)
 *     --steps M        how many things happen in each
 *     --trace          prints each event
 *     --history FILE   writes the history, one record a line, as the checker reads it
 *     --verbose        one line for each seed
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { simulate, stepsDefault, type Simulated } from './simulation.ts';
import { summaryOf, Total } from './total.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    steps: { type: 'string', default: String(stepsDefault) },
    trace: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    history: { type: 'string' },
  },
});

const steps = wholeNumber('steps', values.steps);
const first = wholeNumber('from', values.seed ?? values.from);
const count = values.seed === undefined ? wholeNumber('seeds', values.seeds) : 1;
const file = values.history === undefined ? null : openSync(values.history, 'w');
const total = new Total();
for (let seed = first; seed < first + count; seed++) {
  const outcome = await simulate({
    seed,
    steps,
    ...(values.trace ? { print: (line) => console.log(line) } : {}),
    ...(file === null
      ? {}
      : { history: (record) => writeSync(file, `${JSON.stringify(record)}\n`) }),
  });
  total.add(outcome);
  tell(outcome);
}
if (file !== null) closeSync(file);
console.log(total.toString());
process.exitCode = total.failed === 0 ? 0 : 1;

function tell(outcome: Simulated): void {
  const summary = summaryOf(outcome);
  if (summary !== null) console.log(summary);
  else if (values.verbose || count === 1) console.log(`seed ${outcome.seed}: ${outcome.digest}`);
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} takes a whole number, not "${text}"`);
  return Number(text);
}
