/** Keeping order: who becomes a keeper, what keepers may do, and who hears of it. */
import { describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, RoomServer, type Guest } from '../kit/room-server.ts';

/** Everything that somebody can get to read of the room, as one text. */
async function allThat(reader: Guest | RoomServer): Promise<string> {
  const paths = ['/v1/room', '/v1/messages', '/v1/messages?after=0', '/v1/messages?around=5'];
  const more = ['/v1/members', '/metrics', '/readyz'];
  const answers = [];
  for (const path of [...paths, ...more]) answers.push((await reader.call('GET', path)).text);
  if (!(reader instanceof RoomServer)) answers.push((await reader.tryPoll(reader.cursor)).text);
  return answers.join('\n');
}

async function command(who: Guest, text: string): Promise<string> {
  const answer = await who.call<{ reply?: string }>('POST', '/v1/messages', {
    body: { id: who.room.newId(), text },
  });
  return answer.body.reply ?? codeOf(answer);
}

describe('a keeper', () => {
  test('is who knows the code in the data folder, and is told so', async () => {
    await using room = await RoomServer.open({ keeperCode: null });
    const code = readFileSync(join(room.data, 'keeper.code'), 'utf8').trim();
    const [ada, bob] = [await room.join('ada'), await room.join('bob')];
    const poll = ada.poll((await ada.poll(ada.cursor)).cursor, { hold: 25 });
    await room.held(1);
    expect(await command(ada, `/keeper ${code}`)).toStartWith('You are a keeper now');
    const reply = await poll;
    const keeper = { ...ada.you, role: 'keeper' as const };
    expect(reply.you).toEqual(keeper);
    expect(reply.entries).toMatchObject([{ type: 'member', member: keeper, was: ada.you }]);
    expect((await bob.snapshot()).members).toEqual([keeper, bob.you]);
    expect(await command(ada, '/help')).toContain('/ban NICK: sends somebody out for good');
    expect(await command(bob, '/help')).not.toContain('/ban');
    for (const text of [await allThat(bob), await allThat(room), JSON.stringify(room.log.lines)]) {
      expect(text).not.toContain(code);
    }
  });

  test('is not who guesses, and guessing is slowed down', async () => {
    await using room = await RoomServer.open();
    const ada = await room.join('ada');
    const replies: string[] = [];
    for (let nr = 0; nr < 12; nr++) replies.push(await command(ada, `/keeper guess-${nr}`));
    expect(replies.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'FORBIDDEN'));
    expect(replies.slice(10)).toEqual(['TOO_FAST', 'TOO_FAST']);
    expect((await ada.snapshot()).you?.role).toBe('member');
  });

  test('alone may keep order', async () => {
    await using room = await RoomServer.open();
    const [ada, kay] = [await room.join('ada'), await room.joinKeeper('kay')];
    await room.join('bob');
    const texts = ['kick bob', 'ban bob', 'unban bob', 'mute bob', 'unmute bob', 'mode quiet'];
    for (const text of texts) expect(await command(ada, `/${text}`)).toBe('FORBIDDEN');
    expect(await command(kay, '/kick kay')).toBe('FORBIDDEN');
    expect(await command(kay, '/kick nobody')).toBe('NOT_FOUND');
    expect(await command(kay, '/mode loud')).toBe('BAD_TEXT');
    expect(await command(kay, '/mode slow 0')).toBe('BAD_TEXT');
    expect(await command(kay, '/kick')).toBe('BAD_TEXT');
  });

  test('who left is none when they come back; one who lapsed still is', async () => {
    await using room = await RoomServer.open();
    const [kay, kim] = [await room.joinKeeper('kay'), await room.joinKeeper('kim')];
    await kay.call('POST', '/v1/leave');
    room.clock.leap(60_000);
    await room.until(async () => (await room.snapshot()).live.online === 0);
    const roleOf = async (one: Guest) =>
      (await one.call('POST', '/v1/join', { body: { nick: one.you.nick } })).body;
    expect(await roleOf(kay)).toMatchObject({ you: { role: 'member' } });
    expect(await roleOf(kim)).toMatchObject({ you: { role: 'keeper' } });
  });
});

test('a kick sends somebody out at once, and they may come back', async () => {
  await using room = await RoomServer.open();
  const [kay, bob, ada] = [
    await room.joinKeeper('kay'),
    await room.join('bob'),
    await room.join('ada'),
  ];
  const { cursor } = await bob.poll(bob.cursor);
  const poll = bob.tryPoll(cursor, { hold: 25 });
  await room.held(1);
  expect(await command(kay, '/kick bob')).toBe('"bob" was sent out');
  expect(codeOf(await poll)).toBe('FORBIDDEN');
  expect(codeOf(await bob.trySay('what?'))).toBe('NO_SESSION');
  const { entries } = await ada.poll(ada.cursor);
  expect(entries).toMatchObject([{ type: 'leave', member: bob.you, reason: 'kicked' }]);
  expect((await bob.call('POST', '/v1/join', { body: { nick: 'bob' } })).status).toBe(201);
});

