import { describe, expect, test } from 'bun:test';
import { TestChat } from '../../test/kit/chat.ts';
import type { MemberId, Seq } from '../protocol/entries.ts';
import { limits } from '../protocol/limits.ts';

const address = '192.0.2.1';
const codeOf = (outcome: { ok: boolean; code?: string }): string =>
  outcome.ok ? 'ok' : (outcome.code ?? '');

describe('joining', () => {
  test('nicks that look alike are one nick', async () => {
    const chat = await TestChat.open();
    await chat.join('Ada');
    for (const nick of ['ada', 'ADA', 'Аdа', ' Ada ']) {
      expect(codeOf(await chat.tryJoin(nick))).toBe('NICK_TAKEN');
    }
  });

  test('two joins with one nick at once: one is let in', async () => {
    const chat = await TestChat.open();
    const both = await Promise.all([chat.tryJoin('Ada'), chat.tryJoin('Ada')]);
    expect(both.map(codeOf).toSorted()).toEqual(['NICK_TAKEN', 'ok']);
    expect(chat.journal.head().seq).toBe(1 as Seq);
  });

  test('the same join sent twice, at once or later, is one join', async () => {
    const chat = await TestChat.open();
    const request = { nick: 'Ada', joinId: 'x'.repeat(22), session: null, address };
    const [one, two] = await Promise.all([
      chat.room.now().join(request),
      chat.room.now().join(request),
    ]);
    const three = await chat.room.now().join(request);
    expect(one).toEqual(two);
    expect(one).toEqual(three);
    expect(chat.journal.head().seq).toBe(1 as Seq);
    expect(codeOf(await chat.room.now().join({ ...request, nick: 'Bob' }))).toBe('ID_REUSED');
  });

  test('a join that the journal refuses leaves its nick free', async () => {
    const chat = await TestChat.open();
    chat.journal.isFull = true;
    expect(codeOf(await chat.tryJoin('Ada'))).toBe('DISK_FULL');
    chat.journal.isFull = false;
    expect(codeOf(await chat.tryJoin('Ada'))).toBe('ok');
  });

  test('who lapsed comes back under the same id', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    await chat.room.now().leave(ada.id, 'timeout');
    const again = await chat.tryJoin('Ada', ada.id);
    expect(again).toMatchObject({ ok: true, member: { id: ada.id } });
  });

  test('a session joining under another nick is a change of nick', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    expect(await chat.tryJoin('Grace', ada.id)).toMatchObject({ member: { id: ada.id } });
    expect(chat.room.now().who(ada.id)?.nick).toBe('Grace');
    expect(chat.room.now().presence().online).toBe(1);
  });

  test('one address may bring a classroom, and then waits', async () => {
    const chat = await TestChat.open({ addressLimits: true });
    const codes = [];
    for (let count = 0; count <= limits.joinBurst; count++) {
      codes.push(codeOf(await chat.tryJoin(`pupil ${count}`)));
    }
    expect(codes.slice(0, -1).every((code) => code === 'ok')).toBe(true);
    expect(codes.at(-1)).toBe('TOO_FAST');
    await chat.clock.advance(limits.joinMs);
    expect(codeOf(await chat.tryJoin('one more'))).toBe('ok');
  });

  test('a full room refuses', async () => {
    const chat = await TestChat.open({ membersMax: 2 });
    await chat.join('Ada');
    await chat.join('Bob');
    expect(codeOf(await chat.tryJoin('Carol'))).toBe('TOO_MANY');
  });

  test('wrong passcodes are paced, and then the right one waits too', async () => {
    const chat = await TestChat.open({ passcode: 'open sesame' });
    const join = async (passcode: string | undefined) =>
      codeOf(await chat.room.now().join({ nick: 'Ada', passcode, session: null, address }));
    expect(await join(undefined)).toBe('WRONG_PASSCODE');
    for (let guess = 0; guess < limits.guessBurst; guess++) {
      expect(await join(`guess ${guess}`)).toBe('WRONG_PASSCODE');
    }
    expect(await join('one more')).toBe('TOO_FAST');
    expect(await join('open sesame')).toBe('TOO_FAST');
    await chat.clock.advance(limits.guessMs);
    expect(await join('open sesame')).toBe('ok');
  });
});

