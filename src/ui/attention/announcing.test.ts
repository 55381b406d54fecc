import { expect, test } from 'bun:test';
import type { MemberId, Message, Seq } from '../../protocol/entries.ts';
import { Announcing, gatherMs } from './announcing.ts';
import { enAside } from '../words/en-aside.ts';
import { complete } from '../words/words.ts';

complete(enAside);

function saying(text: string, nick = 'Bo'): Message {
  const by = { id: nick as MemberId, nick, role: 'member' } as const;
  return { type: 'message', id: text, seq: 1 as Seq, at: 1, by, text };
}

/** Announcements in a time that passes when it is told to. */
function scene() {
  const waiting: (() => void)[] = [];
  const waits: number[] = [];
  const announcing = new Announcing((run, ms) => {
    waits.push(ms);
    waiting.push(run);
    return () => waiting.splice(waiting.indexOf(run), 1);
  });
  const seen: string[] = [];
  announcing.told.subscribe((told) => seen.push(told));
  const pass = (): void => {
    for (const run of waiting.splice(0)) run();
  };
  return { announcing, seen, waits, pass };
}

test('what is said within a second is read out together, after it', () => {
  const { announcing, seen, waits, pass } = scene();
  for (const text of ['One', 'Two', 'Three']) announcing.heard(saying(text));
  expect(waits).toEqual([gatherMs]);
  expect(seen).toEqual(['']);
  pass();
  expect(seen).toEqual(['', 'Bo: One\nBo: Two\nBo: Three']);
});

test('what is read out is what others see, without its marks', () => {
  const { announcing, seen, pass } = scene();
  announcing.heard(saying('It is **not** `there`'));
  pass();
  expect(seen.at(-1)).toBe('Bo: It is not there');
});

test('of more than can be listened to only the number is told, and from whom the last is', () => {
  const { announcing, seen, pass } = scene();
  for (const text of ['One', 'Two', 'Three']) announcing.heard(saying(text));
  announcing.heard(saying('Four', 'Cy'));
  pass();
  expect(seen.at(-1)).toBe('4 new messages, the last from Cy');
});

test('the same words are read out twice when they are said twice', () => {
  const { announcing, seen, pass } = scene();
  announcing.heard(saying('Hello'));
  pass();
  announcing.heard(saying('Hello'));
  pass();
  expect(seen).toEqual(['', 'Bo: Hello', '', 'Bo: Hello']);
});

test('nothing is read out of a page that is gone', () => {
  const { announcing, seen, pass } = scene();
  announcing.heard(saying('Hello'));
  announcing.close();
  pass();
  expect(seen).toEqual(['']);
});
