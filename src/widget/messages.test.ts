import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { readFromRoom, readWishes, type FromRoom, type Wishes } from './messages.ts';

const none: Wishes = { theme: '', accent: '', lang: '', nick: '' };

describe('what a page wishes', () => {
  test('is read, and what it does not say is empty', () => {
    expect(readWishes({ encke: 'wishes', theme: 'dark', nick: 'Ada' })).toEqual({
      ...none,
      theme: 'dark',
      nick: 'Ada',
    });
  });

  test.each([
    ['no text', { theme: 1, accent: null, lang: [], nick: { toString: () => 'Ada' } }],
    ['longer than any', { theme: 'x'.repeat(101), accent: 'y'.repeat(10_000) }],
    ['unknown', { text: 'Hello', token: 'x' }],
  ])('that is %s is passed over', (_, wishes) => {
    expect(readWishes({ encke: 'wishes', ...wishes })).toEqual(none);
  });

  test.each([[null], [undefined], ['wishes'], [7], [[]], [{}], [{ encke: 'unread', unread: 1 }]])(
    'is not read from %p',
    (data) => {
      expect(readWishes(data)).toBeNull();
    },
  );
});

describe('what the room tells', () => {
  const tales: readonly FromRoom[] = [
    { encke: 'hello' },
    { encke: 'ready' },
    { encke: 'joined', nick: 'Ada' },
    { encke: 'left' },
    { encke: 'message', seq: 12, at: 1_700_000_000_000, nick: 'Bo', isOwn: false },
    { encke: 'unread', unread: 0 },
  ];

  test('arrives as it was told, without anything beside it', () => {
    for (const told of tales) expect(readFromRoom({ ...told, text: 'private' })).toEqual(told);
  });

  test.each([
    { encke: 'unread', unread: -1 },
    { encke: 'unread', unread: 1.5 },
    { encke: 'unread', unread: '1' },
    { encke: 'joined' },
    { encke: 'joined', nick: ['Ada'] },
    { encke: 'message', seq: 1, at: 1 },
    { encke: 'message', seq: Number.NaN, at: 1, nick: 'Bo' },
    { encke: 'constructor', nick: 'Bo', seq: 1, at: 1 },
    { encke: 'wishes' },
  ])('is not read from %p', (data) => {
    expect(readFromRoom(data)).toBeNull();
  });
});

test('whatever arrives, it is one of the shapes or nothing', () => {
  const kind = fc.constantFrom('wishes', 'hello', 'joined', 'message', 'unread');
  const parts = fc.dictionary(
    fc.constantFrom('nick', 'seq', 'at', 'unread', 'theme'),
    fc.anything(),
  );
  fc.assert(
    fc.property(kind, parts, fc.anything(), (encke, more, anything) => {
      for (const data of [anything, { ...more, encke }]) {
        const wishes = readWishes(data);
        if (wishes !== null) expect(Object.keys(wishes)).toEqual(Object.keys(none));
        const told = readFromRoom(data);
        if (told?.encke === 'unread') expect(told.unread).toBeGreaterThanOrEqual(0);
        if (told?.encke === 'joined') expect(told.nick).toBeString();
      }
    }),
  );
});
