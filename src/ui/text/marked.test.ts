import { describe, expect, test } from 'bun:test';
import { excerptOf, marked } from './marked.ts';

/** The text with its hits in brackets. */
function shown(text: string, query: string): string {
  return marked(text, query)
    .map((piece) => (typeof piece === 'string' ? piece : `[${piece.hit}]`))
    .join('');
}

describe('the words of a search', () => {
  test('are marked as whole words and as the beginning of others, whatever their case', () => {
    expect(shown('The Comet, comets and telecomets', 'comet')).toBe(
      'The [Comet], [comet]s and telecomets',
    );
  });

  test('are marked whatever their accents, in the length that they have in the text', () => {
    expect(shown('Ein Café, CAFÉ, cafe\u0301s', 'cafe')).toBe('Ein [Café], [CAFÉ], [cafe\u0301]s');
    expect(shown('Straße nach Gießen', 'strasse GIESSEN')).toBe('[Straße] nach [Gießen]');
  });

  test('are marked anywhere in a script that does not divide its words', () => {
    expect(shown('昨夜は彗星を見た', '彗星')).toBe('昨夜は[彗星]を見た');
  });

  test('are what is between the signs, and signs alone mark nothing', () => {
    expect(shown('a.b (c) [d]', '(c) "d"')).toBe('a.b ([c]) [[d]]');
    expect(shown('<b>.*</b>', '.* <')).toBe('<b>.*</b>');
  });

  test('leave a text that has none of them as it is', () => {
    expect(marked('Nothing here', 'comet')).toEqual(['Nothing here']);
    expect(marked('', 'comet')).toEqual([]);
  });
});

describe('an excerpt', () => {
  test('of a short text is the text', () => {
    expect(excerptOf('Short enough', 'enough', 40)).toBe('Short enough');
  });

  test('of a long one is what stands around the first of the words', () => {
    const text = `${'before '.repeat(50)}comet ${'after '.repeat(50)}`;
    const excerpt = excerptOf(text, 'comet', 60);
    expect(excerpt).toMatch(/^… (before )+comet( after)+ …$/);
    expect(excerpt.length).toBeLessThan(75);
  });

  test('of a long word without a blank is shown as it is', () => {
    expect(excerptOf('a'.repeat(100), 'a', 40)).toBe('a'.repeat(100));
  });
});
