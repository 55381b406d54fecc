/**
 * Each planted bug is caught, and by the name of what it does. A suite that has never found a bug
 * has not shown that it can.
 */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { plantedBugs, type PlantedBug } from './bugs.ts';
import { isCaught } from './caught.ts';
import { planted, root } from './places.ts';

/** Seeds that a bug may live through. Most are caught in the first, and none has needed ten. */
const seedsMax = 60;
/** Hunts at once: as many as the smallest machine has cores. */
const huntsAtOnce = 2;
/** Two seconds a seed, which takes half a second where nothing else runs. */
const huntMsMax = 120_000;

interface Catch {
  /** What was found, by name; for a test, the names of those that failed. */
  readonly found: readonly string[];
  /** What the process printed, for whoever wonders. */
  readonly output: string;
}

const preload = ['--preload', join(import.meta.dirname, 'plant.ts')];
const hunts = new Map(plantedBugs.map((bug) => [bug, Promise.withResolvers<Catch>()]));
const running = new Set<Bun.Subprocess>();

beforeAll(() => {
  const left = [...hunts];
  const hunter = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [bug, hunt] = next;
      await hunted(bug).then(hunt.resolve, hunt.reject);
    }
  };
  for (let nr = 0; nr < huntsAtOnce; nr++) void hunter();
});

afterAll(() => {
  for (const process of running) process.kill('SIGKILL');
});

describe('a planted bug', () => {
  for (const [bug, { promise }] of hunts) {
    test(
      `is caught: ${bug.name}`,
      async () => {
        const { found, output } = await promise;
        const isSeen = isCaught(bug, found);
        if (!isSeen) console.log(output.slice(-4_000));
        expect({ found, isSeen }).toEqual({ found, isSeen: true });
      },
      plantedBugs.length * huntMsMax,
    );
  }

  test('has its place in the source, and leaves code that can be read', () => {
    expect(plantedBugs.length).toBeGreaterThanOrEqual(16);
    const transpiler = new Bun.Transpiler({ loader: 'ts' });
    for (const { name, places } of plantedBugs) {
      expect(places, name).not.toEqual([]);
      for (const [file, own] of Map.groupBy(places, (place) => place.file)) {
        expect(() => transpiler.transformSync(planted(file, own))).not.toThrow();
      }
    }
  });

  test('is told of in the document, with its harm', () => {
    const document = readFileSync(join(root, 'docs/reliability.md'), 'utf8');
    for (const { name, harm, caughtBy } of plantedBugs) {
      const names =
        'test' in caughtBy
          ? `a test: "${caughtBy.named}"`
          : caughtBy.simulator.map((one) => `\`${one}\``).join(', ');
      expect(document).toContain(`\n| ${name} | ${harm} | ${names} |\n`);
    }
  });

  test('whose place has moved is an error', () => {
    const place = { file: 'src/encke.ts', find: 'this stands nowhere', put: '' };
    expect(() => planted(place.file, [place])).toThrow('stands 0 times in src/encke.ts');
  });
});

async function hunted(bug: PlantedBug): Promise<Catch> {
  const { caughtBy, name } = bug;
  if ('test' in caughtBy && !existsSync(join(root, caughtBy.test))) {
    throw new Error(`The test "${caughtBy.test}" of the planted bug "${name}" is not there`);
  }
  const args =
    'test' in caughtBy
      ? ['test', ...preload, `./${caughtBy.test}`, '-t', caughtBy.named]
      : [...preload, 'test/planted/hunt.ts', `${seedsMax}`];
  const process_ = Bun.spawn([process.execPath, ...args], {
    cwd: root,
    env: { ...process.env, ENCKE_PLANTED: name, NO_COLOR: '1' },
    stdout: 'pipe',
    stderr: 'pipe',
    timeout: huntMsMax,
  });
  running.add(process_);
  const [out, err] = await Promise.all([
    new Response(process_.stdout).text(),
    new Response(process_.stderr).text(),
    process_.exited,
  ]);
  running.delete(process_);
  const output = `${out}\n${err}`;
  if ('test' in caughtBy) {
    const failed = [...output.matchAll(/^\(fail\) (.*)$/gm)].map(([, one = '']) => one);
    return { found: failed, output };
  }
  const last = /^\{"seed".*\}$/m.exec(out)?.[0] ?? '{"found":[]}';
  return { found: (JSON.parse(last) as { found: string[] }).found, output };
}
