import { expect, test } from 'bun:test';
import { limits } from '../protocol/limits.ts';
import { Tide } from './tide.ts';

/** Wakes a crowd once, as fast as the tide lets, at so much a poll; the answer is when it ended. */
function wakeAll(tide: Tide, beganMs: number, crowd: number, pollMs: number): number {
  let nowMs = beganMs;
  for (let left = crowd; left > 0;) {
    nowMs += tide.delayMs(nowMs, crowd);
    const polls = Math.min(left, limits.sliceMax);
    nowMs += polls * pollMs;
    tide.spent(nowMs, polls * pollMs, polls, crowd);
    left -= polls;
  }
  return nowMs;
}

test('in a quiet room there is no tide: everybody is woken in one go', () => {
  const tide = new Tide();
  expect(tide.delayMs(0, 10_000)).toBe(0);
  expect(wakeAll(tide, 0, 10_000, 0.01)).toBeCloseTo(100);
  expect(wakeAll(tide, 1_000, 10_000, 0.01)).toBeCloseTo(1_100);
});

test('in a busy room everybody has their turn at a steady pace, in a part of the time', () => {
  const tide = new Tide();
  let nowMs = wakeAll(tide, 0, 10_000, 0.01);
  nowMs = wakeAll(tide, nowMs, 10_000, 0.01);
  for (let round = 0; round < 5; round++) {
    const beganMs = nowMs;
    nowMs = wakeAll(tide, beganMs, 10_000, 0.01);
    expect(nowMs - beganMs).toBeGreaterThan(200);
    expect(nowMs - beganMs).toBeLessThan(500);
  }
});

test('what is little work needs no rest', () => {
  const tide = new Tide();
  let nowMs = 0;
  for (let round = 0; round < 20; round++) nowMs = wakeAll(tide, nowMs + 20, 20, 0.02);
  expect(nowMs).toBeCloseTo(20 * (20 + 20 * 0.02));
});

test('however slow the machine, everybody’s turn comes within the limit', () => {
  const tide = new Tide();
  let nowMs = 0;
  for (let round = 0; round < 10; round++) nowMs = wakeAll(tide, nowMs, 20_000, 0.06);
  const beganMs = nowMs;
  expect(tide.awayMs(20_000)).toBeGreaterThan(0);
  expect(wakeAll(tide, beganMs, 20_000, 0.06) - beganMs).toBeLessThanOrEqual(limits.tideMsMax);
});

test('clients are asked to stay away only where the tide is as high as it may be', () => {
  const tide = new Tide();
  wakeAll(tide, 0, 10_000, 0.02);
  expect(tide.awayMs(10_000)).toBe(0);
  wakeAll(tide, 0, 50_000, 0.02);
  expect(tide.awayMs(50_000)).toBeGreaterThan(500);
  wakeAll(tide, 0, 50_000, 1);
  expect(tide.awayMs(50_000)).toBe(limits.awayMsMax);
});

test('a costly wake-up is earned back with time', () => {
  const tide = new Tide();
  const endedMs = wakeAll(tide, 0, 10_000, 0.05);
  wakeAll(tide, endedMs, 1_000, 0.05);
  expect(wakeAll(tide, endedMs + 3_000, 1_000, 0.05) - endedMs).toBeCloseTo(3_050);
});

test('who is answered out of turn has to be earned back as well', () => {
  const tide = new Tide();
  const nowMs = wakeAll(tide, 0, 1_000, 0.01) + 1_000;
  let count = 0;
  while (tide.delayMs(nowMs, 1_000) === 0) {
    tide.answered(nowMs, 1_000);
    if (++count > 10_000) break;
  }
  expect(count).toBeGreaterThan(500);
  expect(count).toBeLessThan(2_000);
});
