import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { piecesOf } from './links.ts';

const linksIn = (text: string): string[] =>
  piecesOf(text).flatMap((piece) => (typeof piece === 'string' ? [] : [piece.text]));

test('an address in a sentence becomes a link, the sentence around it stays text', () => {
  expect(piecesOf('See https://example.org/a?b=c#d, please.')).toEqual([
    'See ',
    { href: 'https://example.org/a?b=c#d', text: 'https://example.org/a?b=c#d' },
    ', please.',
  ]);
});

test('brackets belong to an address only when it opens them', () => {
  expect(linksIn('(https://example.org/a)')).toEqual(['https://example.org/a']);
  expect(linksIn('https://example.org/comet_(disambiguation)')).toEqual([
    'https://example.org/comet_(disambiguation)',
  ]);
  expect(linksIn('[https://example.org/[x]]!')).toEqual(['https://example.org/[x]']);
});

test('the stops of other scripts end an address', () => {
  expect(linksIn('看 https://example.org/。')).toEqual(['https://example.org/']);
});

test('only http and https are followed', () => {
  const texts = [
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'ftp://example.org',
    'xhttps://example.org',
    'https://',
    'https://[',
  ];
  for (const text of texts) expect(linksIn(text)).toEqual([]);
});

test('an address that carries a name before its host is not made a link', () => {
  expect(linksIn('https://bank.example@evil.example/')).toEqual([]);
  expect(linksIn('https://:x@evil.example/')).toEqual([]);
});

test('two addresses in a row are two links', () => {
  expect(linksIn('http://a.example http://b.example')).toEqual([
    'http://a.example',
    'http://b.example',
  ]);
});

test('nothing is lost or added, and no link leads to another scheme', () => {
  const part = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.webUrl({ withFragments: true, withQueryParameters: true }),
    fc.constantFrom('https://', 'javascript:', ' ', ')', '(', '.', '\n'),
  );
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const text = parts.join('');
      const pieces = piecesOf(text);
      expect(pieces.map((piece) => (typeof piece === 'string' ? piece : piece.text)).join('')).toBe(
        text,
      );
      for (const piece of pieces) {
        if (typeof piece !== 'string') expect(piece.href).toMatch(/^https?:\/\//);
      }
    }),
  );
});
