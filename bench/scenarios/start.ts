/** How long a room with a long history takes to open. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyLongJournal } from '../long-journal.ts';
import type { Scenario } from '../scenario.ts';
import { startPeer } from '../servers/peers.ts';
import { residentBytes } from '../usage.ts';

export const start: Scenario = {
  name: 'start',
  title: 'Starting with a million entries',
  shows: `From the start of the process until \`/readyz\` answers 200. The room's state was last
saved as many entries before the end as it is at most.`,
  peers: ['encke'],
  columns: [
    { figure: 'readyMs', title: 'ready after', unit: 'ms', digits: 0 },
    { figure: 'residentMb', title: 'memory', unit: 'MB', digits: 0 },
  ],
  async *measure(peer, bench) {
    const entries = bench.isQuick ? [10, 100_000] : [10, 1_000_000];
    for (const count of entries) {
      const folder = mkdtempSync(join(tmpdir(), 'bench-start-'));
      const data = await copyLongJournal(count, join(folder, 'data'));
      const server = await startPeer(peer, folder, bench, { members: 0, data });
      const figures = {
        readyMs: server.startMs,
        residentMb: residentBytes(server.pid) / 2 ** 20,
      };
      await server.stop();
      rmSync(folder, { recursive: true });
      yield { name: `${count.toLocaleString('en')} entries`, figures, failed: null };
    }
  },
};
