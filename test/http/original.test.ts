/**
 * The weaknesses of the 2009 original, each with its number and as what holds here instead. What
 * the page does about them (17, 24) is also tried with a real browser, in `test/e2e`.
 */
import { expect, test } from 'bun:test';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { formatCursor, parseCursor } from '../../src/protocol/cursor.ts';
import type { Seq } from '../../src/protocol/entries.ts';
import { limits } from '../../src/protocol/limits.ts';
import { keeperCodeFile, readSecrets } from '../../src/chat/secrets.ts';
import { Files } from '../../src/web/files.ts';
import { codeOf, RoomServer, type Guest } from '../kit/room-server.ts';

async function joinMany(room: RoomServer, count: number, prefix = 'n'): Promise<Guest[]> {
  const all: Guest[] = [];
  while (all.length < count) {
    const nicks = Array.from({ length: Math.min(50, count - all.length) }, (_, nr) => nr);
    const joins = nicks.map(async (nr) => await room.join(`${prefix}${all.length + nr}`));
    all.push(...(await Promise.all(joins)));
  }
  return all;
}

interface Load {
  readonly held: number;
  readonly cohorts: number;
  readonly mailboxes: number;
  readonly ringBytes: number;
}

async function loadOf(room: RoomServer): Promise<Load> {
  return (await room.call<{ load: Load }>('GET', '/readyz')).body.load;
}

async function isReady(room: RoomServer): Promise<boolean> {
  return await room.call('GET', '/readyz').then(
    ({ status }) => status === 200,
    () => false,
  );
}

test('1: a batch comes oldest first, whether it was waited for or fetched', async () => {
  await using room = await RoomServer.open();
  const [ada, bob] = [await room.join('ada'), await room.join('bob')];
  const { cursor } = await ada.readOn(ada.cursor);
  const poll = ada.poll(cursor, { hold: 25 });
  await room.held(1);
  const said = await Promise.all(Array.from({ length: 10 }, (_, nr) => bob.say(`${nr}`)));
  const first = await poll;
  const rest = await ada.readOn(first.cursor);
  const seqs = [...first.entries, ...rest.entries].map(({ seq }) => seq);
  expect(seqs).toEqual(said.map(({ seq }) => seq).toSorted((a, b) => a - b));
  expect((await ada.poll(cursor)).entries.map(({ seq }) => seq)).toEqual(seqs);
});

test('2: a cursor ahead of the head is refused at once and does not hang', async () => {
  await using room = await RoomServer.open();
  const ada = await room.join('ada');
  const cursor = parseCursor(ada.cursor)!;
  const ahead = formatCursor({ ...cursor, seq: (cursor.seq + 1_000) as Seq });
  expect(codeOf(await ada.tryPoll(ahead, { hold: 25 }))).toBe('GONE');
  expect((await loadOf(room)).held).toBe(0);
});

test('3: who leaves or is kicked or banned leaves no held poll behind', async () => {
  await using room = await RoomServer.open();
  const keeper = await room.joinKeeper('kay');
  const ends = [
    ['FORBIDDEN', async (one: Guest) => await one.call('POST', '/v1/leave')],
    ['FORBIDDEN', async (one: Guest) => await keeper.command(`/kick ${one.you.nick}`)],
    ['BANNED', async (one: Guest) => await keeper.command(`/ban ${one.you.nick}`)],
  ] as const;
  for (const [nr, [code, end]] of ends.entries()) {
    const one = await room.join(`n${nr}`);
    const { cursor } = await one.readOn(one.cursor);
    const polls = ['a', 'b'].map(async (tab) => await one.tryPoll(cursor, { hold: 25, tab }));
    await room.held(2);
    await end(one);
    for (const answer of await Promise.all(polls)) expect(codeOf(answer)).toBe(code);
    expect((await loadOf(room)).held).toBe(0);
    expect(codeOf(await one.tryPoll(cursor, { hold: 25 }))).toBe(code);
  }
});

