/** The memory of the process, handed in like its time. */
export interface Memory {
  /** What the system has given to the process, in bytes. */
  residentBytes(): number;
  /** Looks through all of it for what nobody needs any more. Everything waits meanwhile. */
  collect(): void;
}

/** The memory of this process. */
export const systemMemory: Memory = {
  residentBytes: () => process.memoryUsage.rss(),
  collect: () => Bun.gc(true),
};
