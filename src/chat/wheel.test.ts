import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { Wheel, WheelItem } from './wheel.ts';

const tickMs = 250;
const slots = 8;

class Item extends WheelItem {
  readonly name: number;

  constructor(name: number) {
    super();
    this.name = name;
  }
}

test('a time-out fires at its time, up to one tick late and never early', () => {
  const delays = fc.array(fc.integer({ min: 0, max: tickMs * slots * 3 }), { maxLength: 30 });
  const steps = fc.array(fc.integer({ min: 1, max: tickMs * slots * 2 }), { minLength: 1 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000 }), delays, steps, (startMs, all, moves) => {
      const wheel = new Wheel<Item>(tickMs, slots, startMs);
      const waiting = new Set<Item>();
      for (const [name, delayMs] of all.entries()) {
        const item = new Item(name);
        wheel.set(item, startMs + delayMs);
        waiting.add(item);
      }
      let nowMs = startMs;
      for (const move of moves) {
        nowMs += move;
        wheel.turn(nowMs, (item) => {
          expect(waiting.delete(item)).toBe(true);
          expect(item.dueMs).toBeLessThanOrEqual(nowMs);
        });
        for (const item of waiting) expect(item.dueMs).toBeGreaterThan(nowMs - tickMs);
        expect(wheel.size).toBe(waiting.size);
      }
    }),
  );
});

test('a cancelled time-out does not fire, and one that is set again moves', () => {
  const wheel = new Wheel<Item>(tickMs, slots, 0);
  const cancelled = new Item(1);
  const moved = new Item(2);
  wheel.set(cancelled, 300);
  wheel.set(moved, 300);
  wheel.cancel(cancelled);
  wheel.set(moved, 900);
  const fired: number[] = [];
  wheel.turn(800, ({ name }) => fired.push(name));
  expect(fired).toEqual([]);
  wheel.turn(1_200, ({ name }) => fired.push(name));
  expect(fired).toEqual([2]);
  expect(wheel.size).toBe(0);
});

test('what is set while the wheel turns is not lost', () => {
  const wheel = new Wheel<Item>(tickMs, slots, 0);
  const item = new Item(1);
  wheel.set(item, 100);
  wheel.turn(500, () => wheel.set(item, 500));
  let fired = 0;
  wheel.turn(750, () => fired++);
  expect(fired).toBe(1);
});

test('what is overdue when it is set fires with the next tick', () => {
  const wheel = new Wheel<Item>(tickMs, slots, 0);
  wheel.turn(5_000, () => undefined);
  wheel.set(new Item(1), 1_000);
  const fired: number[] = [];
  wheel.turn(5_000 + tickMs, ({ name }) => fired.push(name));
  expect(fired).toEqual([1]);
});

test('one that falls due may cancel another that fell due with it', () => {
  const wheel = new Wheel<Item>(tickMs, slots, 0);
  const [first, second, third] = [new Item(1), new Item(2), new Item(3)];
  for (const item of [first, second, third]) wheel.set(item, 100);
  const fired: number[] = [];
  wheel.turn(1_000, ({ name }) => {
    fired.push(name);
    wheel.cancel(second);
  });
  expect(fired).toEqual([1, 3]);
  expect(wheel.size).toBe(0);
});

test('a time-out that is set by a time stays where it is when that is earlier', () => {
  const wheel = new Wheel<Item>(tickMs, slots, 0);
  const [early, late, unset] = [new Item(1), new Item(2), new Item(3)];
  wheel.set(early, 1_000);
  wheel.setBy(early, 3_000);
  wheel.set(late, 3_000);
  wheel.setBy(late, 1_000);
  wheel.setBy(unset, 1_000);
  const fired: number[] = [];
  wheel.turn(1_250, ({ name }) => fired.push(name));
  expect(fired.toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
  expect(wheel.size).toBe(0);
});