test('4: joining, reading the roster and the first poll may come in any order', async () => {
  await using room = await RoomServer.open();
  const tryOut = async (nick: string): Promise<Guest> => {
    const guest = await room.join(nick);
    const [poll, roster, snapshot] = await Promise.all([
      guest.tryPoll(guest.cursor),
      guest.call('GET', '/v1/members'),
      guest.call('GET', '/v1/room'),
    ]);
    expect([poll.status, roster.status, snapshot.status]).toEqual([200, 200, 200]);
    return guest;
  };
  const all = await Promise.all(Array.from({ length: 30 }, (_, nr) => tryOut(`n${nr}`)));
  const { seq } = await all[0]!.say('hello');
  for (const one of all) {
    const { entries } = await one.readOn(one.cursor);
    expect(entries.at(-1)?.seq).toBe(seq);
  }
  expect(room.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
});

test('5: a reload brings what was said, and the same member', async () => {
  await using room = await RoomServer.open();
  const ada = await room.join('ada');
  await ada.say('before the reload');
  const headers = { Cookie: `encke=${ada.token}` };
  const { body } = await room.call('GET', '/v1/room', { headers });
  expect(body).toMatchObject({ you: ada.you, entries: [{ text: 'before the reload' }] });
});

test('6: a message is kept once, not once for each member, and memory has a bound', async () => {
  await using room = await RoomServer.open();
  const ada = await room.join('ada');
  const costOf = async (): Promise<number> => {
    const before = (await loadOf(room)).ringBytes;
    await ada.say('x'.repeat(1_000));
    return (await loadOf(room)).ringBytes - before;
  };
  const alone = await costOf();
  await joinMany(room, 60);
  expect((await loadOf(room)).mailboxes).toBe(61);
  expect(await costOf()).toBeWithin(alone - 10, alone + 10);
  // The bound itself: `src/chat/ring.test.ts`.
  expect(limits.ringBytesMax).toBeLessThanOrEqual(16 * 1024 * 1024);
});

test.each(['room', 'post-office', 'journal', 'web'] as const)(
  '7: a crash of the post office, mailbox or room leaves no zombie that polls for ever (%s)',
  async (service) => {
    await using room = await RoomServer.open();
    const [writer, ...readers] = await joinMany(room, 10);
    const { cursor } = await writer!.readOn(writer!.cursor);
    const seen = readers.map(async (reader) => await readTwo(reader, cursor));
    await room.held(readers.length);
    const said = [(await writer!.say('before')).seq];
    room.server.crash(service);
    await room.until(async () => await isReady(room));
    said.push((await writer!.say('after')).seq);
    for (const seqs of await Promise.all(seen)) expect(seqs).toEqual(said);
    expect((await room.snapshot()).live.online).toBe(10);
    await room.until(async () => (await loadOf(room)).held === 0);
  },
);

/** A client as it should be: it polls again with what it has, and never joins again. */
async function readTwo(reader: Guest, after: string): Promise<number[]> {
  const seqs: number[] = [];
  for (let cursor = after; seqs.length < 2;) {
    const answer = await reader.tryPoll(cursor, { hold: 25 }).catch(() => null);
    if (answer?.status === 200) {
      seqs.push(...answer.body.entries.map(({ seq }) => seq));
      cursor = answer.body.cursor;
      continue;
    }
    if (answer !== null && codeOf(answer) !== 'BUSY') throw new Error(answer.text);
    await Bun.sleep(20);
  }
  return seqs;
}

test('8: no wait is without an end: a poll to which nothing happens is answered', async () => {
  await using room = await RoomServer.open();
  const ada = await room.join('ada');
  const { cursor } = await ada.readOn(ada.cursor);
  const poll = ada.poll(cursor, { hold: 999_999_999 });
  await room.held(1);
  room.clock.leap(limits.holdMsMax);
  expect((await poll).entries).toEqual([]);
  expect((await loadOf(room)).held).toBe(0);
});

test('9: what was answered with 201 is there, what is not there was refused by name', async () => {
  await using room = await RoomServer.open();
  const [ada, bob] = [await room.join('ada'), await room.joinKeeper('bob')];
  room.clock.freeze();
  const texts = Array.from({ length: 25 }, (_, nr) => `text ${nr}`);
  const answers = await Promise.all(texts.map(async (text) => await ada.trySay(text)));
  await bob.command('/mode quiet');
  answers.push(await ada.trySay('in a quiet room'));
  const accepted = answers.filter(({ status }) => status === 201).map(({ body }) => body.seq);
  const refused = answers.filter(({ status }) => status !== 201).map((answer) => codeOf(answer));
  expect(accepted).toHaveLength(limits.paceBurst);
  expect(new Set(refused)).toEqual(new Set(['TOO_FAST', 'MUTED']));
  const { entries } = await ada.history('');
  expect(entries.map(({ seq }) => seq)).toEqual(accepted.toSorted((a, b) => a - b));
});

test('10: no cache may keep the answer to a poll, nor a refusal', async () => {
  await using room = await RoomServer.open();
  const ada = await room.join('ada');
  const answers = [
    await ada.tryPoll(ada.cursor),
    await ada.tryPoll('nonsense'),
    await room.call('GET', `/v1/poll?after=${ada.cursor}`),
    await ada.call('POST', '/v1/poll', { body: { after: ada.cursor, hold: 0 } }),
    await room.call('GET', '/v1/room'),
    await room.call('GET', '/v1/messages'),
  ];
  for (const { headers } of answers) {
    expect(headers.get('cache-control')).toBe('no-store, no-transform');
    for (const name of ['etag', 'last-modified', 'expires']) expect(headers.get(name)).toBeNull();
  }
});

test('11: one connection carries poll after poll', async () => {
  await using room = await RoomServer.open();
  const [ada, bob] = [await room.join('ada'), await room.join('bob')];
  const raw = await room.connect();
  let { cursor } = await ada.readOn(ada.cursor);
  for (let nr = 0; nr < 5; nr++) {
    const lines = ['Host: a', `Authorization: Bearer ${ada.token}`].join('\r\n');
    raw.send(`GET /v1/poll?after=${cursor}&hold=25 HTTP/1.1\r\n${lines}\r\n\r\n`);
    await room.held(1);
    await bob.say(`${nr}`);
    const answer = await raw.next();
    expect(answer?.headers.get('connection') ?? 'keep-alive').toBe('keep-alive');
    ({ cursor } = JSON.parse(answer?.body ?? '{}') as { cursor: string });
  }
});

test('12: who waits stands with all who wait for the same, not in a list to walk', async () => {
  await using room = await RoomServer.open();
  const all = await joinMany(room, 60);
  const { cursor } = await all[0]!.readOn(all[0]!.cursor);
  const polls = all.map(async (one) => await one.tryPoll(cursor, { hold: 25 }));
  await room.held(60);
  expect((await loadOf(room)).cohorts).toBe(1);
  await all[0]!.say('hello');
  // Everybody in a cohort is given the same bytes.
  expect(new Set((await Promise.all(polls)).map(({ text }) => text)).size).toBe(1);
});

test('13: in a big room a join wakes nobody, and is sent to nobody', async () => {
  await using room = await RoomServer.open();
  const all = await joinMany(room, limits.rosterMax + 1);
  const { cursor } = await all[0]!.readOn(all[0]!.cursor);
  let answered = 0;
  const polls = all.slice(0, 20).map(async (one) => {
    const reply = await one.poll(cursor, { hold: 25 });
    answered++;
    return reply;
  });
  await room.held(20);
  await joinMany(room, 10, 'late');
  expect([answered, (await loadOf(room)).held]).toEqual([0, 20]);
  const { seq } = await all[0]!.say('hello');
  for (const { entries } of await Promise.all(polls)) {
    expect(entries.map((entry) => entry.seq)).toEqual([seq]);
  }
});

test('14: no poll is held longer than 25 s, which is less than proxies allow', async () => {
  await using room = await RoomServer.open();
  const ada = await room.join('ada');
  const { cursor } = await ada.readOn(ada.cursor);
  const polls = [26, 60, 3_600].map(
    async (hold) => await ada.poll(cursor, { hold, tab: `${hold}` }),
  );
  await room.held(3);
  room.clock.leap(25_000);
  for (const { next } of await Promise.all(polls)) expect(next.hold).toBe(25);
});

test('15: a page view reads, packs and names nothing: that was done at the start', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'encke-page-'));
  const page = `<!doctype html>${'<p>page'.repeat(100)}`;
  writeFileSync(join(folder, 'index.html'), page);
  writeFileSync(join(folder, 'index.html.br'), brotliCompressSync(page));
  await using room = await RoomServer.open({ files: Files.read(folder) });
  rmSync(folder, { recursive: true });
  const first = await room.call('GET', '/');
  expect(first.status).toBe(200);
  expect(first.text).toStartWith('<!doctype html><p>page');
  const taking = async (accepted: string) =>
    await room.call('GET', '/', { headers: { 'Accept-Encoding': accepted } });
  for (const [accepted, encoding] of [
    ['br, gzip', 'br'],
    ['br;q=0, gzip', 'gzip'],
    ['identity', null],
  ] as const) {
    const { headers, text } = await taking(accepted);
    expect([headers.get('content-encoding'), text]).toEqual([encoding, page]);
  }
  const headers = { 'If-None-Match': first.headers.get('etag') ?? '' };
  const again = await room.call('GET', '/', { headers });
  expect([again.status, again.text]).toEqual([304, '']);
});