describe('saying', () => {
  test('the same id and text again is the same message; another text is refused', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const first = await chat.trySay(ada, 'Hello', 'one');
    const again = await chat.trySay(ada, 'Hello', 'one');
    expect(again).toEqual({ ...first, isRepeat: true } as typeof again);
    expect(codeOf(await chat.trySay(ada, 'Goodbye', 'one'))).toBe('ID_REUSED');
  });

  test('ids belong to their authors', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const bob = await chat.join('Bob');
    await chat.say(ada, 'Hello', 'one');
    expect(await chat.say(bob, 'Hello', 'one')).toBe(4 as Seq);
  });

  test('a retry costs no pace, and is answered whatever the room has become', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    await chat.say(ada, 'Hello', 'one');
    for (let retry = 0; retry < limits.paceBurst * 2; retry++) {
      expect(codeOf(await chat.trySay(ada, 'Hello', 'one'))).toBe('ok');
    }
    expect(codeOf(await chat.trySay(ada, 'Something else'))).toBe('ok');
  });

  test('a retry of what was recorded long ago is answered, also to the muted', async () => {
    const chat = await TestChat.open();
    const [ada, bob] = [await chat.join('Ada'), await chat.join('Bob')];
    await chat.command(ada, `/keeper ${chat.settings.keeperCode}`);
    const seq = await chat.say(bob, 'Hello', 'one');
    // More than the room remembers by itself.
    for (let nr = 0; nr < limits.recentMax; nr++) {
      const by = { ...bob, id: `filler ${nr}` as MemberId };
      const body = { type: 'message' as const, id: `${nr}`, by, text: 'filler' };
      await chat.journal.append({ key: `filler ${nr}`, body });
    }
    await chat.command(ada, '/mute Bob');
    expect(await chat.trySay(bob, 'Hello', 'one')).toMatchObject({ said: { seq }, isRepeat: true });
    expect(codeOf(await chat.trySay(bob, 'Other', 'one'))).toBe('ID_REUSED');
    expect(codeOf(await chat.trySay(bob, 'New', 'two'))).toBe('MUTED');
  });

  test('who runs the room sets the pace; a burst stays a burst', async () => {
    const chat = await TestChat.open({ pace: 10 });
    const bot = await chat.join('Bot');
    for (let count = 0; count < limits.paceBurst; count++) await chat.say(bot, `m${count}`);
    const refused = await chat.trySay(bot, 'too fast');
    expect(refused).toMatchObject({ ok: false, code: 'TOO_FAST', retryMs: 10 });
    for (let count = 0; count < 100; count++) {
      await chat.clock.advance(10);
      await chat.say(bot, `a hundred a second, ${count}`);
    }
  });

  test('a burst is let through, then one a second; the steady are never refused', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    for (let count = 0; count < limits.paceBurst; count++) await chat.say(ada, `m${count}`);
    const refused = await chat.trySay(ada, 'too fast');
    expect(refused).toMatchObject({ ok: false, code: 'TOO_FAST', retryMs: limits.paceMs });
    for (let count = 0; count < 100; count++) {
      chat.office.now().seen(ada.id);
      await chat.clock.advance(limits.paceMs);
      expect(codeOf(await chat.trySay(ada, `steady ${count}`))).toBe('ok');
    }
  });

  test('a message that the journal refuses costs no pace', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    chat.journal.isFull = true;
    for (let count = 0; count < limits.paceBurst * 2; count++) {
      expect(codeOf(await chat.trySay(ada, 'Hello', 'one'))).toBe('DISK_FULL');
    }
    chat.journal.isFull = false;
    expect(codeOf(await chat.trySay(ada, 'Hello', 'one'))).toBe('ok');
  });

  test('a reply names a message that exists', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const seq = await chat.say(ada, 'Hello');
    const say = async (replyTo: number, id: string) =>
      codeOf(
        await chat.room
          .now()
          .say({ id: ada.id, address }, { id, text: 'Re', replyTo: replyTo as Seq }),
      );
    expect(await say(seq, 'a')).toBe('ok');
    expect(await say(1, 'b')).toBe('NOT_FOUND');
    expect(await say(99, 'c')).toBe('NOT_FOUND');
  });

  test('only its author or a keeper changes a message; a deleted one stays so', async () => {
    const chat = await TestChat.open();
    const [ada, bob] = [await chat.join('Ada'), await chat.join('Bob')];
    const seq = await chat.say(ada, 'Hello');
    const room = chat.room.now();
    expect(codeOf(await room.edit(bob.id, seq, 'Mine'))).toBe('FORBIDDEN');
    expect(await room.edit(ada.id, seq, 'Hello you')).toMatchObject({
      message: { text: 'Hello you' },
    });
    expect(codeOf(await room.remove(bob.id, seq))).toBe('FORBIDDEN');
    await chat.command(bob, `/keeper ${chat.settings.keeperCode}`);
    expect(codeOf(await room.remove(bob.id, seq))).toBe('ok');
    const head = chat.journal.head().seq;
    expect(codeOf(await room.remove(ada.id, seq))).toBe('ok');
    expect(codeOf(await room.edit(ada.id, seq, 'Back'))).toBe('NOT_FOUND');
    expect(chat.journal.head().seq).toBe(head);
    expect(JSON.stringify(room.recent(10))).not.toContain('Hello');
  });

  test('edits and reactions that change nothing record nothing', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const seq = await chat.say(ada, 'Hello');
    const room = chat.room.now();
    await room.react(ada.id, seq, '👍', true);
    const head = chat.journal.head().seq;
    expect(codeOf(await room.react(ada.id, seq, '👍', true))).toBe('ok');
    expect(codeOf(await room.react(ada.id, seq, '🎉', false))).toBe('ok');
    expect(codeOf(await room.edit(ada.id, seq, 'Hello'))).toBe('ok');
    expect(chat.journal.head().seq).toBe(head);
    expect(room.recent(1)[0]?.reactions).toEqual([{ emoji: '👍', count: 1, by: [ada.id] }]);
  });
});

