/** Encke as a server under test: as everybody runs it, but for the limits per address. */
import { join } from 'node:path';
import { freePort, startServer, type Server } from './server.ts';

const program = join(import.meta.dir, '..', 'src', 'encke.ts');

export async function startEncke(folder: string, profile: boolean): Promise<Server> {
  const port = await freePort();
  const profiler = profile ? ['--cpu-prof', '--cpu-prof-md', `--cpu-prof-dir=${folder}`] : [];
  // `serve` is the guard, which starts `run`; a profile is wanted of the one that does the work.
  const command = [process.execPath, ...profiler, program, profile ? 'run' : 'serve'];
  const options = ['--port', String(port), '--data', join(folder, 'data')];
  // All members come from one machine here; the limit would refuse most of them.
  const limits = ['--address-limits', 'off'];
  return await startServer([...command, ...options, ...limits], folder, port, '/readyz');
}