test('16: sessions cannot be guessed, the cookie is guarded, no GET logs anybody out', async () => {
  await using room = await RoomServer.open();
  const tokens = (await joinMany(room, 50)).map(({ token }) => token);
  const ids = tokens.map((token) => token.slice(0, 16));
  // Ids that count up would share their beginnings.
  expect(new Set(ids.map((id) => id.slice(0, 4))).size).toBeGreaterThan(45);
  const { headers } = await room.call('POST', '/v1/join', { body: { nick: 'ada' } });
  expect(headers.getSetCookie()[0]).toMatch(/; HttpOnly; SameSite=Lax; Path=\/; /);
  const cookie = headers.getSetCookie()[0]!.split(';')[0]!;
  for (const path of ['/v1/leave', '/v1/leave?tab=a', '/leave', '/logout']) {
    const answer = await room.call('GET', path, { headers: { Cookie: cookie } });
    expect(answer.status).toBeOneOf([404, 405]);
  }
  expect((await room.snapshot()).live.online).toBe(51);
});

test('17: whatever people write comes as data, never as markup', async () => {
  const title = '<img src=x onerror=alert(1)>';
  await using room = await RoomServer.open({ title });
  const evil = '<script>alert("&")</script>';
  const refused = await room.call('POST', '/v1/join', { body: { nick: '<b>x</b>' } });
  expect(codeOf(refused)).toBe('BAD_NICK');
  const ada = await room.join('ada');
  await ada.say(evil);
  await ada.command(`/topic ${evil}`);
  const answers = [
    refused,
    await ada.tryPoll(ada.cursor),
    await room.call('GET', '/v1/room'),
    await room.call('GET', `/${encodeURIComponent(evil)}`),
  ];
  for (const { headers } of answers) {
    expect(headers.get('content-type')).toMatch(/^application\/(problem\+)?json; charset=utf-8$/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  }
  expect(await room.snapshot()).toMatchObject({
    room: { title, topic: evil },
    entries: [{ text: evil }],
  });
});

test('18: every installation makes a code of its own, and no other opens anything', async () => {
  await using first = await RoomServer.open({ keeperCode: null });
  await using second = await RoomServer.open({ keeperCode: null });
  const codes = [first, second].map(
    ({ data }) => readSecrets(data, (count) => new Uint8Array(count)).keeperCode,
  );
  expect(codes[0]).not.toBe(codes[1]!);
  expect(statSync(join(first.data, keeperCodeFile)).mode & 0o077).toBe(0);
  const ada = await first.join('ada');
  for (const code of ['admin', 'password', 'encke', 'changeme', '12345678', codes[1]!]) {
    const body = { id: first.newId(), text: `/keeper ${code}` };
    expect(codeOf(await ada.call('POST', '/v1/messages', { body }))).toBe('FORBIDDEN');
  }
  expect(await ada.command(`/keeper ${codes[0]!}`)).toStartWith('You are a keeper now');
});

test('19: a nick with a line break is none, and in another case or look it is taken', async () => {
  await using room = await RoomServer.open();
  await room.join('Ada');
  const code = async (nick: string) =>
    codeOf(await room.call('POST', '/v1/join', { body: { nick } }));
  for (const nick of ['bob\n', '\nbob', 'bob\r\n', 'b\tob', 'bob\u2028']) {
    expect([nick, await code(nick)]).toEqual([nick, 'BAD_NICK']);
  }
  for (const nick of ['ada', 'ADA', ' Ada ', 'Аda', 'Ａｄａ']) {
    expect([nick, await code(nick)]).toEqual([nick, 'NICK_TAKEN']);
  }
});

test('20: no text is cut, in the middle of a character or elsewhere', async () => {
  await using room = await RoomServer.open();
  const ada = await room.join('ada');
  const whole = '😀'.repeat(2_000);
  const body = Buffer.from(JSON.stringify({ id: 'a', text: whole, token: ada.token }));
  const raw = await room.connect();
  const head = `POST /v1/messages HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n`;
  raw.send(`${head}Content-Length: ${body.length}\r\n\r\n`);
  // In two pieces, the first of which ends within a character.
  const middle = body.indexOf('😀') + 4_002;
  raw.send(body.subarray(0, middle));
  await room.seq();
  raw.send(body.subarray(middle));
  expect((await raw.next())?.status).toBe(201);
  expect((await ada.poll(ada.cursor)).entries).toMatchObject([{ text: whole }]);
  expect((await room.snapshot()).entries).toMatchObject([{ text: whole }]);
  expect(codeOf(await ada.trySay(`${whole}😀`))).toBe('BAD_TEXT');
  expect(codeOf(await ada.trySay('x'.repeat(2_001)))).toBe('BAD_TEXT');
});

test('21: who keeps to the pace is never refused, however long they go on', async () => {
  await using room = await RoomServer.open();
  const ada = await room.join('ada');
  for (let nr = 0; nr < limits.paceBurst; nr++) await ada.say(`at once ${nr}`);
  for (let nr = 0; nr < 60; nr++) {
    room.clock.leap(limits.paceMs);
    expect((await ada.trySay(`steady ${nr}`)).status).toBe(201);
  }
});

test('22: time does not run over: not after months, nor with the largest numbers', async () => {
  await using room = await RoomServer.open();
  room.clock.freeze();
  // Beyond what 31 and 32 bits count in milliseconds.
  for (const days of [25, 26, 365]) {
    room.clock.leap(days * 24 * 60 * 60 * 1_000);
    const [ada, bob] = [await room.join(`ada ${days}`), await room.join(`bob ${days}`)];
    expect(ada.joined.expires - room.clock.now()).toBeWithin(86_000_000, 86_400_001);
    const { cursor } = await ada.readOn(ada.cursor);
    const poll = ada.poll(cursor, { hold: 999_999_999_999_999, turn: 999_999_999_999_999 });
    await room.held(1);
    const said = await bob.say('hello');
    const { entries } = await poll;
    expect(entries.map(({ seq }) => seq)).toContain(said.seq);
    for (let nr = 1; nr < limits.paceBurst; nr++) await bob.say(`${nr}`);
    const refused = await bob.trySay('too fast');
    expect(codeOf(refused)).toBe('TOO_FAST');
    expect(refused.headers.get('retry-after')).toBe('1');
  }
});

test('23: a classroom behind one address comes in at once, and talks', async () => {
  await using room = await RoomServer.open({ addressLimits: true });
  const pupils = await joinMany(room, 90);
  const answers = await Promise.all(pupils.map(async (pupil) => await pupil.trySay('here')));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
  const { cursor } = await pupils[0]!.readOn((await room.snapshot()).cursor);
  const polls = pupils.map(async (pupil) => await pupil.poll(cursor, { hold: 25 }));
  await room.held(90);
  await pupils[0]!.say('good morning');
  for (const { entries } of await Promise.all(polls)) expect(entries).toHaveLength(1);
});

// That the page can be used by keyboard and is read aloud properly is shown in `test/e2e`.
test('24: what was said outlives the server, with who said it, and can be changed', async () => {
  const data = mkdtempSync(join(tmpdir(), 'encke-kept-'));
  try {
    const before = await RoomServer.open({ data });
    const ada = await before.join('ada');
    const said = await ada.say('helo');
    await ada.command('/topic comets');
    const { cursor } = await ada.readOn(ada.cursor);
    await before.close();

    await using after = await RoomServer.open({ data });
    const snapshot = await after.snapshot(ada.token);
    expect(snapshot).toMatchObject({
      room: { topic: 'comets' },
      entries: [{ seq: said.seq, at: said.at, text: 'helo', by: ada.you }],
      you: ada.you,
    });
    const { token } = ada;
    const path = `/v1/messages/${said.seq}`;
    const edited = await after.call('PATCH', path, { token, body: { text: 'hello' } });
    expect(edited.body).toMatchObject({ seq: said.seq, text: 'hello' });
    const poll = await after.call('GET', `/v1/poll?after=${cursor}&hold=25`, { token });
    expect(poll.body).toMatchObject({ entries: [{ type: 'edit', of: said.seq, text: 'hello' }] });
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
});
