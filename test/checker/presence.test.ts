import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { Presence } from './presence.ts';

const keys = fc.array(fc.constantFrom('join:a', 'leave:a', 'join:b', 'leave:b', 'edit:1'));

test('who is here is the fold of what was noted, in whatever order the positions are asked', () => {
  fc.assert(
    fc.property(keys, fc.array(fc.nat(20)), fc.nat(20), (noted, asked, upTo) => {
      const presence = new Presence();
      for (const [index, key] of noted.entries()) presence.note(key, index + 1);
      const heir = new Presence({ from: presence, upTo });
      for (const seq of asked) {
        const here = fold(noted.slice(0, seq));
        expect(presence.differenceAt(seq, here)).toBeNull();
        expect(presence.differenceAt(seq, ['c', ...here])).toEqual({ missing: [], extra: ['c'] });
        if (here.length > 0) {
          expect(presence.differenceAt(seq, [])?.missing.toSorted()).toEqual(here);
        }
        expect(heir.differenceAt(seq, fold(noted.slice(0, Math.min(seq, upTo))))).toBeNull();
      }
    }),
  );
});

function fold(noted: readonly string[]): string[] {
  return ['a', 'b'].filter((member) => {
    return noted.findLast((key) => key.endsWith(`:${member}`))?.startsWith('join') === true;
  });
}
