/** The servers under test, by name. */
import type { Bench, PeerName } from '../scenario.ts';
import { hasPackages } from '../programs.ts';
import { startEncke } from './encke.ts';
import { hasNchan, startNchan } from './nchan.ts';
import { freePort, startServer, type Server } from '../server.ts';

export interface PeerOptions {
  readonly members: number;
  readonly flags?: readonly string[];
  readonly data: string;
}

/** Why a server cannot be measured here; null when it can. */
export function missing(peer: PeerName): string | null {
  if (peer === 'nchan' && !hasNchan) return 'nginx with Nchan is not installed';
  if ((peer === 'socket-io' || peer === 'faye') && !hasPackages)
    return 'its packages are not installed: npm install in the folder "bench"';
  return null;
}

export async function startPeer(
  peer: PeerName,
  folder: string,
  { programs, reply }: Bench,
  options: PeerOptions,
): Promise<Server> {
  if (peer === 'encke') return await startEncke(folder, { ...options, program: programs.encke });
  if (peer === 'nchan') return await startNchan(folder, options.members);
  const port = await freePort();
  if (peer === 'floor') {
    const bytes = String(Math.round(reply.headBytes + reply.bodyBytes));
    return await startServer([programs.floor, String(port), bytes], folder, port, '/');
  }
  const room = {
    'socket-io': { program: programs.socketIo, path: '/socket.io/?EIO=4&transport=polling' },
    faye: { program: programs.faye, path: '/chat' },
  }[peer];
  const command = ['node', room.program, '--port', String(port)];
  return await startServer(command, folder, port, room.path);
}