test('a reaction sent twice at once is recorded once', async () => {
  const chat = await TestChat.open();
  const ada = await chat.join('Ada');
  const seq = await chat.say(ada, 'Hello');
  const room = chat.room.now();
  const react = async () => codeOf(await room.react(ada.id, seq, '👍', true));
  expect(await Promise.all([react(), react(), react()])).toEqual(['ok', 'ok', 'ok']);
  expect(chat.journal.head().seq).toBe((seq + 1) as Seq);
});

describe('commands', () => {
  test('help lists what the asker may use', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const help = await chat.command(ada, '/help');
    for (const name of ['/help', '/me', '/nick', '/who', '/topic']) expect(help).toContain(name);
    expect(help).not.toContain('/ban');
    await chat.command(ada, `/keeper ${chat.settings.keeperCode}`);
    expect(await chat.command(ada, '/help')).toContain('/ban');
  });

  test('each does what it says', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    await chat.join('Bob');
    expect(await chat.command(ada, '/me waves')).toBe('said 3');
    expect(chat.room.now().recent(1)).toMatchObject([{ text: 'waves', action: true }]);
    expect(await chat.command(ada, '/nick Grace')).toContain('Grace');
    expect(await chat.command(ada, '/who')).toBe('2 here: Bob, Grace');
    expect(await chat.command(ada, '/topic')).toBe('There is no topic');
    expect(await chat.command(ada, '/topic Comets and cake')).toContain('Comets and cake');
    expect(chat.room.now().info().topic).toBe('Comets and cake');
    expect(await chat.command(ada, '//shrug')).toBe('said 6');
    expect(chat.room.now().recent(1)).toMatchObject([{ text: '/shrug' }]);
  });

  test('what is not understood is refused, with the way to help', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    for (const text of ['/nonsense', '/', '/me', '/nick', '/help me', '/mode sideways']) {
      expect(await chat.command(ada, text)).toBe('BAD_TEXT');
    }
    expect(chat.journal.head().seq).toBe(1 as Seq);
  });

  test('a topic may be the keepers’ alone', async () => {
    const chat = await TestChat.open({ topicBy: 'keepers' });
    const ada = await chat.join('Ada');
    expect(await chat.command(ada, '/topic Mine')).toBe('FORBIDDEN');
    await chat.command(ada, `/keeper ${chat.settings.keeperCode}`);
    expect(await chat.command(ada, '/topic Mine')).toContain('Mine');
  });
});

