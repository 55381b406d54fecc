/**
 * Simulates one seed after the other until the bug that is planted (`plant.ts`) is caught by one of
 * its names, and prints what was found up to then: one line of JSON, `{"seed": 3, "found":
 * ["disorder", "stuck"]}`. What has another name is told and does not end the hunt.
 *
 *     ENCKE_PLANTED=NAME bun --preload ./test/planted/plant.ts test/planted/hunt.ts SEEDS [FIRST]
 */
import { simulate } from '../sim/simulation.ts';
import { plantedBugs } from './bugs.ts';
import { isCaught } from './caught.ts';

const bug = plantedBugs.find(({ name }) => name === process.env['ENCKE_PLANTED']);
if (bug === undefined) throw new Error('There is no bug to hunt for');
const seeds = Number(process.argv[2] ?? 10);
const first = Number(process.argv[3] ?? 1);
const found = new Set<string>();
let seed = first - 1;
while (seed < first + seeds - 1 && !isCaught(bug, [...found])) {
  const { verdict, troubles } = await simulate({ seed: ++seed });
  for (const name of Object.keys(verdict.counts)) found.add(name);
  for (const what of troubles) found.add(what.slice(0, 100));
}
console.log(JSON.stringify({ seed, found: [...found] }));
process.exit(0);
