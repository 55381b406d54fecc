import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { Gathered } from './gathered.ts';

test('parts come out as one, in order', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (parts) => {
      const gathered = new Gathered();
      for (const part of parts) gathered.add(part);
      const whole = Buffer.concat(parts);
      expect(gathered.length).toBe(whole.length);
      expect(gathered.bytes().equals(whole)).toBeTrue();
    }),
  );
});

test('a part may be written over when it is added', () => {
  const gathered = new Gathered();
  const part = Buffer.from('kept');
  gathered.add(part);
  part.fill(0);
  expect(gathered.bytes().toString()).toBe('kept');
});

test('what is kept is at most twice of what came', () => {
  const gathered = new Gathered();
  for (let nr = 0; nr < 10_000; nr++) gathered.add(Buffer.from('a'));
  expect(gathered.bytes().buffer.byteLength).toBeLessThanOrEqual(20_000);
});