test('a ban keeps somebody out by session and by nick, until it is lifted', async () => {
  await using room = await RoomServer.open();
  const [kay, bob] = [await room.joinKeeper('kay'), await room.join('bob')];
  const poll = bob.tryPoll((await bob.poll(bob.cursor)).cursor, { hold: 25 });
  await room.held(1);
  expect(await command(kay, '/ban bob')).toContain('ban "bob"');
  expect(codeOf(await poll)).toBe('BANNED');
  for (const [token, nick] of [
    [bob.token, 'robert'],
    [bob.token, 'bob'],
    [undefined, 'Bob'],
    [undefined, 'b\u043eb'],
  ] as const) {
    const options = { body: { nick }, ...(token === undefined ? {} : { token }) };
    expect([nick, codeOf(await room.call('POST', '/v1/join', options))]).toEqual([nick, 'BANNED']);
  }
  expect((await room.snapshot()).members).toMatchObject([{ nick: 'kay' }]);
  expect(await command(kay, '/unban bob')).toContain('unban "bob"');
  expect((await bob.call('POST', '/v1/join', { body: { nick: 'bob' } })).status).toBe(201);
});

test('a ban holds after a restart of the room', async () => {
  await using room = await RoomServer.open();
  const [kay, bob] = [await room.joinKeeper('kay'), await room.join('bob')];
  await command(kay, '/ban bob');
  room.server.crash('room');
  await room.until(async () => (await room.call('GET', '/readyz')).status === 200);
  expect(codeOf(await bob.call('POST', '/v1/join', { body: { nick: 'bob' } }))).toBe('BANNED');
});

test('a banned nick cannot be taken by renaming either', async () => {
  await using room = await RoomServer.open();
  const [kay, ada] = [await room.joinKeeper('kay'), await room.join('ada')];
  await room.join('bob');
  await command(kay, '/ban bob');
  expect(await command(ada, '/nick bob')).toBe('BANNED');
});

test('a mute takes the right to write, change, react and type, but not to read', async () => {
  await using room = await RoomServer.open();
  const [kay, bob] = [await room.joinKeeper('kay'), await room.join('bob')];
  const { seq } = await bob.say('hello');
  await command(kay, '/mute bob');
  const path = `/v1/messages/${seq}`;
  expect(codeOf(await bob.trySay('?'))).toBe('MUTED');
  expect(await command(bob, '/me waves')).toBe('MUTED');
  expect(await command(bob, '/topic mine')).toBe('MUTED');
  expect(codeOf(await bob.call('PATCH', path, { body: { text: '?' } }))).toBe('MUTED');
  expect(codeOf(await bob.call('PUT', `${path}/reactions/%F0%9F%91%8D`))).toBe('MUTED');
  expect(codeOf(await bob.call('POST', '/v1/typing'))).toBe('MUTED');
  expect((await bob.call('DELETE', path)).status).toBe(204);
  expect((await bob.tryPoll(bob.cursor)).status).toBe(200);
  await command(kay, '/unmute bob');
  expect((await bob.trySay('thank you')).status).toBe(201);
});

test('another nick takes nobody out of a mute', async () => {
  await using room = await RoomServer.open();
  const [kay, bob] = [await room.joinKeeper('kay'), await room.join('bob')];
  await command(kay, '/mute bob');
  await command(bob, '/nick robert');
  expect(codeOf(await bob.trySay('?'))).toBe('MUTED');
  expect(await command(kay, '/unmute robert')).toContain('unmute');
  expect((await bob.trySay('thank you')).status).toBe(201);
});

test('who came back as another under a muted nick is told when that is over', async () => {
  await using room = await RoomServer.open();
  const [kay, eve] = [await room.joinKeeper('kay'), await room.join('eve')];
  await command(kay, '/mute eve');
  await eve.call('POST', '/v1/leave');
  const again = await room.join('Eve');
  expect(codeOf(await again.trySay('?'))).toBe('MUTED');
  await command(kay, '/unmute eve');
  const { entries } = await again.poll(again.cursor);
  const told = entries.flatMap((entry) => (entry.type === 'notice' ? [entry.text] : []));
  expect(told).toEqual(['You may write again']);
  expect((await again.trySay('thank you')).status).toBe(201);
});

