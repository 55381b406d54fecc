/** Encke as a server under test: as everybody runs it, but for the limits per address. */
import { join } from 'node:path';
import { freePort, startServer, type Server } from './server.ts';

const program = join(import.meta.dir, '..', '..', 'src', 'encke.ts');

export interface EnckeOptions {
  /** More of the command line. */
  readonly flags?: readonly string[];
  /** Where the journal lies; a folder of its own otherwise. */
  readonly data?: string;
}

/** Under its guard, which is what `serve` starts, and counted with it. */
export async function startEncke(folder: string, options: EnckeOptions = {}): Promise<Server> {
  const port = await freePort();
  const command = [process.execPath, program, 'serve', '--port', String(port)];
  const data = ['--data', options.data ?? join(folder, 'data')];
  // All members come from one machine here; the limit would refuse most of them.
  const limits = ['--address-limits', 'off'];
  const flags = options.flags ?? [];
  return await startServer([...command, ...data, ...limits, ...flags], folder, port, '/readyz');
}

/** How many milliseconds a member waits for the next message, where the scenario wants speed. */
export function paceFlags(paceMs: number): readonly string[] {
  return ['--pace', String(paceMs)];
}
