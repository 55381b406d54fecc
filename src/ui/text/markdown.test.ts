import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { parseMarkdown, quoteDepthMax, seenText, type Block } from './markdown.ts';
import type { Phrase } from './phrases.ts';

/** The tree as a text that shows its shape: `[em a]`. */
const shape = (text: string, nicks: readonly string[] = []): string =>
  parseMarkdown(text, nicks).map(shapeOf).join('|');

function shapeOf(block: Block): string {
  if (block.kind === 'lines') return block.phrases.map(shapeOfPhrase).join('');
  if (block.kind === 'fence') return `[fence ${block.language}: ${block.text}]`;
  return `[quote ${block.blocks.map(shapeOf).join('|')}]`;
}

function shapeOfPhrase(phrase: Phrase): string {
  if (typeof phrase === 'string') return phrase;
  const within = 'phrases' in phrase ? phrase.phrases.map(shapeOfPhrase).join('') : phrase.text;
  return `[${phrase.kind} ${within}]`;
}

function depthOf(node: Block | Phrase): number {
  if (typeof node === 'string') return 0;
  const within = 'phrases' in node ? node.phrases : 'blocks' in node ? node.blocks : [];
  return 1 + Math.max(0, ...within.map(depthOf));
}

describe('marks', () => {
  test('make text bold, italic and struck, also within one another', () => {
    expect(shape('a **b** c')).toBe('a [strong b] c');
    expect(shape('*a* and _b_')).toBe('[em a] and [em b]');
    expect(shape('~~a~~')).toBe('[s a]');
    expect(shape('**a _b_ ~~c~~**')).toBe('[strong a [em b] [s c]]');
    expect(shape('***a***')).toBe('[strong [em a]]');
    expect(shape('***a* b**')).toBe('[strong [em a] b]');
    expect(shape('*a **b***')).toBe('[em a [strong b]]');
  });

  test('without a partner on their line stay characters', () => {
    expect(shape('a *b')).toBe('a *b');
    expect(shape('a* b*')).toBe('a* b*');
    expect(shape('*a\nb*')).toBe('*a\nb*');
    expect(shape('**a *b** c*')).toBe('[strong a *b] c*');
    expect(shape('*a and *b*')).toBe('*a and [em b]');
  });

  test('that look like something else are nothing else', () => {
    const texts = [
      '2 * 3 * 4',
      '2*3*4',
      'snake_case_name',
      '__init__',
      '¯\\_(ツ)_/¯',
      '*_*',
      '****',
      '----',
      '~5 and ~10',
      '* one\n* two',
      '[text](x)',
    ];
    for (const text of texts) expect(shape(text)).toBe(text);
  });

  test('stand beside letters where no blanks set words apart', () => {
    expect(shape('これは*大事*です')).toBe('これは[em 大事]です');
    expect(shape('これは**大事**です')).toBe('これは[strong 大事]です');
    expect(shape('그는*왔다*고')).toBe('그는[em 왔다]고');
  });

  test('around punctuation of the sentence are found', () => {
    expect(shape('(*a*), "_b_"!')).toBe('([em a]), "[em b]"!');
    expect(shape('مرحبا *بك* هنا')).toBe('مرحبا [em بك] هنا');
  });
});

describe('code', () => {
  test('keeps what looks like a mark, an address or a nick', () => {
    expect(shape('`*a* @b https://c.example`')).toBe('[code *a* @b https://c.example]');
    expect(shape('``a`b``')).toBe('[code a`b]');
    expect(shape('`` `a` ``')).toBe('[code `a`]');
    expect(shape('a ` b')).toBe('a ` b');
    expect(shape('*a `b* c`')).toBe('*a [code b* c]');
  });

  test('in a fence keeps its lines as they are', () => {
    expect(shape('a\n```ts\nb *c*\n\n> d\n```\ne')).toBe('a|[fence ts: b *c*\n\n> d]|e');
    expect(shape('```\na```')).toBe('[fence : a]');
    expect(shape('```a b\nc\n```')).toBe('[fence : a b\nc]');
    expect(shape('```a```')).toBe('[code a]');
  });

  test('whose fence is never closed stays text', () => {
    expect(shape('```\na\n*b*')).toBe('```\na\n[em b]');
    expect(shape('```\n```')).toBe('```\n```');
  });
});

describe('a quote', () => {
  test('is made of the lines that begin with its mark and a blank', () => {
    expect(shape('> a\n> *b*\nc')).toBe('[quote a\n[em b]]|c');
    expect(shape('a\n\n> b\n\nc')).toBe('a|[quote b]|c');
    expect(shape('>:( and >_<')).toBe('>:( and >_<');
    expect(shape('>no')).toBe('>no');
  });

  test('may hold a quote, and code', () => {
    expect(shape('> a\n> > b')).toBe('[quote a|[quote b]]');
    expect(shape('>> a')).toBe('[quote [quote a]]');
    expect(shape('> ```\n> a\n> ```')).toBe('[quote [fence : a]]');
  });

  test('nests no deeper than three', () => {
    expect(shape('> > > > > a')).toBe('[quote [quote [quote > > a]]]');
  });
});

