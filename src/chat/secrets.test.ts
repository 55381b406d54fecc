import { afterAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BadSecret, keeperCodeFile, keyFile, readSecrets } from './secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'encke-secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('secrets are made once, for their owner alone, and differ between installations', () => {
  const [one, two] = [join(folder, 'one'), join(folder, 'two')];
  mkdirSync(one);
  mkdirSync(two);
  const first = readSecrets(one, randomBytes);
  expect(readSecrets(one, randomBytes)).toEqual(first);
  const other = readSecrets(two, randomBytes);
  expect(other.key).not.toEqual(first.key);
  expect(other.keeperCode).not.toBe(first.keeperCode);
  expect(first.keeperCode).toMatch(/^([a-z2-9]{5}-){3}[a-z2-9]{5}$/);
  for (const name of [keyFile, keeperCodeFile]) {
    expect(statSync(join(one, name)).mode & 0o077).toBe(0);
  }
});

test('a damaged secret is refused, and not replaced in silence', () => {
  const damaged = join(folder, 'damaged');
  mkdirSync(damaged);
  writeFileSync(join(damaged, keyFile), '');
  expect(() => readSecrets(damaged, randomBytes)).toThrow(BadSecret);
});
