/** A short run of the fuzzer, with a seed that is always the same and one that never is. */
import { expect, test } from 'bun:test';
import { fuzz } from './fuzz.ts';
import { framed, mutate, randomOf } from './mutate.ts';

const inputsMax = 1_000;
/** A run that gets fewer different answers than this has lost its way into the server. */
const outcomesMin = 25;
const fresh = Math.floor(Math.random() * 2 ** 31);

test.each([20_091, fresh])('nothing that nobody wrote does harm: seed %d', async (seed) => {
  const { inputs, outcomes, troubles } = await fuzz({ seed, inputsMax });
  expect(troubles).toEqual([]);
  expect(inputs).toBe(inputsMax);
  expect(outcomes.length).toBeGreaterThan(outcomesMin);
});

test('the same seed changes the same input in the same way', () => {
  const changes = (seed: number): string[] => {
    const random = randomOf(seed);
    return Array.from({ length: 50 }, () => mutate('GET / HTTP/1.1', ['POST /a'], random));
  };
  expect(changes(7)).toEqual(changes(7));
  expect(changes(7)).not.toEqual(changes(8));
});

test('a length is made to fit, also where there is none or no body', () => {
  expect(framed('POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nab')).toContain(
    'Content-Length: 2\r\n',
  );
  expect(framed('GET / HTTP/1.1\r\nHost: a\r\n\r\n')).toBe('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  expect(framed('GET / HTTP/1.1')).toBe('GET / HTTP/1.1');
});