describe('an address', () => {
  test('is a link, whatever marks stand in it or around it', () => {
    expect(shape('see https://a.example/x_y_z*')).toBe('see [link https://a.example/x_y_z]*');
    expect(shape('**https://a.example/**')).toBe('[strong [link https://a.example/]]');
    expect(shape('_https://a.example/b_c_')).toBe('[em [link https://a.example/b_c]]');
  });

  test('is shown with a text that hides it, and does not lead where it does not seem to', () => {
    expect(shape('[bank](https://evil.example)')).toBe('[bank]([link https://evil.example])');
    expect(shape('javascript:alert(1)')).toBe('javascript:alert(1)');
  });
});

describe('a nick', () => {
  test('ends with its word', () => {
    expect(shape('@Ada, and (@bo)!')).toBe('[mention @Ada], and ([mention @bo])!');
    expect(shape('@a.b-c_d. @é')).toBe('[mention @a.b-c_d]. [mention @é]');
    expect(shape('*@Ada*')).toBe('[em [mention @Ada]]');
  });

  test('that is handed in may have blanks in it, in either case', () => {
    const nicks = ['Ada Lovelace', 'さくら'];
    expect(shape('@ada lovelace!', nicks)).toBe('[mention @ada lovelace]!');
    expect(shape('@Ada Lovelaces', nicks)).toBe('[mention @Ada] Lovelaces');
    expect(shape('@さくらさん', nicks)).toBe('[mention @さくら]さん');
  });

  test('is none in an address of mail, or alone', () => {
    for (const text of ['ada@example.org', '@ Ada', '@', '\\@Ada', 'a @!']) {
      expect(shape(text)).toBe(text);
    }
  });
});

/** Texts of all that means something, in any order. */
const anything = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...['*', '**', '***', '_', '__', '~~', '`', '``', '```', '```ts\n', '> ', '>', '@', '\\'],
        ...[' ', '\n', '\n\n', 'a', 'b c', 'ツ', '漢', '👍🏽', '@ada', '(', ')', ':', '\u0301'],
        ...['https://a.example/', 'http://b_c.example/*d*', 'https://[', '\ud83d', '<b>', '&amp;'],
      ),
      fc.string({ unit: 'binary' }),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

/** Marks, and the blanks and line ends that belong to them. */
const marks = /[*_~`>\s]/g;

describe('whatever somebody writes,', () => {
  test('no character but a mark is left out, and none is added', () => {
    fc.assert(
      fc.property(anything, (text) => {
        expect(seenText(text).replace(marks, '')).toBe(text.replace(marks, ''));
        let at = 0;
        for (const character of seenText(text).replace(/\s/g, '')) {
          at = text.indexOf(character, at) + character.length;
          expect(at).toBeGreaterThanOrEqual(character.length);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('text without a mark is one piece of text', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[^*_~`>@\n]{1,50}$/), (text) => {
        fc.pre(!/https?:/i.test(text));
        expect(parseMarkdown(text)).toEqual([{ kind: 'lines', phrases: [text] }]);
      }),
    );
  });

  test('the tree is shallow', () => {
    const deepest = quoteDepthMax + 1 + 5;
    fc.assert(
      fc.property(anything, (text) => {
        for (const block of parseMarkdown(text)) {
          expect(depthOf(block)).toBeLessThanOrEqual(deepest);
        }
      }),
    );
    for (const hostile of ['> '.repeat(4_000), '**_'.repeat(2_700), '*a **b _c ~~d '.repeat(600)]) {
      for (const block of parseMarkdown(`${hostile}a${hostile}`)) {
        expect(depthOf(block)).toBeLessThanOrEqual(deepest);
      }
    }
  });

  test('a text a hundred times as long as is allowed is parsed as well', () => {
    // What takes the square of the length takes many minutes here, and is given one.
    const hostile = [
      ...[
        '*',
        '**',
        '_a ',
        '*- ',
        '-* ',
        '*a**b_c~~',
        '~~ ',
        '` `` ``` ',
        '```\n',
        '``` a\n',
        '> ',
      ],
      ...[
        '>\n',
        '@',
        '@a',
        '@a.',
        '@a b',
        'https://',
        'https:',
        'https://a)',
        'https://a.example/ ',
      ],
      ...[
        'https://(',
        'https://a.example/) ',
        ')',
        '\n',
        '\\',
        '> ```\n',
        'a*_',
        '*a',
        ' *a* ',
        '**_',
      ],
    ];
    for (const part of hostile) {
      const text = part.repeat(Math.ceil(400_000 / part.length));
      expect(seenText(text).replace(marks, '')).toHaveLength(text.replace(marks, '').length);
    }
    const brackets = `https://a.example/${'('.repeat(200_000)}${')'.repeat(200_000)}).`;
    expect(seenText(brackets)).toBe(brackets);
  }, 60_000);
});
