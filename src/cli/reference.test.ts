import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { optionsReference, referencePath } from '../../scripts/reference.ts';

test('the reference of options is what the table makes of it', () => {
  const isFresh = readFileSync(referencePath, 'utf8') === optionsReference();
  expect(isFresh, 'docs/reference/options.md is stale: run bun scripts/reference.ts').toBeTrue();
});
