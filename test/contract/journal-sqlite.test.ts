import { systemClock, type Clock } from '../../src/supervisor/clock.ts';
import { journalContract } from './journal.ts';
import { sqliteInFolder } from './sqlite-kit.ts';

journalContract('on disk, in SQLite', async (options) => {
  // The time that is recorded is the test's; what waits for a real thread waits in real time.
  const clock: Clock = { ...systemClock, now: () => options.clock.now() };
  const setup = { ...options, clock };
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
