import { describe, expect, test } from 'bun:test';
import { completed, wantedAt } from './completion.ts';

const wanted = (text: string): string => {
  const found = wantedAt(text, text.length);
  return found === null ? '' : `${found.kind} ${found.query}`;
};

describe('what is completed', () => {
  test('is a nick behind an at sign that begins a word', () => {
    expect(wanted('@')).toBe('member ');
    expect(wanted('hello @Ad')).toBe('member Ad');
    expect(wanted('(@é')).toBe('member é');
    expect(wanted('ada@ex')).toBe('');
    expect(wanted('@Ada and')).toBe('');
  });

  test('is a command at the beginning of a text only', () => {
    expect(wanted('/')).toBe('command ');
    expect(wanted('/to')).toBe('command to');
    expect(wanted('/topic a')).toBe('');
    expect(wanted('and/or')).toBe('');
    expect(wanted(' /to')).toBe('');
    expect(wanted(`${'a'.repeat(77)}\n/to`)).toBe('');
  });

  test('is an emoji behind a colon and two letters', () => {
    expect(wanted('nice :ta')).toBe('emoji ta');
    expect(wanted(':+1')).toBe('emoji +1');
    expect(wanted('te mando un :corazó')).toBe('emoji corazó');
    expect(wanted('：ハート')).toBe('emoji ハート');
    for (const text of [':)', ':D', '10:30', 'https:', 'https://a', 'so:ta', ': ta']) {
      expect(wanted(text)).toBe('');
    }
  });

  test('is the word at the caret, and nothing while something is selected', () => {
    expect(wantedAt('@Ad and', 3)).toEqual({ kind: 'member', query: 'Ad', from: 0, to: 3 });
    expect(wantedAt('@Ad', 1, 3)).toBeNull();
  });
});

test('what is completed takes the place of its word, with a blank behind it', () => {
  const whole = wantedAt('hi @ad', 6);
  const inside = wantedAt('hi @ad there', 6);
  if (!whole || !inside) throw new Error('Nothing is wanted');
  expect(completed('hi @ad', whole, '@Ada')).toEqual({ text: 'hi @Ada ', caret: 8 });
  expect(completed('hi @ad there', inside, '@Ada')).toEqual({ text: 'hi @Ada there', caret: 8 });
});
