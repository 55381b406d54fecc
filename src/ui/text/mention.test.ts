import { signal } from '@preact/signals';
import { expect, test } from 'bun:test';
import type { RoomState } from '../../copy/room-state.ts';
import type { MemberId, Message, Seq, Who } from '../../protocol/entries.ts';
import { isMentionOf, mentionAt, nicksToTell } from './mention.ts';
import { mentionable } from './mentionable.ts';
import { isNaming } from './naming.ts';

function whoIs(nick: string): Who {
  return { id: nick as MemberId, nick, role: 'member' };
}

function saying(text: string): Message {
  return { type: 'message', id: 'x', seq: 1 as Seq, at: 1, by: whoIs('Bo'), text };
}

test('a message names whom it mentions, whatever the case and wherever it stands', () => {
  for (const text of ['@Ada', 'Well, @ada!', '@Bo and @ADA', '(@Ada)', 'line\n@Ada', '@Ada.']) {
    expect([text, isNaming(saying(text), whoIs('Ada'), [])]).toEqual([text, true]);
  }
  const nicks = ['Ada Lovelace'];
  expect(isNaming(saying('@Ada Lovelace, look'), whoIs('Ada Lovelace'), nicks)).toBe(true);
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
    expect([text, isNaming(saying(text), whoIs('Ada'), [])]).toEqual([text, false]);
  }
  expect(isNaming(saying('@Ada'), null, [])).toBe(false);
});

test('of two nicks of which one begins with the other, the longer one is meant', () => {
  const nicks = nicksToTell(['Ada', 'Ada Lovelace', 'さくら', 'さくらこ']);
  const named = (text: string): string[] =>
    ['Ada', 'Ada Lovelace', 'さくら', 'さくらこ'].filter((nick) =>
      isNaming(saying(text), whoIs(nick), nicks),
    );
  expect(named('@Ada Lovelace, look')).toEqual(['Ada Lovelace']);
  expect(named('@ada lovelaces and @Ada')).toEqual(['Ada']);
  expect(named('@さくらこさん')).toEqual(['さくらこ']);
  expect(named('@Ada Lovelace and @Ada')).toEqual(['Ada', 'Ada Lovelace']);
});

test('what is drawn as code names nobody, and what is quoted does', () => {
  expect(isNaming(saying('`@Ada`'), whoIs('Ada'), [])).toBe(false);
  expect(isNaming(saying('```\n@Ada\n```'), whoIs('Ada'), [])).toBe(false);
  expect(isNaming(saying('> *@Ada*'), whoIs('Ada'), [])).toBe(true);
});

test('nicks with blanks are known of those who are here, and of those who have spoken', () => {
  const state = signal<Pick<RoomState, 'members' | 'lines' | 'you'>>({
    members: [whoIs('Ada'), whoIs('Ada Lovelace')],
    lines: [],
    you: null,
  });
  const nicks = mentionable(state);
  expect(nicks.value).toEqual(['Ada Lovelace']);
  const lines = [{ ...saying('Bye'), by: whoIs('Ada Byron King') }];
  state.value = { members: null, lines, you: whoIs('Ada Lovelace') };
  expect(nicks.value).toEqual(['Ada Byron King', 'Ada Lovelace']);
  const known = nicks.value;
  state.value = { ...state.value, members: [whoIs('Bo')] };
  expect(nicks.value).toBe(known);
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
