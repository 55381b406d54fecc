/** nginx with Nchan as a server under test: the packages of Debian, and `nchan/nginx.conf`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, startServer, type Server } from '../server.ts';

const template = join(import.meta.dir, 'nchan', 'nginx.conf');
const nchanModule = '/usr/lib/nginx/modules/ngx_nchan_module.so';

/** Whether the peer is installed; without it Encke is measured alone. */
export const hasNchan = Bun.which('nginx') !== null && existsSync(nchanModule);

export async function startNchan(folder: string, members: number): Promise<Server> {
  const port = await freePort();
  const values: Record<string, string> = {
    FOLDER: folder,
    PORT: String(port),
    MODULE: nchanModule,
    // When only a sixteenth is left, nginx begins to close connections that are idle at the moment.
    CONNECTIONS: String(Math.ceil(members * 1.2) + 500),
    DESCRIPTORS: String(members + 1000),
  };
  const text = await Bun.file(template).text();
  const configuration = join(folder, 'nginx.conf');
  const filled = text.replaceAll(/\{\{([A-Z]+)\}\}/g, (_, name: string) => values[name] ?? '');
  await Bun.write(configuration, filled);
  return await startServer(['nginx', '-c', configuration], folder, port, '/');
}
