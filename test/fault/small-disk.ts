/** Real file systems of a few megabytes, to be filled. They need root, and loop devices. */
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  /** Where it is mounted. */
  readonly path: string;
  freeBytes(): number;
  /** Writes a file that leaves this much. */
  fill(leftBytes: number): void;
  /** Takes that file away. */
  empty(): void;
  unmount(): void;
}

export interface SmallDiskOptions {
  readonly megabytes: number;
  readonly blockBytes: 1024 | 4096;
  readonly inodes?: number;
  /** Of all those megabytes, only so many are really there: beyond them, writing fails. */
  readonly backedMegabytes?: number;
}

/** Mounts a fresh file system; null, with a sentence on the console, where that is impossible. */
export function mountSmallDisk(options: SmallDiskOptions): SmallDisk | null {
  const base = mkdtempSync(join(tmpdir(), 'encke-disk-'));
  const backing = join(base, 'backing');
  const path = join(base, 'disk');
  const image = join(backing, 'image');
  const { megabytes, blockBytes, inodes, backedMegabytes } = options;
  mkdirSync(backing);
  mkdirSync(path);
  const isThin = backedMegabytes !== undefined;
  const size = `${megabytes}M`;
  const many = inodes === undefined ? [] : ['-N', `${inodes}`];
  const steps = [
    ...(isThin
      ? [['mount', '-t', 'tmpfs', '-o', `size=${backedMegabytes}m`, 'none', backing]]
      : []),
    ['truncate', '-s', size, image],
    ['mkfs.ext4', '-q', '-F', '-m', '0', '-b', `${blockBytes}`, ...many, image],
    ['mount', '-o', 'loop', image, path],
  ];
  function unmount(): void {
    for (const mounted of isThin ? [path, backing] : [path]) run(['umount', '-l', mounted]);
    rmSync(base, { recursive: true, force: true });
  }
  for (const step of steps) {
    const problem = run(step);
    if (problem === null) continue;
    console.log(`A small disk cannot be made here, the test is skipped: ${problem}`);
    unmount();
    return null;
  }
  const ballast = join(path, 'ballast');
  const freeBytes = (): number => {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  };
  return {
    path,
    freeBytes,
    fill(leftBytes) {
      const chunk = Buffer.alloc(64 * 1024);
      try {
        while (freeBytes() > leftBytes) {
          const length = Math.min(chunk.length, freeBytes() - leftBytes);
          writeFileSync(ballast, chunk.subarray(0, length), { flag: 'a', flush: true });
        }
      } catch (reason) {
        // The last blocks of a file system hold no data.
        if (!String(reason).includes('ENOSPC')) throw reason;
      }
    },
    empty() {
      rmSync(ballast, { force: true });
      run(['sync', '-f', path]);
    },
    unmount,
  };
}

function run(command: string[]): string | null {
  try {
    const { success, stderr } = Bun.spawnSync(command, { stderr: 'pipe', stdout: 'ignore' });
    return success ? null : stderr.toString().trim();
  } catch (reason) {
    return String(reason);
  }
}
