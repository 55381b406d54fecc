import { expect, test } from 'bun:test';
import type { MemberId, Message, Seq, Who } from '../../protocol/entries.ts';
import { isMentionOf, isNaming, mentionAt } from './mention.ts';

function whoIs(nick: string): Who {
  return { id: nick as MemberId, nick, role: 'member' };
}

function saying(text: string): Message {
  return { type: 'message', id: 'x', seq: 1 as Seq, at: 1, by: whoIs('Bo'), text };
}

test('a message names whom it mentions, whatever the case and wherever it stands', () => {
  for (const text of ['@Ada', 'Well, @ada!', '@Bo and @ADA', '(@Ada)', 'line\n@Ada', '@Ada.']) {
    expect([text, isNaming(saying(text), whoIs('Ada'))]).toEqual([text, true]);
  }
  expect(isNaming(saying('@Ada Lovelace, look'), whoIs('Ada Lovelace'))).toBe(true);
});

test('a longer nick and an address of mail name somebody else', () => {
  for (const text of [
    '@Adam',
    '@Ada-Lovelace',
    '@Ada.Lovelace',
    'mail@ada.example',
    'Ada',
    '@ Ada',
  ]) {
    expect([text, isNaming(saying(text), whoIs('Ada'))]).toEqual([text, false]);
  }
  expect(isNaming(saying('@Ada'), null)).toBe(false);
});

test('a row of at signs is compared with no nick', () => {
  let compared = 0;
  const nicks = {
    *[Symbol.iterator]() {
      compared += 1;
      yield 'Ada Lovelace';
    },
  } as unknown as readonly string[];
  const line = `${'@'.repeat(2_000)} @`;
  for (let at = 0; at < line.length; at += 1) expect(mentionAt(line, at, nicks)).toBeNull();
  expect(compared).toBeLessThan(10);
  expect(isMentionOf(mentionAt('@ada lovelace!', 0, nicks) ?? '', 'Ada Lovelace')).toBe(true);
});