test('in a quiet room only keepers write; in a slow one members wait, and it is told', async () => {
  await using room = await RoomServer.open();
  const [kay, bob] = [await room.joinKeeper('kay'), await room.join('bob')];
  await command(kay, '/mode quiet');
  expect((await room.snapshot()).room).toMatchObject({ mode: 'quiet', slowMs: 0 });
  expect(codeOf(await bob.trySay('?'))).toBe('MUTED');
  await kay.say('silence');
  await command(kay, '/mode slow 60');
  expect((await room.snapshot()).room).toMatchObject({ mode: 'open', slowMs: 60_000 });
  const { entries } = await bob.poll(bob.cursor);
  expect(entries).toMatchObject([
    { type: 'mode', mode: 'quiet', slowMs: 0, by: { nick: 'kay' } },
    { type: 'message' },
    { type: 'mode', mode: 'open', slowMs: 60_000 },
  ]);
  await bob.say('one');
  const refused = await bob.trySay('two');
  expect(codeOf(refused)).toBe('TOO_FAST');
  expect(Number(refused.headers.get('retry-after'))).toBeWithin(55, 61);
  await kay.say('keepers');
  await kay.say('do not wait');
  room.clock.leap(13_000);
  await bob.snapshot();
  room.clock.leap(13_000);
  await bob.snapshot();
  room.clock.leap(34_000);
  expect((await bob.trySay('two')).status).toBe(201);
});

test('a topic may be the keepers’ alone', async () => {
  await using room = await RoomServer.open({ topicBy: 'keepers' });
  const [kay, bob] = [await room.joinKeeper('kay'), await room.join('bob')];
  expect(await command(bob, '/topic mine')).toBe('FORBIDDEN');
  expect(await command(kay, '/topic comets')).toBe('The topic is now: comets');
  expect(await command(bob, '/topic')).toBe('The topic is: comets');
});

describe('what is addressed', () => {
  test('to one member reaches that member, at once, and nobody else', async () => {
    await using room = await RoomServer.open();
    const [kay, bob, ada] = [
      await room.joinKeeper('kay'),
      await room.join('bob'),
      await room.join('ada'),
    ];
    const poll = bob.poll((await bob.readOn(bob.cursor)).cursor, { hold: 25 });
    await room.held(1);
    await command(kay, '/mute bob');
    const notice = { type: 'notice', text: 'A keeper has muted you', to: bob.you.id };
    expect((await poll).entries).toMatchObject([notice] as never);
    expect((await bob.history('after=0')).entries).toContainEqual(expect.objectContaining(notice));
    expect((await bob.poll(bob.cursor)).entries).toContainEqual(expect.objectContaining(notice));
    for (const reader of [ada, kay, room]) {
      expect(await allThat(reader)).not.toContain('A keeper has muted you');
    }
    expect(JSON.stringify(room.log.lines)).not.toContain('muted you');
  });

  test('to keepers reaches keepers, at once, not the one it is about, nor others', async () => {
    await using room = await RoomServer.open();
    const [kay, kim] = [await room.joinKeeper('kay'), await room.joinKeeper('kim')];
    const [bob, ada] = [await room.join('bob'), await room.join('ada')];
    const poll = kim.poll((await kim.readOn(kim.cursor)).cursor, { hold: 25 });
    await room.held(1);
    await command(kay, '/mute bob');
    const by = { ...kay.you, role: 'keeper' };
    const sanction = { type: 'sanction', what: 'mute', member: bob.you, by, for: 'keepers' };
    expect((await poll).entries).toMatchObject([sanction] as never);
    for (const reader of [kay, kim]) {
      const { entries } = await reader.history('after=0');
      expect(entries).toContainEqual(expect.objectContaining(sanction));
    }
    for (const reader of [bob, ada, room]) {
      expect(await allThat(reader)).not.toMatch(/"sanction"|"keepers"/);
    }
  });

  test('wakes no poll of anybody else, and does not shift what they read', async () => {
    await using room = await RoomServer.open();
    const kay = await room.joinKeeper('kay');
    const [ada] = [await room.join('ada'), await room.join('bob')];
    const { cursor } = await ada.readOn(ada.cursor);
    const poll = ada.poll(cursor, { hold: 25 });
    await room.held(1);
    await command(kay, '/mute bob');
    await room.held(1);
    const { seq } = await kay.say('hello');
    const reply = await poll;
    expect(reply.entries).toMatchObject([{ type: 'message', seq }]);
  });

  test('stays so after each part was started again', async () => {
    await using room = await RoomServer.open();
    const [kay, bob, ada] = [
      await room.joinKeeper('kay'),
      await room.join('bob'),
      await room.join('ada'),
    ];
    await command(kay, '/mute bob');
    for (const service of ['room', 'post-office', 'journal'] as const) {
      room.server.crash(service);
      await room.until(async () => (await room.call('GET', '/readyz')).status === 200);
      expect(await allThat(ada)).not.toMatch(/muted you|"sanction"/);
      const { entries } = await bob.poll(bob.cursor);
      expect(entries.map(({ type }) => type)).toContain('notice');
      expect(entries.map(({ type }) => type)).not.toContain('sanction');
      const kept = await kay.poll(kay.cursor);
      expect(kept.entries.map(({ type }) => type)).toContain('sanction');
    }
  });
});
