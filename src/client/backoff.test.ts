import { expect, test } from 'bun:test';
import { backoffMs } from './backoff.ts';

const lost = { status: 0, retryMs: 0 };
const busy = { status: 503, retryMs: 0 };

test('the ceiling doubles from half a second up to half a minute', () => {
  const ceilings = [1, 2, 3, 6, 7, 8, 2_000].map((attempt) => backoffMs(attempt, () => 1, busy));
  expect(ceilings).toEqual([500, 1_000, 2_000, 16_000, 30_000, 30_000, 30_000]);
});

test('the jitter is full: any wait up to the ceiling', () => {
  expect(backoffMs(5, () => 0, busy)).toBe(0);
  expect(backoffMs(5, () => 0.5, busy)).toBe(4_000);
});

test('the first retry after a lost connection is quick, and only that one', () => {
  expect(backoffMs(1, () => 1, lost)).toBe(100);
  expect(backoffMs(2, () => 1, lost)).toBe(1_000);
});

test('what the server asks for is a minimum, with jitter on top', () => {
  expect(backoffMs(1, () => 0, { ...busy, retryMs: 7_000 })).toBe(7_000);
  expect(backoffMs(1, () => 1, { ...busy, retryMs: 7_000 })).toBe(7_500);
});

test('no wait overflows a timer, which would fire at once', () => {
  expect(backoffMs(9, () => 1, { ...busy, retryMs: Infinity })).toBeLessThan(2 ** 31);
});
