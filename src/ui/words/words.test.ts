import { describe, expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { en } from './en.ts';
import { enAside } from './en-aside.ts';
import { formatIn, formatCount } from './formats.ts';
import { formatList } from './formats-aside.ts';
import { grammarOf } from './grammar.ts';
import { together } from './sections.ts';

describe('a number', () => {
  test('takes the form that the language has for it', () => {
    const forms = { one: '# message', other: '# messages' };
    expect(grammarOf('en').many(1, forms)).toBe('1 message');
    expect(grammarOf('en').many(12_345, forms)).toBe('12,345 messages');
    const arabic = grammarOf('ar');
    expect([0, 1, 2, 3, 11, 100].map((count) => arabic.many(count, arabicForms))).toEqual([
      'zero',
      'one',
      'two',
      'few',
      'many',
      'other',
    ]);
  });

  test('that has no form of its own takes that of the others', () => {
    expect(grammarOf('en').many(1, { other: '# left' })).toBe('1 left');
  });
});

const arabicForms = {
  zero: 'zero',
  one: 'one',
  two: 'two',
  few: 'few',
  many: 'many',
  other: 'other',
};

test('a list and a number are written as the language writes them', () => {
  formatIn('de');
  expect(formatList(['Ada', 'Bo', '12 andere'])).toEqual(['Ada', ', ', 'Bo', ' und ', '12 andere']);
  expect(formatCount(12_345)).toBe('12.345');
  formatIn('en');
  expect(formatList(['Ada', 'Bo'])).toEqual(['Ada', ' and ', 'Bo']);
});

describe('every catalogue', () => {
  const folder = import.meta.dir;
  const codes = readdirSync(folder)
    .map((name) => /^(\w\w)\.ts$/.exec(name)?.[1] ?? '')
    .filter((code) => code !== '');

  test.each(codes)('of "%s" says all that English says, and nothing else', async (code) => {
    const module = (await import(`./${code}.ts`)) as Record<string, typeof en>;
    const catalogue = module[code]?.(grammarOf(code));
    const english = grammarOf('en');
    const later = enAside(english);
    const said = code === 'en' && catalogue ? together(later, catalogue) : catalogue;
    expect(shapeOf(said)).toEqual(shapeOf(together(later, en(english))));
  });
});

/** Where what stands, without what it says. */
function shapeOf(node: unknown): unknown {
  if (typeof node !== 'object' || node === null) return typeof node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, shapeOf(value)]));
}

describe('components', () => {
  const folder = join(import.meta.dir, '..');
  const components = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.tsx'));

  test.each(components)('say nothing of their own: %s', (name) => {
    expect(saidIn(readFileSync(join(folder, name), 'utf8'))).toEqual([]);
  });

  test.each([
    ['<p>Hello</p>', ['Hello']],
    ['<p>{n} left</p>', [' left']],
    ["<p>{isOpen ? 'Close' : 'Open it'}</p>", ['Close', 'Open it']],
    ['<a aria-label="open" />', ['open']],
    ['`${n} is missing`', [' is missing']],
    ['<a class="Big one" type="button"><kbd>Enter</kbd> · 👍</a>', []],
    ["key === 'ArrowUp'", []],
  ])('that say something of their own are found: %s', (code, found) => {
    expect(saidIn(`export const a = ${code};`)).toEqual(found);
  });
});

/** What stands on the keyboard, or is typed as it stands, is the same in every language. */
const typed = /"kbd", \{\s*children: "[^"]*"/g;
/** Attributes whose values a person hears or sees. */
const shown = /(aria-label|alt|title|placeholder|label|children)"?: \[?$/;
/** Code before a string that nobody ever sees. */
const hidden = /(===|!==|case|from|import|Error\(|Listener\(|elector(All)?\(|closest\() ?$/;
/** Attributes that nobody sees, with all that may stand as their value. */
const unseen = /\b(class|state|rel|viewBox|d|points)"?: (?:"[^"]*"|`[^`]*`|[^,}\n"`])*/g;

/** What a component would say in one language: strings that read as words, or stand as text. */
function saidIn(source: string): string[] {
  const code = new Bun.Transpiler({ loader: 'tsx' })
    .transformSync(source)
    .replaceAll(/^import .*$/gm, '')
    .replaceAll(unseen, '')
    .replaceAll(typed, '');
  return [...code.matchAll(/"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g)].flatMap((match) => {
    const before = code.slice(Math.max(0, match.index - 40), match.index);
    if (hidden.test(before)) return [];
    const texts = match[1] === undefined ? (match[2] ?? '').split(/\$\{[^}]*\}/) : [match[1]];
    return texts.filter((text) => {
      if (!/\p{L}/u.test(text)) return false;
      return shown.test(before) || /\p{L} \p{L}|^\p{Lu}\p{Ll}|^ \p{L}/u.test(text);
    });
  });
}
