import { expect, test } from 'bun:test';
import { agoOf } from './ago.ts';

const now = new Date(2026, 10, 22, 21, 0).getTime();

test('an age is told in the largest unit of which there is at least one', () => {
  expect(agoOf(now - 3 * 60_000, now)).toBe('3 minutes ago');
  expect(agoOf(now - 23 * 3_600_000, now)).toBe('23 hours ago');
});

test('days are counted by the calendar: what was said late two days ago was not said yesterday', () => {
  expect(agoOf(new Date(2026, 10, 20, 23, 18).getTime(), now)).toBe('2 days ago');
  expect(agoOf(new Date(2026, 10, 21, 20, 59).getTime(), now)).toBe('yesterday');
});
