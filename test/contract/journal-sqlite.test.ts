import { journalContract } from './journal.ts';
import { sqliteInFolder } from './sqlite-kit.ts';

journalContract('on disk, in SQLite', async (options) => {
  const first = await sqliteInFolder(options);
  let { dispose } = first;
  return {
    journal: first.journal,
    reopen: async () => {
      await first.journal.close();
      const second = await sqliteInFolder({ ...options, folder: first.folder });
      ({ dispose } = second);
      return second.journal;
    },
    dispose: () => dispose(),
  };
});
