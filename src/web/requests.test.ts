import { describe, expect, test } from 'bun:test';
import { historyQuery, joinBody, messageBody, pollQuery, readShape } from './requests.ts';

const problem = (shape: Parameters<typeof readShape>[0], value: unknown): string => {
  const read = readShape(shape, value);
  return read.ok ? 'ok' : read.detail;
};

describe('a shape', () => {
  test('refuses what it does not know, names of every object among it', () => {
    const message = { id: 'a', text: 'x' };
    expect(problem(messageBody, message)).toBe('ok');
    expect(problem(messageBody, { ...message, colour: 'red' })).toContain('"colour" is not known');
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const value: unknown = JSON.parse(`{"id":"a","text":"x","${name}":1}`);
      expect(problem(messageBody, value)).toContain(`"${name}" is not known`);
    }
  });

  test('names what is missing or wrong', () => {
    expect(problem(messageBody, { id: 'a' })).toBe('"text" is missing');
    expect(problem(messageBody, { id: 'a', text: 7 })).toContain('"text" must be string');
    expect(problem(messageBody, { id: 'a b', text: 'x' })).toContain('"id" must be 1 to 64');
    expect(problem(joinBody, { nick: 'Ada', id: 'short' })).toContain('"id" must be 22 to 64');
    for (const value of [null, [], 'x', 7, true]) {
      expect(problem(messageBody, value)).toContain('must be a JSON object');
    }
  });

  test.each([0, -1, 1.5, 2 ** 53, 1e308, '1', null])('replyTo %p is refused', (replyTo) => {
    expect(problem(messageBody, { id: 'a', text: 'x', replyTo })).toContain('"replyTo" must be');
  });

  test.each(['-1', '1.0', '01', '1e3', ' 1', '1 ', '', '٣', '9'.repeat(16)])(
    'a number in a query may not be %p',
    (hold) => {
      expect(problem(pollQuery, { after: 'c', hold })).toContain('"hold" must be a whole number');
    },
  );

  test('a page’s limit stands between 1 and 200', () => {
    for (const limit of ['0', '201']) expect(problem(historyQuery, { limit })).not.toBe('ok');
    for (const limit of ['1', '200']) expect(problem(historyQuery, { limit })).toBe('ok');
  });
});