describe('keeping', () => {
  test('nobody is a keeper without the code, and wrong codes are paced', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    for (const text of ['/kick Ada', '/ban Ada', '/mute Ada', '/mode quiet', '/unban Ada']) {
      expect(await chat.command(ada, text)).toBe('FORBIDDEN');
    }
    for (let guess = 0; guess < limits.guessBurst; guess++) {
      expect(await chat.command(ada, `/keeper admin${guess}`)).toBe('FORBIDDEN');
    }
    expect(await chat.command(ada, `/keeper ${chat.settings.keeperCode}`)).toBe('TOO_FAST');
  });

  test('a ban holds against the id, the nick, and nicks like it, until it is lifted', async () => {
    const chat = await TestChat.open();
    const [ada, bob] = [await chat.join('Ada'), await chat.join('Bob')];
    await chat.command(ada, `/keeper ${chat.settings.keeperCode}`);
    expect(await chat.command(ada, '/ban bob')).toContain('Bob');
    expect(chat.room.now().who(bob.id)).toBeNull();
    expect(codeOf(await chat.tryJoin('BOB'))).toBe('BANNED');
    expect(codeOf(await chat.tryJoin('Robert', bob.id))).toBe('BANNED');
    expect(codeOf(await chat.trySay(bob, 'Hello'))).toBe('NO_SESSION');
    await chat.restart('room');
    expect(codeOf(await chat.tryJoin('Bob'))).toBe('BANNED');
    await chat.command(ada, '/unban Bob');
    expect(codeOf(await chat.tryJoin('Bob'))).toBe('ok');
  });

  test('the muted may read but not write, react, or show as typing', async () => {
    const chat = await TestChat.open();
    const [ada, bob] = [await chat.join('Ada'), await chat.join('Bob')];
    await chat.command(ada, `/keeper ${chat.settings.keeperCode}`);
    const seq = await chat.say(ada, 'Hello');
    await chat.command(ada, '/mute Bob');
    const room = chat.room.now();
    expect(codeOf(await chat.trySay(bob, 'Hi'))).toBe('MUTED');
    expect(codeOf(await room.react(bob.id, seq, '👍', true))).toBe('MUTED');
    expect(codeOf(room.mayType(bob.id))).toBe('MUTED');
    expect(chat.poll(bob, chat.cursor()).isHeld()).toBe(true);
    await chat.command(ada, '/unmute Bob');
    expect(codeOf(await chat.trySay(bob, 'Hi'))).toBe('ok');
  });

  test('a quiet room hears keepers only; a slow one spaces messages', async () => {
    const chat = await TestChat.open();
    const [ada, bob] = [await chat.join('Ada'), await chat.join('Bob')];
    await chat.command(ada, `/keeper ${chat.settings.keeperCode}`);
    await chat.command(ada, '/mode quiet');
    expect(codeOf(await chat.trySay(bob, 'Hi'))).toBe('MUTED');
    expect(codeOf(await chat.trySay(ada, 'Hi'))).toBe('ok');
    await chat.command(ada, '/mode slow 20');
    expect(chat.room.now().info()).toMatchObject({ mode: 'open', slowMs: 20_000 });
    expect(codeOf(await chat.trySay(bob, 'one'))).toBe('ok');
    expect(await chat.trySay(bob, 'two')).toMatchObject({ code: 'TOO_FAST', retryMs: 20_000 });
    await chat.clock.advance(20_000);
    expect(codeOf(await chat.trySay(bob, 'two'))).toBe('ok');
  });

  test('keepers are safe from each other', async () => {
    const chat = await TestChat.open();
    const [ada, bob] = [await chat.join('Ada'), await chat.join('Bob')];
    for (const who of [ada, bob]) await chat.command(who, `/keeper ${chat.settings.keeperCode}`);
    expect(await chat.command(ada, '/kick Bob')).toBe('FORBIDDEN');
  });
});

