/** Whether a process has grown. */
import { expect, test } from 'bun:test';
import { flatness, type Sample } from './sampler.ts';

function samples(rssMb: (nr: number) => number, timers = 3): Sample[] {
  return Array.from({ length: 40 }, (_, nr) => {
    const rest = { heapMb: 7, descriptors: 300 + (nr % 3), timers: nr < 30 ? 3 : timers };
    return { minute: nr, pid: 1, rssMb: rssMb(nr), threads: 1, ...rest };
  });
}

test('what fills up in the beginning and then stays is flat', () => {
  expect(
    flatness(
      samples((nr) => 80 + Math.min(nr, 10) * 4),
      1,
    ),
  ).toStartWith('flat; ');
});

test('what grows until the end has grown, and is named', () => {
  expect(
    flatness(
      samples((nr) => 80 + nr * 4),
      1,
    ),
  ).toStartWith('GROWN: MB of memory; ');
  expect(
    flatness(
      samples(() => 80, 900),
      1,
    ),
  ).toStartWith('GROWN: timers; ');
});

test('of a process that did not live long enough nothing is said', () => {
  expect(flatness(samples(() => 80).slice(0, 7), 1)).toBeNull();
  expect(
    flatness(
      samples(() => 80),
      2,
    ),
  ).toBeNull();
});
