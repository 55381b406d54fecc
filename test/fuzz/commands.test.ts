/**
 * Texts that begin with a stroke, of any kind, by a member and by a keeper: each is answered or
 * refused, and records what its command is for and nothing else.
 */
import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { commands } from '../../src/chat/commands.ts';
import { cleanNick } from '../../src/chat/nick.ts';
import { cleanText, cleanTopic } from '../../src/chat/text.ts';
import type { Entry, EntryBody, Who } from '../../src/protocol/entries.ts';
import { errors, problemOf } from '../../src/protocol/errors.ts';
import { TestChat, testSettings } from '../kit/chat.ts';
import { hostile, nickish } from './hostile.ts';

const numRuns = 1_000;

/** What each command may record. */
const recorded: Readonly<Record<string, readonly EntryBody['type'][]>> = {
  help: [],
  me: ['message'],
  nick: ['member'],
  who: [],
  topic: ['topic'],
  keeper: ['member'],
  kick: ['leave'],
  ban: ['sanction', 'leave'],
  unban: ['sanction'],
  mute: ['sanction', 'notice'],
  unmute: ['sanction', 'notice'],
  mode: ['mode'],
};

const names = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...commands.map(({ name }) => name)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('KICK', 'Ban', '__proto__', 'constructor', 'toString', ''),
  },
  { weight: 1, arbitrary: hostile },
);
const argument = fc.oneof(
  fc.constantFrom('kim', 'ada', 'bob', 'KIM', 'аda', 'nobody here', 'open', 'quiet', 'slow 1', ''),
  fc.constantFrom(
    'slow 0',
    'slow -1',
    'slow 1e3',
    'slow 99999',
    'slow ٣',
    'slow NaN',
    'x\ny',
    '  ',
  ),
  nickish,
  hostile,
);
const blanks = fc.constantFrom('', ' ', '  ', '\t', '\n', '\u00a0', '\u200b', '\u3000', '\ufeff');
const texts = fc
  .tuple(blanks, names, fc.constantFrom(' ', '  ', '\n', '\u00a0', ''), argument, blanks)
  .map(([before, name, between, rest, after]) => `${before}/${name}${between}${rest}${after}`);

test('every command has its entries named here', () => {
  expect(Object.keys(recorded)).toEqual(commands.map(({ name }) => name));
});

test.each(['member', 'keeper'] as const)(
  'whatever a %s commands is answered or refused, and records what it is for',
  async (role) => {
    await fc.assert(
      fc.asyncProperty(fc.array(texts, { minLength: 1, maxLength: 5 }), async (all) => {
        const chat = await TestChat.open();
        const people = [await chat.join('ada'), await chat.join('bob'), await chat.join('kim')];
        const [ada] = people;
        if (ada === undefined) throw new Error('Nobody came in');
        if (role === 'keeper') await chat.command(ada, `/keeper ${testSettings.keeperCode}`);
        for (const text of all) await expectOrderly(chat, ada, role, text);
        // What was recorded is what the next room makes of it as well.
        const before = [chat.room.now().info(), chat.room.now().members()];
        await chat.restart('room');
        expect([chat.room.now().info(), chat.room.now().members()]).toEqual(before);
        expect(chat.crashes).toEqual([]);
      }),
      { numRuns },
    );
  },
);

test('a nick that nobody can have is not looked for, whoever asks', async () => {
  // Normalising sorts marks in quadratic time: each of these took 0.7 s.
  const tower = `a${'\u0301\u0316'.repeat(11_000)}`;
  const chat = await TestChat.open();
  const [ada, kim] = [await chat.join('ada'), await chat.join('kim')];
  await chat.command(kim, `/keeper ${testSettings.keeperCode}`);
  for (let nr = 0; nr < 50; nr++) {
    for (const name of ['kick', 'ban', 'unban', 'mute', 'unmute']) {
      expect(await chat.command(ada, `/${name} ${tower}`)).toBe('FORBIDDEN');
      expect(await chat.command(kim, `/${name} ${tower}`)).toBe('NOT_FOUND');
    }
  }
});

async function expectOrderly(
  chat: TestChat,
  who: Who,
  role: Who['role'],
  text: string,
): Promise<void> {
  const head = chat.journal.head().seq;
  const isHere = chat.room.now().who(who.id) !== null;
  const spoken = await chat.trySay(who, text);
  const entries = (await chat.journal.read({ after: head, limit: 100 })).map(({ entry }) => entry);
  if (!spoken.ok) {
    expect(errors[spoken.code]).toBeDefined();
    expect(spoken.code).not.toBe('INTERNAL');
    const { detail } = problemOf(spoken);
    expect(detail.isWellFormed()).toBeTrue();
    expect(detail.length).toBeLessThan(400);
    expect(entries).toEqual([]);
    return;
  }
  expect(isHere).toBeTrue();
  const stroke = text.slice(text.indexOf('/'));
  const name = (/^\/(\S*)/u.exec(stroke)?.[1] ?? '').toLowerCase();
  const allowed = stroke.startsWith('//') ? (['message'] as const) : (recorded[name] ?? []);
  const isOfKeepers = commands.some((one) => one.name === name && one.isForKeepers);
  expect(isOfKeepers && role === 'member' && !stroke.startsWith('//')).toBeFalse();
  expect(
    entries.map(({ type }) => type).filter((type) => !allowed.includes(type as never)),
  ).toEqual([]);
  for (const entry of entries) expectClean(entry, who, text);
}

function expectClean(entry: Entry, who: Who, sent: string): void {
  switch (entry.type) {
    case 'message':
      expect(cleanText(entry.text)).toEqual({ ok: true, text: entry.text });
      expect(entry.by.id).toBe(who.id);
      break;
    case 'topic':
      expect(cleanTopic(entry.topic)).toEqual({ ok: true, topic: entry.topic });
      break;
    case 'member':
      // Nobody becomes a keeper who did not say the code.
      expect(entry.member.id).toBe(who.id);
      expect(cleanNick(entry.member.nick)).toMatchObject({ ok: true, nick: entry.member.nick });
      if (entry.member.role !== entry.was.role) expect(sent).toContain(testSettings.keeperCode);
      break;
    case 'mode':
      expect(entry.slowMs).toBeWithin(0, 3_600_001);
      break;
    case 'notice':
    case 'sanction':
    case 'leave':
      expect(entry.seq).toBeGreaterThan(0);
      break;
    default:
      throw new Error(`A command recorded "${entry.type}"`);
  }
}
