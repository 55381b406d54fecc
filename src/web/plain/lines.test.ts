import { describe, expect, test } from 'bun:test';
import type { MemberId, Message, Seq, WireEntry } from '../../protocol/entries.ts';
import { limits } from '../../protocol/limits.ts';
import { english, languageFor } from './language.ts';
import { lineOf, sentence, type Telling } from './lines.ts';
import { print } from './printed.ts';

const ada = { id: 'a' as MemberId, nick: 'Ada', role: 'member' } as const;
const bo = { id: 'b' as MemberId, nick: 'Bo', role: 'member' } as const;
const noon = Date.UTC(2026, 2, 2, 12, 3);

function message(seq: number, text: string, more: Partial<Message> = {}): Message {
  return { seq: seq as Seq, at: noon, type: 'message', id: `m${seq}`, by: ada, text, ...more };
}

function telling(messages: readonly Message[] = [], language = english): Telling {
  return { language, messageAt: (seq) => messages.find((one) => one.seq === seq) ?? null };
}

/** A line as it reads, without its markup. */
function read(entry: WireEntry, told: Telling): string {
  const line = String(lineOf(entry, told));
  return line
    .replaceAll('<br />', ' / ')
    .replaceAll(/<[^>]*>/g, '')
    .trim();
}

describe('a message', () => {
  test('that answers another says whose, begins it, and leads to it', () => {
    const first = message(3, 'Have you\nseen the comet?', { by: bo });
    const second = message(7, 'Yes', { replyTo: first.seq });
    expect(read(second, telling([first]))).toBe(
      'In answer to Bo: Have you seen the comet? / 12:03 Ada: Yes',
    );
    expect(String(lineOf(second, telling([first])))).toContain('href="/plain?before=4#m3"');
  });

  test('that answers one which is not at hand leads to it all the same', () => {
    const answer = message(7, 'Yes', { replyTo: 3 as Seq });
    expect(read(answer, telling())).toBe('In answer to an earlier message / 12:03 Ada: Yes');
    expect(String(lineOf(answer, telling()))).toContain('href="/plain?before=4#m3"');
  });

  test('shows nothing of a deleted one that it answers', () => {
    const gone = message(3, '', { by: bo, deleted: true });
    expect(read(message(7, 'Yes', { replyTo: gone.seq }), telling([gone]))).toBe(
      'In answer to Bo: This message was deleted / 12:03 Ada: Yes',
    );
  });

  test('quotes a line of a long one, in whole characters', () => {
    const family = '👩‍👩‍👧‍👦';
    for (const text of ['a'.repeat(limits.textMax), family.repeat(200), 'a'.repeat(81)]) {
      const said = read(message(7, 'b', { replyTo: 3 as Seq }), telling([message(3, text)]));
      const [quote = ''] = said.slice('In answer to Ada: '.length).split(' / ');
      expect(quote.length).toBeLessThanOrEqual(81 * family.length);
      expect(quote.endsWith('…')).toBe(true);
      expect(text.startsWith(quote.slice(0, -1))).toBe(true);
      expect(quote.slice(0, -1).length % (text.startsWith('a') ? 1 : family.length)).toBe(0);
    }
    const short = 'a'.repeat(80);
    expect(read(message(7, 'b', { replyTo: 3 as Seq }), telling([message(3, short)]))).toContain(
      `${short} /`,
    );
  });

  test('has its reactions and the time of its last change behind it', () => {
    const marked = message(3, 'Hi', {
      edited: noon + 60_000,
      reactions: [
        { emoji: '👍', count: 1_200, by: [] },
        { emoji: '🎉', count: 1, by: [] },
      ],
    });
    expect(read(marked, telling())).toBe('12:03 Ada: Hi (edited 12:04) 👍 1,200 🎉 1');
  });
});

describe('what changes a message', () => {
  const of = message(3, 'Hi').seq;
  const at = { seq: 9 as Seq, at: noon + 120_000, by: ada, of };
  const changes: readonly (readonly [WireEntry, string])[] = [
    [{ ...at, type: 'edit', text: 'Ho' }, 'Ada changed the message of 12:03: Ho'],
    [{ ...at, type: 'delete' }, 'Ada deleted the message of 12:03'],
    [{ ...at, type: 'reaction', emoji: '👍', on: true }, 'Ada put 👍 on the message of 12:03'],
    [{ ...at, type: 'reaction', emoji: '👍', on: false }, 'Ada took 👍 off the message of 12:03'],
  ];

  test('is told in a line that leads to it', () => {
    for (const [entry, expected] of changes) {
      expect(read(entry, telling([message(3, 'Hi')]))).toBe(`12:05 ${expected}`);
      expect(String(lineOf(entry, telling()))).toContain('href="/plain?before=4#m3"');
    }
  });

  test('is told of one that is not at hand', () => {
    const [[edit] = []] = changes;
    if (edit === undefined) throw new Error('There is no change');
    expect(read(edit, telling())).toBe('12:05 Ada changed an earlier message: Ho');
    expect(read(edit, telling([], languageFor('de')))).toBe(
      '12:05 Ada hat eine frühere Nachricht geändert: Ho',
    );
  });
});

test('a sentence is made of texts and of markup, and of nothing that only looks like it', () => {
  expect(String(sentence(['a<b', ['c']]))).toBe('a&lt;bc');
  expect(() => sentence({ toString: () => '<script>' })).toThrow();
});

describe('what was said before', () => {
  test('is printed by days', () => {
    const day = 24 * 60 * 60_000;
    const messages = [0, 0, day].map((later, nr) => message(nr + 1, 'Hi', { at: noon + later }));
    const printed = print(messages, false, telling());
    expect(printed).toMatchObject({ count: 3, before: null });
    const days = printed.lines.join('').match(/<h3>.*?<\/h3>/g);
    expect(days?.map((line) => line.replaceAll(/<[^>]*>/g, ''))).toEqual([
      'Monday, March 2, 2026',
      'Tuesday, March 3, 2026',
    ]);
  });

  test('names the place before which there is more, also where too much was asked for', () => {
    const messages = [1, 2, 3].map((seq) => message(seq, 'Hi'));
    expect(print(messages, true, telling()).before).toBe(1 as Seq);
    const long = Array.from({ length: 50 }, (_, nr) => message(nr + 1, '&'.repeat(2_000)));
    const printed = print(long, false, telling());
    expect(printed.count).toBeLessThan(50);
    expect(printed.before).toBe((51 - printed.count) as Seq);
    expect(print([], false, telling()).before).toBeNull();
  });
});
