/**
 * A disk of its own for the data folder: a file system in a file. What the file holds at a moment
 * is what had reached the device by then, and so what a power cut would leave.
 */
import { mkdirSync, mkdtempSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const blockBytes = 4096;

export class LoopDisk {
  /** Where it is mounted. */
  readonly path: string;
  readonly #base: string;
  readonly #image: string;

  /** Makes one and mounts it; or says why that is impossible here. */
  static make(megabytes: number): LoopDisk | string {
    const disk = new LoopDisk(mkdtempSync(join(tmpdir(), 'encke-torture-')));
    const problem =
      attempt(['truncate', '-s', `${megabytes}M`, disk.#image]) ??
      attempt(['mkfs.ext4', '-q', '-F', '-m', '0', '-b', `${blockBytes}`, disk.#image]) ??
      attempt(['mount', '-o', 'loop', disk.#image, disk.path]);
    if (problem === null) return disk;
    disk.remove();
    return problem;
  }

  private constructor(base: string) {
    this.#base = base;
    this.#image = join(base, 'image');
    this.path = join(base, 'disk');
    mkdirSync(this.path);
  }

  freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.path);
    return bavail * bsize;
  }

  /** Writes a file that leaves this much. */
  fill(leftBytes: number): void {
    const ballast = join(this.path, 'ballast');
    // Nearly all of it at once; what the file system has still to find for itself, by writing.
    const most = this.freeBytes() - leftBytes - 4 * 1024 * 1024;
    if (most > 0) must(['fallocate', '-l', `${most}`, ballast]);
    const chunk = Buffer.alloc(1024 * 1024);
    try {
      while (this.freeBytes() > leftBytes) {
        const length = Math.min(chunk.length, this.freeBytes() - leftBytes);
        writeFileSync(ballast, chunk.subarray(0, length), { flag: 'a', flush: true });
      }
    } catch (reason) {
      // The last blocks of a file system hold no data.
      if (!String(reason).includes('ENOSPC')) throw reason;
    }
  }

  /** Takes that file away. */
  empty(): void {
    rmSync(join(this.path, 'ballast'), { force: true });
    attempt(['sync', '-f', this.path]);
  }

  /** Copies what has reached the device. Whoever writes to it must stand still. */
  freeze(): void {
    must(['cp', '--sparse=always', this.#image, `${this.#image}.frozen`]);
  }

  /**
   * Goes on from the frozen copy, as after a power cut. Answers with what the file system says of
   * itself before it recovers. Nobody may use the disk.
   */
  thaw(): string {
    this.#unmount();
    renameSync(`${this.#image}.frozen`, this.#image);
    const features = must(['dumpe2fs', '-h', this.#image]);
    must(['mount', '-o', 'loop', this.#image, this.path]);
    return features.includes('needs_recovery') ? 'its journal was replayed' : 'it was clean';
  }

  remove(): void {
    this.#unmount();
    rmSync(this.#base, { recursive: true, force: true });
  }

  #unmount(): void {
    // Somebody may still have a file open: then the disk goes when they go.
    if (attempt(['umount', this.path]) !== null) attempt(['umount', '-l', this.path]);
  }
}

function attempt(command: string[]): string | null {
  try {
    const { success, stderr } = Bun.spawnSync(command, { stderr: 'pipe', stdout: 'ignore' });
    return success ? null : stderr.toString().trim();
  } catch (reason) {
    return String(reason);
  }
}

function must(command: string[]): string {
  const { success, stderr, stdout } = Bun.spawnSync(command, { stderr: 'pipe', stdout: 'pipe' });
  if (!success) throw new Error(`"${command.join(' ')}" failed: ${stderr.toString().trim()}`);
  return stdout.toString();
}
