/** Encke as a server under test: as everybody runs it, but for the limits per address. */
import { freePort, startServer, type Server } from '../server.ts';

export interface EnckeOptions {
  /** The command line's file, in this folder or in another version's. */
  readonly program: string;
  /** More of the command line. */
  readonly flags?: readonly string[];
  /** Where the journal lies. */
  readonly data: string;
}

/** Under its guard, which is what `serve` starts, and counted with it. */
export async function startEncke(folder: string, options: EnckeOptions): Promise<Server> {
  const port = await freePort();
  const command = [process.execPath, options.program, 'serve', '--port', String(port)];
  const data = ['--data', options.data];
  // All members come from one machine here; the limit would refuse most of them.
  const limits = ['--address-limits', 'off'];
  const flags = options.flags ?? [];
  return await startServer([...command, ...data, ...limits, ...flags], folder, port, '/readyz');
}

/**
 * What lets a member write a hundred times a second, in the scenarios that have fewer writers than
 * messages; nothing in a version that cannot.
 */
export function fastPace(program: string): readonly string[] {
  const { stdout } = Bun.spawnSync([process.execPath, program, 'serve', '--help']);
  return stdout.toString().includes('--pace ') ? ['--pace', '10'] : [];
}
