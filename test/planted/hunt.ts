/**
 * Simulates one seed after the other until something is found, and prints what: one line of JSON,
 * `{"seed": 3, "found": ["disorder", "stuck"]}`. With nothing found, `found` is empty. Run with a
 * bug planted (`plant.ts`); without one nothing may be found.
 *
 *     bun test/planted/hunt.ts SEEDS [FIRST SEED]
 */
import { simulate } from '../sim/simulation.ts';

const seeds = Number(process.argv[2] ?? 10);
const first = Number(process.argv[3] ?? 1);
let seed = first;
let found: readonly string[] = [];
for (; seed < first + seeds && found.length === 0; seed++) {
  const { verdict, troubles } = await simulate({ seed });
  found = [...Object.keys(verdict.counts), ...troubles.map((what) => what.slice(0, 100))];
}
console.log(JSON.stringify({ seed: seed - 1, found }));
process.exit(0);