describe('a restart of the room', () => {
  test('knows what the one before it decided and the disk still keeps waiting', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    chat.journal.pause();
    const left = chat.room.now().leave(ada.id, 'left');
    const taken = chat.room.now().join({ nick: 'Bob', session: null, address: '192.0.2.1' });
    await chat.clock.settle();
    const again = chat.openRoom().then(async () => {
      await chat.room.now().leave(ada.id, 'left');
      return await chat.tryJoin('bob');
    });
    await chat.clock.settle();
    chat.journal.resume();
    await Promise.all([left, taken]);
    expect(codeOf(await again)).toBe('NICK_TAKEN');
    const entries = await chat.journal.read({ after: 0 as Seq, limit: 100 });
    expect(entries.filter(({ entry }) => entry.type === 'leave')).toHaveLength(1);
  });

  test('leaves nobody behind who would record by what was true then', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const closed = chat.room.now();
    await closed.close();
    const refused = await closed.say(
      { id: ada.id, address: '192.0.2.1' },
      { id: '1', text: 'late' },
    );
    expect(refused).toMatchObject({ ok: false, code: 'BUSY' });
  });

  test('finds everything as it was: members, roles, topic, mode, recent messages', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    await chat.command(ada, `/keeper ${chat.settings.keeperCode}`);
    await chat.command(ada, '/topic Comets');
    await chat.command(ada, '/mode slow 5');
    const seq = await chat.say(ada, 'Hello');
    await chat.room.now().edit(ada.id, seq, 'Hello you');
    const tell = () => {
      const room = chat.room.now();
      return [room.members(), room.info(), room.recent(50), room.presence()];
    };
    const before = tell();
    await chat.restart('room');
    expect(tell()).toEqual(before);
    expect(chat.crashes).toEqual([]);
  });
});

describe('at the same instant', () => {
  test('who leaves while they change their nick is gone', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const room = chat.room.now();
    await Promise.all([room.rename(ada.id, 'Grace'), room.leave(ada.id, 'left')]);
    expect(room.presence().online).toBe(0);
    const bob = await chat.join('Bob');
    await Promise.all([room.leave(bob.id, 'left'), room.rename(bob.id, 'Carol')]);
    expect(room.presence().online).toBe(0);
    expect(chat.office.now().load().mailboxes).toBe(0);
  });

  test('who is sent out while they change their nick is gone', async () => {
    const chat = await TestChat.open();
    const [ada, bob] = [await chat.join('Ada'), await chat.join('Bob')];
    await chat.command(ada, `/keeper ${chat.settings.keeperCode}`);
    await Promise.all([chat.room.now().rename(bob.id, 'Carol'), chat.command(ada, '/kick Bob')]);
    expect(chat.room.now().who(bob.id)).toBeNull();
    const dora = await chat.join('Dora');
    await Promise.all([chat.command(ada, '/ban Dora'), chat.room.now().rename(dora.id, 'Eve')]);
    expect(chat.room.now().who(dora.id)).toBeNull();
  });

  test('a retry in slow mode is the same message, also while the first is on its way', async () => {
    const chat = await TestChat.open();
    const [ada, bob] = [await chat.join('Ada'), await chat.join('Bob')];
    await chat.command(ada, `/keeper ${chat.settings.keeperCode}`);
    await chat.command(ada, '/mode slow 3600');
    const both = await Promise.all([chat.trySay(bob, 'Hi', 'one'), chat.trySay(bob, 'Hi', 'one')]);
    expect(both).toMatchObject([{ isRepeat: false }, { isRepeat: true }]);
  });

  test('what is not said in the end costs neither pace nor slow time', async () => {
    const chat = await TestChat.open();
    const [ada, bob] = [await chat.join('Ada'), await chat.join('Bob')];
    await chat.command(ada, `/keeper ${chat.settings.keeperCode}`);
    await chat.command(ada, '/mode slow 3600');
    for (let nr = 0; nr < limits.paceBurst * 2; nr++) {
      const request = { id: `r${nr}`, text: 'Re', replyTo: 999 as Seq };
      const refused = await chat.room.now().say({ id: bob.id, address }, request);
      expect(codeOf(refused)).toBe('NOT_FOUND');
    }
    expect(codeOf(await chat.trySay(bob, 'Hi'))).toBe('ok');
  });

  test('the last member whose coming is told is the one who makes the roster full', async () => {
    const chat = await TestChat.open();
    for (let nr = 0; nr <= limits.rosterMax; nr++) await chat.join(`member ${nr}`);
    const entries = await chat.journal.read({ after: 0 as Seq, limit: 1_000 });
    const quiet = entries.filter(({ entry }) => entry.type === 'join' && entry.quiet === true);
    expect(quiet.map(({ entry }) => entry.seq)).toEqual([(limits.rosterMax + 1) as Seq]);
  });

  test('leaving three times is leaving once', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const room = chat.room.now();
    await Promise.all([1, 2, 3].map(async () => await room.leave(ada.id, 'left')));
    expect(chat.journal.head().seq).toBe(2 as Seq);
  });

  test('slow mode lets one message through, and leaving does not help', async () => {
    const chat = await TestChat.open();
    const [ada, bob] = [await chat.join('Ada'), await chat.join('Bob')];
    await chat.command(ada, `/keeper ${chat.settings.keeperCode}`);
    await chat.command(ada, '/mode slow 60');
    const said = await Promise.all([1, 2, 3, 4].map(async (nr) => await chat.trySay(bob, `${nr}`)));
    expect(said.map(codeOf).toSorted()).toEqual(['TOO_FAST', 'TOO_FAST', 'TOO_FAST', 'ok']);
    await chat.room.now().leave(bob.id, 'left');
    await chat.tryJoin('Bob', bob.id);
    expect(codeOf(await chat.trySay(bob, 'again'))).toBe('TOO_FAST');
  });

  test('a message carries no more kinds of reaction than the limit', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const seq = await chat.say(ada, 'Hello');
    const kinds = Array.from({ length: limits.reactionKindsMax + 10 }, (_, at) =>
      String.fromCodePoint(0x1f600 + at),
    );
    const people = await Promise.all(kinds.map(async (_, at) => await chat.join(`member ${at}`)));
    const react = async (emoji: string, at: number) =>
      codeOf(await chat.room.now().react(people[at]?.id ?? ada.id, seq, emoji, true));
    const codes = await Promise.all(kinds.map(react));
    expect(codes.filter((code) => code === 'ok')).toHaveLength(limits.reactionKindsMax);
  });
});

