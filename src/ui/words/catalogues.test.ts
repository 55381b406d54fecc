/** What holds in each language: that it is whole, and written as that language is written. */
import { describe, expect, test } from 'bun:test';
import { errors } from '../../protocol/errors.ts';
import { ar } from './ar.ts';
import { de } from './de.ts';
import { enAside } from './en-aside.ts';
import { en as enAtOnce } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { grammarOf, type Forms, type Grammar } from './grammar.ts';
import { ja } from './ja.ts';
import { together } from './sections.ts';
import { languages, type Catalogue } from './words.ts';

/** English is loaded in two parts, and is one here. */
const en: Catalogue = (grammar) => together(enAside(grammar), enAtOnce(grammar));

const catalogues: Readonly<Record<string, Catalogue>> = { de, es, fr, ja, ar };

/** A number of each form that a language may have. */
const counts = [0, 1, 2, 3, 11, 100];

/** What a catalogue says, by where it stands: every text, and every function of each count. */
function saidIn(catalogue: Catalogue, grammar: Grammar): ReadonlyMap<string, readonly string[]> {
  const said = new Map<string, readonly string[]>();
  const visit = (path: string, node: unknown): void => {
    if (typeof node === 'string') said.set(path, [node]);
    else if (typeof node === 'function') {
      const sentence = node as (...all: readonly unknown[]) => unknown;
      // Nicks and times are numbers here too: what is said around them is the same.
      said.set(
        path,
        counts.map((count) => flat(sentence(count, count, count))),
      );
    } else {
      for (const [key, value] of Object.entries(node ?? {})) visit(`${path}.${key}`, value);
    }
  };
  // Their sentences go by a code, and have tests of their own.
  const { app, ...rest } = catalogue(grammar);
  const { failure: _failure, out: _out, ...others } = app;
  for (const [section, node] of Object.entries({ app: others, ...rest })) visit(section, node);
  return said;
}

/** A sentence as a text, when it is pieces. */
function flat(piece: unknown): string {
  return Array.isArray(piece) ? piece.map(flat).join('') : String(piece);
}

/** What has no words in it, or words that are no one language's. */
const wordless =
  /^app\.(name|unread|mentioned)$|^reading\.(announced|when|reaction)$|^search\.when$|usage$/;

/** Where a language has the very word that English has. */
const shared: Readonly<Record<string, readonly string[]>> = {
  de: [
    'connection.offline',
    'settings.textSizes.normal',
    'writing.emoji',
    'writing.emojiGroups.smileys',
  ],
  es: ['settings.textSizes.normal'],
  fr: [
    'settings.notifications',
    'reading.messages',
    'reading.actions',
    'writing.message',
    'writing.suggestions',
    'writing.emojiGroups.nature',
  ],
};

const english = saidIn(en, grammarOf('en'));
const byCode = Object.entries(catalogues);

test('every catalogue can be chosen', () => {
  expect([...languages].sort()).toEqual(['en', ...Object.keys(catalogues)].sort());
});

