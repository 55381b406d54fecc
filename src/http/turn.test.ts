import { expect, test } from 'bun:test';
import { FakeClock } from '../../test/kit/fake-clock.ts';
import { limits } from '../protocol/limits.ts';
import { Turn, type Beginner } from './turn.ts';

const { begunMax, begunInRowMax } = limits;

const quiet = { isOn: false };

/** Somebody with so many requests, who begins as many as may be begun. */
class Asker implements Beginner {
  isQueued = false;
  begun = 0;
  left: number;
  readonly #turn: Turn;

  constructor(turn: Turn, left: number) {
    this.#turn = turn;
    this.left = left;
  }

  goOn(): void {
    while (!this.isQueued && this.left > 0 && this.#turn.mayBegin(this)) {
      this.left--;
      this.begun++;
    }
  }
}

test('of one that has thousands of requests a row is begun in a turn', () => {
  const clock = new FakeClock();
  const asker = new Asker(new Turn(clock, quiet), 5_000);
  asker.goOn();
  expect(asker.begun).toBe(begunInRowMax);
  clock.turn();
  expect(asker.begun).toBe(2 * begunInRowMax);
  for (let nr = 0; asker.left > 0; nr++) {
    expect(nr).toBeLessThan(5_000 / begunInRowMax);
    clock.turn();
  }
  expect(asker.begun).toBe(5_000);
});

test('of all together no more are begun than a turn has', () => {
  const clock = new FakeClock();
  const turn = new Turn(clock, quiet);
  const askers = Array.from({ length: begunMax + 100 }, () => new Asker(turn, 1));
  for (const asker of askers) asker.goOn();
  expect(askers.filter(({ left }) => left === 0)).toHaveLength(begunMax);
  clock.turn();
  expect(askers.filter(({ left }) => left > 0)).toEqual([]);
});

test('whoever asks for one thing has it in the next turn but one, whoever floods', () => {
  const clock = new FakeClock();
  const turn = new Turn(clock, quiet);
  const crowd = begunMax / begunInRowMax + 1;
  const flood = Array.from({ length: crowd }, () => new Asker(turn, 100_000));
  for (const asker of flood) asker.goOn();
  const asker = new Asker(turn, 1);
  asker.goOn();
  expect(asker.left).toBe(1);
  clock.turn();
  expect(asker.left).toBe(0);
});

test('of many that flood, all have the same share', () => {
  const clock = new FakeClock();
  const turn = new Turn(clock, quiet);
  const flood = Array.from({ length: 200 }, () => new Asker(turn, 100_000));
  for (const asker of flood) asker.goOn();
  for (let nr = 0; nr < 200; nr++) clock.turn();
  const begun = flood.map((asker) => asker.begun);
  expect(Math.max(...begun) - Math.min(...begun)).toBeLessThanOrEqual(2 * begunInRowMax);
});

test('whoever asks again while they wait have one place in the next turn', () => {
  const clock = new FakeClock();
  const turn = new Turn(clock, quiet);
  let called = 0;
  const beginner: Beginner = { isQueued: false, goOn: () => void called++ };
  for (let nr = 0; nr < begunInRowMax + 3; nr++) turn.mayBegin(beginner);
  clock.turn();
  expect(called).toBe(1);
});

test('whoever comes back in a later turn begins at once', () => {
  const clock = new FakeClock();
  const asker = new Asker(new Turn(clock, quiet), 1);
  asker.goOn();
  clock.turn();
  clock.turn();
  asker.left = 1;
  asker.goOn();
  expect(asker.begun).toBe(2);
});

test('who was just told waits until the others are, and then goes on', async () => {
  const clock = new FakeClock();
  const telling = { isOn: true };
  const turn = new Turn(clock, telling);
  const asker = new Asker(turn, 1);
  expect(turn.putsOff(asker)).toBe(true);
  clock.turn();
  clock.turn();
  expect(asker.begun).toBe(0);
  telling.isOn = false;
  clock.turn();
  expect(asker.begun).toBe(1);
  expect(turn.putsOff(asker)).toBe(false);
});

test('nobody is put off for longer than a bound, whatever is told', async () => {
  const clock = new FakeClock();
  const turn = new Turn(clock, { isOn: true });
  const asker = new Asker(turn, 1);
  turn.putsOff(asker);
  clock.spend(limits.putOffMsMax + 1);
  clock.turn();
  expect(asker.begun).toBe(1);
});

test('those who were put off are taken up a few at a time', async () => {
  const clock = new FakeClock();
  const telling = { isOn: true };
  const turn = new Turn(clock, telling);
  const askers = Array.from({ length: limits.takenUpMax + 10 }, () => new Asker(turn, 1));
  for (const asker of askers) turn.putsOff(asker);
  telling.isOn = false;
  const begun = (): number => askers.filter((asker) => asker.begun > 0).length;
  clock.turn();
  expect(begun()).toBe(limits.takenUpMax);
  clock.turn();
  expect(begun()).toBe(askers.length);
});
