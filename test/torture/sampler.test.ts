/** Whether a process has grown. */
import { expect, test } from 'bun:test';
import { flatness, type Flatness, type Sample } from './sampler.ts';

/** A process that is looked at 40 times, once a minute, and is otherwise the same all the time. */
function life(of: (nr: number) => Partial<Sample>): Sample[] {
  const rest = { pid: 1, rssMb: 80, heapMb: 7, timers: 3, threads: 1 };
  return Array.from({ length: 40 }, (_, nr) => {
    return { minute: nr, descriptors: 300 + (nr % 3), ...rest, ...of(nr) };
  });
}

function judged(of: (nr: number) => Partial<Sample>): Flatness | null {
  return flatness(life(of), 1);
}

test('what fills up in the beginning and then stays is flat', () => {
  const filled = judged((nr) => ({ rssMb: 80 + Math.min(nr, 10) * 4, heapMb: Math.min(nr, 15) }));
  expect(filled?.words).toStartWith('flat; ');
  expect(filled?.isFlat).toBe(true);
});

test.each([
  ['MB of memory', (nr: number) => ({ rssMb: 80 + nr * 4 })],
  ['MB of heap', (nr: number) => ({ heapMb: 7 + nr })],
  ['descriptors', (nr: number) => ({ descriptors: 300 + nr * 2 })],
  ['timers', (nr: number) => ({ timers: nr < 30 ? 3 : 900 })],
  ['threads', (nr: number) => ({ threads: 1 + Math.floor(nr / 4) })],
])('%s that grow until the end have grown, and are named', (name, of) => {
  const grown = judged(of);
  expect(grown?.words).toStartWith(`GROWN: ${name}; `);
  expect(grown?.isFlat).toBe(false);
});

test('of a process that did not live long enough nothing is said', () => {
  const samples = life(() => ({}));
  expect(
    flatness(
      samples.filter(({ minute }) => minute % 6 === 0),
      1,
    ),
  ).toBeNull();
  expect(flatness(samples.slice(0, 25), 1)).toBeNull();
  expect(flatness(samples, 2)).toBeNull();
});
