import { afterAll, beforeEach, expect, test } from 'bun:test';
import { FakeStorage } from '../../copy/testing/scene.ts';
import type { MemberId, Message, Seq } from '../../protocol/entries.ts';
import {
  dropEdit,
  editToResume,
  keepEdit,
  keptEdit,
  keptEditsMax,
  keptLengthMax,
  leaveEdit,
} from './kept-edits.ts';

const localStorage = new FakeStorage();
const sessionStorage = new FakeStorage();

beforeEach(() => {
  localStorage.items.clear();
  sessionStorage.items.clear();
  Object.assign(globalThis, { window: { localStorage, sessionStorage } });
});

afterAll(() => {
  Reflect.deleteProperty(globalThis, 'window');
});

function messageOf(id: string, more: Partial<Message> = {}): Message {
  const by = { id: 'ada' as MemberId, nick: 'Ada', role: 'member' } as const;
  return { type: 'message', id, seq: 1 as Seq, at: 1, by, text: 'was', ...more };
}

test('a change that was begun is kept for its message until it is dropped', () => {
  keepEdit({ id: 'a', before: 'was', text: 'will b' });
  keepEdit({ id: 'a', before: 'was', text: 'will be' });
  keepEdit({ id: 'b', before: 'was', text: 'another' });
  expect(keptEdit(messageOf('a'))).toEqual({ id: 'a', before: 'was', text: 'will be' });
  dropEdit('a');
  expect(keptEdit(messageOf('a'))).toBeNull();
  expect(keptEdit(messageOf('b'))?.text).toBe('another');
});

test('a change that changes nothing is none: not any more, or not since it was saved elsewhere', () => {
  keepEdit({ id: 'a', before: 'was', text: 'will be' });
  expect(keptEdit(messageOf('a', { text: 'will be' }))).toBeNull();
  keepEdit({ id: 'a', before: 'was', text: 'was' });
  expect(localStorage.items.get('encke:edits')).toBe('');
});

test('what the message was when the change was begun is known, whatever it is by now', () => {
  keepEdit({ id: 'a', before: 'was', text: 'will be' });
  expect(keptEdit(messageOf('a', { text: 'changed meanwhile' }))?.before).toBe('was');
});

test('so many changes are kept and no more, and none longer than can be saved', () => {
  for (let count = 0; count <= keptEditsMax; count += 1) {
    keepEdit({ id: `m${count}`, before: 'was', text: 'will be' });
  }
  expect(keptEdit(messageOf('m0'))).toBeNull();
  expect(keptEdit(messageOf('m1'))).not.toBeNull();
  keepEdit({ id: 'book', before: 'was', text: 'a'.repeat(keptLengthMax + 1) });
  expect(keptEdit(messageOf('book'))).toBeNull();
});

test('the code of the keepers is not kept here either', () => {
  keepEdit({ id: 'a', before: 'was', text: '/keepe' });
  keepEdit({ id: 'a', before: 'was', text: '/keeper SECRET' });
  expect(JSON.stringify([...localStorage.items])).not.toContain('SECRET');
});

test('the tab in which it was begun goes on with it, and not another one', () => {
  keepEdit({ id: 'a', before: 'was', text: 'will be' });
  const lines = [messageOf('b'), messageOf('a')];
  expect(editToResume(lines)).toBe(lines[1] as Message);
  expect(editToResume([messageOf('b')])).toBeNull();
  leaveEdit();
  expect(editToResume(lines)).toBeNull();
  expect(keptEdit(messageOf('a'))).not.toBeNull();
  keepEdit({ id: 'a', before: 'was', text: 'will be' });
  sessionStorage.items.clear();
  expect(editToResume(lines)).toBeNull();
});

test('of a message that was deleted no change is kept', () => {
  keepEdit({ id: 'a', before: 'was', text: 'will be' });
  expect(editToResume([messageOf('a', { text: '', deleted: true })])).toBeNull();
  expect(keptEdit(messageOf('a'))).toBeNull();
});

test('what is no list of changes is passed over', () => {
  for (const written of ['{', 'null', '{}', '[null, 7, {"id":"a"}]']) {
    localStorage.setItem('encke:edits', written);
    expect(keptEdit(messageOf('a'))).toBeNull();
  }
});