describe.each(byCode)('the words of "%s"', (code, catalogue) => {
  const said = saidIn(catalogue, grammarOf(code));
  const all = [...said].flatMap(([path, texts]) => texts.map((text) => `${path}: ${text}`));

  test('are not those of English, but for a few that are the same', () => {
    const same = [...said].filter(([path, texts]) => {
      return !wordless.test(path) && texts.some((text) => english.get(path)?.includes(text));
    });
    const alike = same.filter(([, texts]) => texts.join('') !== '').map(([path]) => path);
    expect(alike.sort()).toEqual([...(shared[code] ?? [])].sort());
  });

  test('carry no markup, no code and no quotes of a typewriter', () => {
    const wrong = /<|&\w+;|\$\{|undefined|NaN|\[object|["'`]|#/;
    expect(all.filter((line) => wrong.test(line))).toEqual([]);
    expect(all.filter((line) => /\.\.\.|\S {2,}\S/.test(line))).toEqual([]);
  });

  test('have a form for each number that the language tells apart, or one for all', () => {
    const partial: Forms[] = [];
    const rules = new Intl.PluralRules(code);
    const needed = counts.map((count) => rules.select(count)).filter((form) => form !== 'zero');
    const grammar = grammarOf(code);
    saidIn(catalogue, {
      ...grammar,
      many: (count, forms) => {
        const isOne = Object.keys(forms).length === 1;
        if (!isOne && needed.some((form) => !(form in forms))) partial.push(forms);
        // A form for one number may do without it, but not one for many.
        const isTold = Object.values(forms).some((form) => form.includes('#'));
        if (isTold && !forms.other.includes('#')) partial.push(forms);
        return grammar.many(count, forms);
      },
    });
    expect(partial).toEqual([]);
  });

  test('have a sentence of their own for each code', () => {
    const { failure, out } = catalogue(grammarOf(code)).app;
    for (const known of [...Object.keys(errors), 'UNREACHABLE', 'DISCARDED', 'CLOSED']) {
      for (const sentence of [failure(known, 'Sorry'), out(known, 'Sorry')]) {
        expect(sentence).not.toContain('Sorry');
        expect(sentence).toMatch(/[.。]$/);
      }
    }
    expect(out('FORBIDDEN', 'Sorry')).not.toBe(failure('FORBIDDEN', 'Sorry'));
  });

  test('tell what a server says that is newer than the page', () => {
    const { failure } = catalogue(grammarOf(code)).app;
    expect(failure('TOO_LATE', 'It is past midnight')).toBe('It is past midnight.');
    expect(failure('toString', 'It is no code')).toBe('It is no code.');
  });

  test('leave the commands as they are typed', () => {
    const usages = Object.values(catalogue(grammarOf(code)).writing.commands);
    const model = Object.values(en(grammarOf('en')).writing.commands);
    // Only the word for what follows is translated.
    const typed = ({ usage }: { usage: string }): string =>
      usage.replace(/[\p{L}\p{M}]+(?=\]?$)/u, '_');
    expect(usages.map(typed)).toEqual(model.map(typed));
  });
});

test.each([
  ['ar', /\p{Script=Arabic}/u],
  ['ja', /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u],
])('everything that "%s" says is in its script', (code, script) => {
  const said = saidIn(catalogues[code] ?? en, grammarOf(code));
  const foreign = [...said].filter(([path, texts]) => {
    return !wordless.test(path) && !texts.every((text) => text === '' || script.test(text));
  });
  expect(foreign.map(([path]) => path)).toEqual([]);
});

test('French sets off its tall signs with spaces that do not break', () => {
  const said = [...saidIn(fr, grammarOf('fr')).values()].flat();
  // One of the question marks is a key.
  const wrong = said.filter((text) => /[^\u00a0\u202f]([:;!»]|\?(?! pour))|«[^\u00a0]/.test(text));
  expect(wrong).toEqual([]);
});

test('messages are counted as each language counts', () => {
  const counted = byCode.map(([code, catalogue]) => {
    const { newMessages } = catalogue(grammarOf(code)).reading;
    return [code, counts.map(newMessages).map((text) => text.replaceAll(/\p{N}+/gu, '#'))];
  });
  const [[deOne, deMany], [esOne, esMany], [frOne, frMany]] = [
    ['# neue Nachricht', '# neue Nachrichten'],
    ['# mensaje nuevo', '# mensajes nuevos'],
    ['# nouveau message', '# nouveaux messages'],
  ];
  expect(Object.fromEntries(counted)).toEqual({
    de: [deMany, deOne, deMany, deMany, deMany, deMany],
    es: [esMany, esOne, esMany, esMany, esMany, esMany],
    fr: [frOne, frOne, frMany, frMany, frMany, frMany],
    ja: counts.map(() => '新着メッセージ#件'),
    ar: [
      'لا رسائل جديدة',
      'رسالة جديدة واحدة',
      'رسالتان جديدتان',
      '# رسائل جديدة',
      '# رسالة جديدة',
      '# رسالة جديدة',
    ],
  });
});
