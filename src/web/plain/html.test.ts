import { describe, expect, test } from 'bun:test';
import type { MemberId, Message, Seq, WireEntry } from '../../protocol/entries.ts';
import { html, type Piece } from './html.ts';
import { english, languages, type Language } from './language.ts';
import { lineOf } from './lines.ts';

const hostile = `</p><script>alert("1")</script>&amp;<b a='x'>`;
const escaped =
  '&lt;/p&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;amp;&lt;b a=&#39;x&#39;&gt;';

describe('markup', () => {
  test('takes text as text, wherever it is put in', () => {
    expect(String(html`<b title="${hostile}">${hostile}</b>`)).toBe(
      `<b title="${escaped}">${escaped}</b>`,
    );
  });

  test('takes markup as markup, and lists of it, and nothing', () => {
    const inner = html`<i>${'a<b'}</i>`;
    expect(String(html`<p>${inner}${[inner, inner]}${null}${7}</p>`)).toBe(
      '<p><i>a&lt;b</i><i>a&lt;b</i><i>a&lt;b</i>7</p>',
    );
  });

  test('is not what says that it is: only what was written as markup', () => {
    const forged = { toString: () => '<script>' };
    // @ts-expect-error -- The types refuse it already.
    const piece: Piece = forged;
    expect(() => String(html`${piece}`)).toThrow();
    // @ts-expect-error -- A list holds markup, no text.
    const list: Piece = ['<script>'];
    expect(String(html`${list}`)).toBe('&lt;script&gt;');
  });
});

describe('a line', () => {
  const by = { id: 'm' as MemberId, nick: hostile, role: 'member' } as const;
  const at = { seq: 7 as Seq, at: 0 };
  const entries: readonly WireEntry[] = [
    { ...at, type: 'message', id: 'a', by, text: hostile },
    { ...at, type: 'message', id: 'a', by, text: hostile, action: true },
    { ...at, type: 'message', id: 'a', by, text: '', deleted: true },
    { ...at, type: 'message', id: 'a', by, text: hostile, replyTo: 3 as Seq, edited: 60_000 },
    {
      ...at,
      type: 'message',
      id: 'a',
      by,
      text: hostile,
      reactions: [{ emoji: hostile, count: 1_234, by: [] }],
    },
    { ...at, type: 'join', member: by },
    { ...at, type: 'leave', member: by, reason: 'kicked' },
    { ...at, type: 'member', member: by, was: { ...by, nick: 'was' } },
    { ...at, type: 'member', member: { ...by, role: 'keeper' }, was: by },
    { ...at, type: 'edit', of: 1 as Seq, text: hostile, by },
    { ...at, type: 'delete', of: 1 as Seq, by },
    { ...at, type: 'reaction', of: 1 as Seq, emoji: hostile, by, on: true },
    { ...at, type: 'topic', topic: hostile, by },
    { ...at, type: 'mode', mode: 'quiet', slowMs: 5_000, by },
    { ...at, type: 'notice', text: hostile },
    { ...at, type: 'sanction', what: 'ban', member: by, by, for: 'keepers' },
  ];

  const quoted: Message = { ...at, type: 'message', id: 'a', by, text: hostile };
  const telling = { language: english, messageAt: () => quoted };

  test('of any entry has the shape that it has for plain words, in each language', () => {
    const plainly = <T>(value: T): T =>
      JSON.parse(
        JSON.stringify(value).replaceAll(JSON.stringify(hostile).slice(1, -1), 'words'),
      ) as T;
    const shapeOf = (entry: WireEntry, messageAt: () => Message, language: Language): string =>
      String(lineOf(entry, { language, messageAt }))
        .replaceAll(/>[^<]*/g, '>')
        .trim();
    for (const language of languages) {
      for (const entry of entries) {
        const plain = shapeOf(plainly(entry), () => plainly(quoted), language);
        expect(shapeOf(entry, () => quoted, language)).toBe(plain);
        expect(String(lineOf(entry, { ...telling, language }))).not.toContain('<script');
      }
    }
  });

  test('of a type from a later version is none', () => {
    expect(lineOf({ ...at, type: 'later' } as never, telling)).toBeNull();
  });
});
