import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { nearest } from './nearest.ts';

const names = ['--port', '--host', '--title', '--trusted-proxies'];

describe('the nearest name', () => {
  test('is the one that a slip of the fingers makes', () => {
    for (const slip of ['--potr', '--por', '--portt', '--pirt', '-port', '--PORT']) {
      expect(nearest(slip, names)).toBe('--port');
    }
    expect(nearest('prot', ['port', 'host'])).toBe('port');
    expect(nearest('--trustedproxies', names)).toBe('--trusted-proxies');
  });

  test('is none when no name is near', () => {
    for (const word of ['', '-x', '--verbose', 'x'.repeat(100_000)]) {
      expect(nearest(word, names)).toBeNull();
    }
  });

  test('is the name itself for every name', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.stringMatching(/^[a-z-]{3,20}$/), { minLength: 1 }),
        (words) => {
          for (const word of words) expect(nearest(word, words)).toBe(word);
        },
      ),
    );
  });
});
