/** What the serving process takes, looked at whenever everything is at rest. */
import type { Report } from './inside-link.ts';
import { usageOf, type Stage } from './stage.ts';

export interface Sample {
  /** When, in minutes from the beginning. */
  readonly minute: number;
  readonly pid: number;
  readonly rssMb: number;
  readonly heapMb: number;
  readonly descriptors: number;
  readonly timers: number;
  readonly threads: number;
}

const megabyte = 1_048_576;
/** What one process has done since it was first looked at. */
export interface Flatness {
  readonly isFlat: boolean;
  /** The numbers, and what of them has grown. */
  readonly words: string;
}

/** With fewer samples of one process there is nothing to compare. */
const samplesMin = 8;
/** In a shorter life the heap's pools are still filling up in the second quarter. */
const livedMinutesMin = 25;
/**
 * What is compared, and how much may come on top without being called growth: in an hour in which
 * nothing grew, two samples of memory differed by up to 40 MB.
 */
const compared = [
  { of: 'rssMb', name: 'MB of memory', mayGrow: (mb: number) => mb * 1.25 + 16 },
  { of: 'heapMb', name: 'MB of heap', mayGrow: (mb: number) => mb * 1.25 + 4 },
  { of: 'descriptors', name: 'descriptors', mayGrow: (count: number) => count + 20 },
  { of: 'timers', name: 'timers', mayGrow: (count: number) => count + 50 },
  { of: 'threads', name: 'threads', mayGrow: (count: number) => count + 2 },
] as const;

export class Sampler {
  readonly samples: Sample[] = [];
  readonly #stage: Stage;
  readonly #began = performance.now();

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  async take(): Promise<void> {
    const pid = this.#stage.mustPid();
    const { heapBytes, timers, threads } = await this.#stage.inside<Report>({ do: 'collect' });
    const { rssBytes, descriptors } = usageOf(pid);
    this.samples.push({
      minute: Math.round(((performance.now() - this.#began) / 60_000) * 10) / 10,
      pid,
      rssMb: Math.round(rssBytes / megabyte),
      heapMb: Math.round(heapBytes / megabyte),
      descriptors,
      timers,
      threads,
    });
  }

  describe({ rssMb, heapMb, descriptors, timers, threads }: Sample): string {
    const counts = `${descriptors} descriptors, ${timers} timers, ${threads} threads`;
    return `${rssMb} MB (heap ${heapMb}), ${counts}`;
  }
}

/**
 * Whether a process stayed as it was: its second quarter against its last one. In the first, caches
 * and the allocator's pools still fill up: of the heap, for about a quarter of an hour. Null when
 * it has not lived long enough to tell.
 */
export function flatness(samples: readonly Sample[], pid: number | null): Flatness | null {
  const same = samples.filter((sample) => sample.pid === pid);
  const livedMinutes = (same.at(-1)?.minute ?? 0) - (same[0]?.minute ?? 0);
  if (same.length < samplesMin || livedMinutes < livedMinutesMin) return null;
  const quarter = Math.floor(same.length / 4);
  const [early, late] = [same.slice(quarter, 2 * quarter), same.slice(-quarter)];
  const grown: string[] = [];
  const words = compared.map(({ of, name, mayGrow }) => {
    const [before, after] = [middle(early, of), middle(late, of)];
    if (after > mayGrow(before)) grown.push(name);
    return `${name} ${before} to ${after}`;
  });
  const isFlat = grown.length === 0;
  const word = isFlat ? 'flat' : `GROWN: ${grown.join(', ')}`;
  return { isFlat, words: `${word}; ${words.join(', ')}, over ${same.length} samples` };
}

function middle(samples: readonly Sample[], of: (typeof compared)[number]['of']): number {
  const sorted = samples.map((sample) => sample[of]).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
