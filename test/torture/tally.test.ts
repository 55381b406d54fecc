/** Which faults have not been tried enough. */
import { expect, test } from 'bun:test';
import { Tally } from './tally.ts';

function tallied(name: string, happened: number, misfired: number): Tally {
  const tally = new Tally();
  for (let nr = 0; nr < happened; nr++) tally.happened(name);
  for (let nr = 0; nr < misfired; nr++) tally.misfires(name, 'nobody was there');
  return tally;
}

test('a fault that misfires every time, or more than half of its times, is a doubt', () => {
  expect(tallied('a', 0, 1).doubts).toEqual(['The fault "a" misfired 1 of 1 times']);
  expect(tallied('a', 2, 3).doubts).toEqual(['The fault "a" misfired 3 of 5 times']);
});

test('a fault that misfires now and then is told, and no doubt', () => {
  const tally = tallied('a', 2, 2);
  expect(tally.doubts).toEqual([]);
  expect(tally.misfired).toEqual(['a: nobody was there', 'a: nobody was there']);
  expect(tally.fired).toBe(2);
});
