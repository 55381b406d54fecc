/**
 * Plants a bug: a preload that replaces text in source files while they are loaded. The bug is
 * named by `ENCKE_PLANTED`.
 *
 *     ENCKE_PLANTED='newest first' bun --preload ./test/planted/plant.ts test/planted/hunt.ts
 */
import { join } from 'node:path';
import { plantedBugs } from './bugs.ts';
import { planted, root } from './places.ts';

const name = process.env['ENCKE_PLANTED'];
const bug = plantedBugs.find((one) => one.name === name);
if (bug === undefined) throw new Error(`There is no bug named "${name}" to plant`);
const byFile = Map.groupBy(bug.places, ({ file }) => file);

Bun.plugin({
  name: 'plant',
  setup(build) {
    for (const [file, places] of byFile) {
      const filter = new RegExp(`^${RegExp.escape(join(root, file))}$`);
      build.onLoad({ filter }, () => ({ contents: planted(file, places), loader: 'ts' }));
    }
  },
});
