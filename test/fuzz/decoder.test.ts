/** What takes a request apart, given any bytes: target, query, body, shape. */
import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { limits } from '../../src/protocol/limits.ts';
import { parseJson } from '../../src/web/body.ts';
import * as requests from '../../src/web/requests.ts';
import { findRoute } from '../../src/web/routes.ts';
import { readQuery, readTarget } from '../../src/web/target.ts';
import { hostile } from './hostile.ts';

const numRuns = 4_000;

const { joinBody, messageBody, editBody, emptyBody, leaveBody, pollBody } = requests;
const { pollQuery, historyQuery, membersQuery, noQuery } = requests;
const bodies = [joinBody, messageBody, editBody, emptyBody, leaveBody, pollBody] as const;
const queries = [pollQuery, historyQuery, membersQuery, noQuery] as const;

const names = fc.constantFrom(
  ...new Set([...bodies, ...queries].flatMap((shape) => Object.keys(shape.entries))),
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', '', '0'],
);
const numbers = fc.constantFrom(
  ...['0', '-0', '-1', '1', '1.5', '1e3', '1e308', '1e999', '9007199254740992', '007', '+1'],
);
const json: fc.Arbitrary<string> = fc.letrec<{ value: string; object: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    numbers,
    fc.constantFrom('null', 'true', '"a"', '"kim"', '""', '[]', '{}', '"\\ud800"'),
    hostile.map((text) => JSON.stringify(text)),
    tie('object'),
    fc.array(tie('value'), { maxLength: 3 }).map((values) => `[${values.join(',')}]`),
  ),
  object: fc
    .array(fc.tuple(names, tie('value')), { maxLength: 5 })
    .map(
      (pairs) => `{${pairs.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`,
    ),
})).object;

test('a body of any JSON is refused, or read as what its shape says and no more', () => {
  let read = 0;
  fc.assert(
    fc.property(fc.constantFrom(...bodies), json, (shape, text) => {
      const parsed = parseJson(Buffer.from(text));
      if (!parsed.ok) return expect(parsed.code).toBe('BAD_REQUEST');
      const body = requests.readShape<(typeof bodies)[number]>(shape, parsed.value);
      expect({}).not.toHaveProperty('role');
      if (!body.ok) return expectRefusal(body);
      read++;
      const value = body.value as Readonly<Record<string, unknown>>;
      for (const [name, one] of Object.entries(value)) {
        expect(Object.hasOwn(shape.entries, name)).toBeTrue();
        if (typeof one === 'number') expect(Number.isSafeInteger(one) && one >= 0).toBeTrue();
        else expect(typeof one).toBe('string');
      }
    }),
    { numRuns },
  );
  expect(read).toBeGreaterThan(20);
});

test('a query of anything is refused, or read as what its shape says and no more', () => {
  const part = fc.oneof(
    fc.constantFrom(
      '1',
      '0',
      '-1',
      '1e3',
      '01',
      'a',
      '%31',
      '%',
      '%zz',
      '%ff',
      '%ed%a0%80',
      '+',
      '',
    ),
    hostile.filter((text) => text.isWellFormed()).map(encodeURIComponent),
    hostile,
  );
  const pairs = fc.array(fc.tuple(names, fc.constantFrom('=', '=', '=', '', '=='), part), {
    maxLength: 5,
  });
  let read = 0;
  fc.assert(
    fc.property(fc.constantFrom(...queries), pairs, (shape, all) => {
      const query = readQuery(all.map((pair) => pair.join('')).join('&'));
      if (!query.ok) return expectRefusal(query);
      const value = requests.readShape<(typeof queries)[number]>(shape, query.params);
      if (!value.ok) return expectRefusal(value);
      read++;
      for (const [name, one] of Object.entries(value.value)) {
        expect(Object.hasOwn(shape.entries, name)).toBeTrue();
        if (typeof one === 'number') expect(Number.isSafeInteger(one) && one >= 0).toBeTrue();
      }
    }),
    { numRuns },
  );
  expect(read).toBeGreaterThan(20);
});

test('a target of anything is refused, or a path without surprises', () => {
  const pieces = fc.constantFrom(
    ...['/', '//', '/v1', '/messages', '/1', '/reactions', '/room', '..', '.', '%2e', '%2f', '%00'],
    ...['\\', '?', '#', '://', 'http://a', '@', ':', ';', '%ff', '%', '__proto__', 'constructor'],
  );
  const targets = fc
    .array(fc.oneof(pieces, hostile), { maxLength: 8 })
    // Nothing else comes through: the first line of a head has visible characters.
    .map((parts) => parts.join('').replaceAll(/[^!-~]/g, ''));
  fc.assert(
    fc.property(targets, (url) => {
      const target = readTarget(url);
      if (!target.ok) return expect(target.code).toBeOneOf(['BAD_REQUEST', 'TOO_LARGE']);
      expect(target.path.length + target.query.length).toBeLessThanOrEqual(limits.targetBytesMax);
      expect(target.path).not.toContain('?');
      const route = findRoute(target.path);
      if (route === null) return;
      expect(target.path).toMatch(/^\/(v1\/|healthz$|readyz$|metrics$|version$)/);
      for (const open of route.open) expect(open.isWellFormed()).toBeTrue();
    }),
    { numRuns },
  );
});

function expectRefusal({ code, detail }: { code: string; detail: string }): void {
  expect(code).toBe('BAD_REQUEST');
  expect(detail.length).toBeLessThan(300);
  expect(detail).not.toMatch(/\[object|function|=>/);
}
