import { limits } from '../../src/protocol/limits.ts';
import { systemClock, type Clock } from '../../src/supervisor/clock.ts';
import { journalContract } from './journal.ts';
import { sqliteInFolder } from './sqlite-kit.ts';

// What is kept in memory must be told as the file tells it: all of it, some of it, nothing.
for (const newestMax of [limits.newestMax, 3, 0]) {
  journalContract(`on disk, in SQLite, ${newestMax} entries in memory`, async (options) => {
    // The time that is recorded is the test's; what waits for a real thread waits in real time.
    const clock: Clock = { ...systemClock, now: () => options.clock.now() };
    const setup = { ...options, clock, newestMax };
    const first = await sqliteInFolder(setup);
    let { dispose } = first;
    return {
      journal: first.journal,
      reopen: async () => {
        await first.journal.close();
        const second = await sqliteInFolder({ ...setup, folder: first.folder });
        ({ dispose } = second);
        return second.journal;
      },
      dispose: () => dispose(),
    };
  });
}
