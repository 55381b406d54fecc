/** What is built before anything is measured: the page, the generator, the floor, the peers. */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface Programs {
  readonly encke: string;
  readonly generator: string;
  readonly floor: string;
  readonly socketIo: string;
  readonly faye: string;
}

/**
 * Where they are put. Beside this package's node_modules, in which Node looks for the peers when it
 * is started here.
 */
export const results = join(import.meta.dir, 'results');

const generatorFolder = join(import.meta.dir, 'generator');

/** Whether the packages of the peers are installed: `npm install` in this folder. */
export const hasPackages = existsSync(join(import.meta.dir, 'node_modules', 'socket.io'));

/** `enckeFolder`: the version of Encke that is measured. */
export async function buildPrograms(enckeFolder: string): Promise<Programs> {
  mkdirSync(results, { recursive: true });
  await buildPage(enckeFolder);
  const sources = [generatorFolder, join(generatorFolder, 'wires')].flatMap(sourcesIn);
  return {
    encke: join(enckeFolder, 'src', 'encke.ts'),
    generator: compile('generator', sources),
    floor: compile('floor', [join(import.meta.dir, 'servers', 'floor', 'floor.c')]),
    socketIo: await bundle('socket-io-room'),
    faye: await bundle('faye-room'),
  };
}

/** The page of that version: what an earlier one has left there would be served otherwise. */
async function buildPage(enckeFolder: string): Promise<void> {
  await Bun.$`${process.execPath} src/ui/build.ts`.cwd(enckeFolder).quiet();
}

function sourcesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.c'))
    .map((name) => join(folder, name));
}

function compile(name: string, sources: readonly string[]): string {
  if (Bun.which('gcc') === null) throw new Error('There is no gcc to build with: install it');
  const program = join(results, name);
  const flags = ['-O2', '-Wall', '-Wextra', '-o', program];
  const { exitCode, stderr } = Bun.spawnSync(['gcc', ...flags, ...sources]);
  if (exitCode !== 0) throw new Error(`"${name}" could not be built: ${stderr.toString()}`);
  return program;
}

/** The peers run under Node, which does not read TypeScript in every version that is in use. */
async function bundle(name: string): Promise<string> {
  const built = await Bun.build({
    entrypoints: [join(import.meta.dir, 'peers', `${name}.ts`)],
    target: 'node',
    packages: 'external',
    format: 'cjs',
    outdir: results,
    naming: '[name].cjs',
  });
  if (!built.success) throw new AggregateError(built.logs, `"${name}" could not be bundled`);
  return join(results, `${name}.cjs`);
}
