import { expect, test } from 'bun:test';
import { limits } from '../protocol/limits.ts';
import { Tide } from './tide.ts';

test('in a quiet room there is no tide: the next wake-up may be at once', () => {
  const tide = new Tide();
  expect(tide.delayMs(0)).toBe(0);
  tide.spent(3);
  tide.ended(3);
  expect(tide.delayMs(3)).toBe(0);
});

test('the tide rises with the cost of the last wake-up, and falls as time passes', () => {
  const tide = new Tide();
  tide.spent(40);
  tide.spent(60);
  tide.ended(100);
  const rest = tide.delayMs(100);
  expect(rest).toBeGreaterThanOrEqual(100);
  expect(tide.delayMs(150)).toBe(rest - 50);
  expect(tide.delayMs(100 + rest)).toBe(0);
});

test('the tide never rises above its limit', () => {
  const tide = new Tide();
  tide.spent(60_000);
  tide.ended(60_000);
  expect(tide.delayMs(60_000)).toBe(limits.tideMsMax);
});

test('a costly wake-up is forgotten with the next cheap one', () => {
  const tide = new Tide();
  tide.spent(100);
  tide.ended(100);
  tide.spent(1);
  tide.ended(1_000);
  expect(tide.delayMs(1_000)).toBe(0);
});
