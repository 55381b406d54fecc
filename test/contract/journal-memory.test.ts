import { MemoryJournal } from '../../src/journal/memory.ts';
import { journalContract } from './journal.ts';

journalContract('in memory', async (options) => {
  const journal = new MemoryJournal(options);
  return {
    journal,
    setFull: (isFull) => {
      journal.isFull = isFull;
    },
    dispose: () => journal.close(),
  };
});