test('an id of a command or a message is not taken by another, and says so', async () => {
  const chat = await TestChat.open();
  const ada = await chat.join('Ada');
  await chat.command(ada, `/keeper ${chat.settings.keeperCode}`);
  await chat.join('Bob');
  await chat.say(ada, 'Hello', 'one');
  for (const text of ['/nick Grace', '/topic Mine', '/mode quiet', '/mute Bob', '/kick Bob']) {
    expect(codeOf(await chat.trySay(ada, text, 'one'))).toBe('ID_REUSED');
  }
  expect(codeOf(await chat.trySay(ada, '/topic one', 'two'))).toBe('ok');
  expect(codeOf(await chat.trySay(ada, '/topic two', 'two'))).toBe('ID_REUSED');
  expect(chat.room.now().info().topic).toBe('one');
});

test('a blank before a command does not make it a message', async () => {
  const chat = await TestChat.open();
  const ada = await chat.join('Ada');
  expect(await chat.command(ada, `  /keeper ${chat.settings.keeperCode}`)).toContain('keeper');
  expect(chat.room.now().recent(10)).toEqual([]);
});

describe('the list of members', () => {
  test('is paged by nick and found by prefix, without regard to case', async () => {
    const chat = await TestChat.open();
    for (const nick of ['bob', 'Ada', 'adam', 'Carol', 'Zoë']) await chat.join(nick);
    const page = (after: string, prefix = '', limit = 2) => {
      const { members, more } = chat.room.now().membersPage({ after, prefix, limit });
      return [members.map(({ nick }) => nick), more];
    };
    expect(page('')).toEqual([['Ada', 'adam'], true]);
    expect(page('adam')).toEqual([['bob', 'Carol'], true]);
    expect(page('Carol')).toEqual([['Zoë'], false]);
    expect(page('', 'AD', 1)).toEqual([['Ada'], true]);
    expect(page('Ada', 'ad', 5)).toEqual([['adam'], false]);
    expect(page('', 'x')).toEqual([[], false]);
  });
});
