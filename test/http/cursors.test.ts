/** The rules of cursors, one after the other, each numbered as in docs/protocol.md. */
import { expect, test } from 'bun:test';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatCursor, parseCursor, type Cursor } from '../../src/protocol/cursor.ts';
import type { Epoch, Hash, Seq, WireEntry } from '../../src/protocol/entries.ts';
import { limits } from '../../src/protocol/limits.ts';
import { codeOf, RoomServer, type Guest } from '../kit/room-server.ts';

/** The same cursor but for some of its parts. */
function changed(cursor: string, parts: Partial<Cursor>): string {
  const read = parseCursor(cursor);
  if (read === null) throw new Error(`"${cursor}" is no cursor`);
  return formatCursor({ ...read, ...parts });
}

function seqOf(cursor: string): number {
  return parseCursor(cursor)?.seq ?? Number.NaN;
}

function seqsOf(entries: readonly WireEntry[]): number[] {
  return entries.map((entry) => entry.seq);
}

/** New members say `each` things each, all at once. Answers with the seqs, ascending. */
async function fill(room: RoomServer, members: number, each: number, text = 'filler') {
  const crowd = await Promise.all(
    Array.from({ length: members }, (_, nr) => room.join(`filler ${room.newId()} ${nr}`)),
  );
  const said = await Promise.all(
    crowd.flatMap((one) => Array.from({ length: each }, (_, nr) => one.say(`${nr}${text}`))),
  );
  return said.map(({ seq }) => seq as number).sort((a, b) => a - b);
}

/** Every message after a seq, by pages of history. */
async function historyAfter(guest: Guest, after: number): Promise<number[]> {
  const seqs: number[] = [];
  for (let from = after; ;) {
    const page = await guest.history(`after=${from}&limit=200`);
    seqs.push(...page.entries.filter(({ type }) => type === 'message').map(({ seq }) => seq));
    if (!page.more) return seqs;
    from = page.entries.at(-1)!.seq;
  }
}

test('1: every cursor is at most 64 URL-safe characters', async () => {
  await using room = await RoomServer.open();
  const ada = await room.join('ada');
  await ada.say('a');
  const { cursor: ofSnapshot } = await room.snapshot();
  const { cursor: ofPoll } = await ada.poll(ada.cursor);
  for (const cursor of [ada.cursor, ofSnapshot, ofPoll]) {
    expect(cursor).toMatch(/^[A-Za-z0-9._~-]{1,64}$/);
  }
  expect(ofPoll).not.toBe(ada.cursor);
});

test('2: a reply covers the range after its cursor, ascending, and says so', async () => {
  await using room = await RoomServer.open();
  const ada = await room.join('ada');
  const said = [await ada.say('a'), await ada.say('b'), await ada.say('c')];
  const reply = await ada.poll(ada.cursor);
  expect(reply.from as number).toBe(seqOf(ada.cursor));
  expect(seqsOf(reply.entries)).toEqual(said.map(({ seq }) => seq));
  expect(reply.to).toBe(said[2]!.seq);
  expect(seqOf(reply.cursor)).toBe(reply.to);
  const next = await ada.poll(reply.cursor);
  expect(next).toMatchObject({ from: reply.to, to: reply.to, entries: [], cursor: reply.cursor });
});

test('2: a range covers what is for others, which is not sent', async () => {
  await using room = await RoomServer.open();
  const ada = await room.join('ada');
  const keeper = await room.joinKeeper('kay');
  await room.join('bob');
  const { cursor } = await ada.readOn(ada.cursor);
  await keeper.command('/mute bob');
  const last = await ada.say('after');
  const reply = await ada.poll(cursor);
  expect(seqsOf(reply.entries)).toEqual([last.seq]);
  expect(reply).toMatchObject({ from: seqOf(cursor), to: last.seq });
  expect(last.seq - reply.from).toBe(3);
});

test('3: the same cursor brings the same bytes, as often as it is sent', async () => {
  await using room = await RoomServer.open();
  const [ada, bob] = [await room.join('ada'), await room.join('bob')];
  await ada.say('one');
  await bob.say('two');
  const first = await ada.tryPoll(bob.cursor);
  const second = await ada.tryPoll(bob.cursor);
  const others = await bob.tryPoll(bob.cursor);
  expect(first.text).toBe(second.text);
  expect(JSON.parse(others.text).entries).toEqual(first.body.entries);
  await ada.say('three');
  const later = await ada.poll(bob.cursor);
  expect(later.entries.slice(0, 2)).toEqual([...first.body.entries]);
  expect(later.entries).toHaveLength(3);
});

test('4: 200 entries behind brings all of them, 201 the newest 100 and a gap', async () => {
  await using room = await RoomServer.open();
  const reader = await room.join('reader');
  const seqs = await fill(room, 20, 10);
  const { entries } = await reader.readOn((await room.snapshot()).cursor);
  expect(entries).toEqual([]);
  // The twenty who joined are entries as well: the cursor stands behind the last of them.
  const page = await reader.history(`after=${seqs[0]! - 1}&limit=200`);
  expect(page.entries).toHaveLength(200);
  const start = await room.join('starter');
  const more = await fill(room, 18, 10);
  expect(more).toHaveLength(180);
  const all = await start.poll(start.cursor);
  expect(all.gap).toBeUndefined();
  expect(all.entries).toHaveLength(198);
  const two = [await reader.say('199'), await reader.say('200')];
  const whole = await start.poll(start.cursor);
  expect(whole.gap).toBeUndefined();
  expect(seqsOf(whole.entries).slice(-2)).toEqual(two.map(({ seq }) => seq));
  expect(whole.entries).toHaveLength(200);
  const last = await reader.say('201');
  const cut = await start.poll(start.cursor);
  expect(cut.entries).toHaveLength(100);
  expect(cut.gap).toEqual({ from: seqOf(start.cursor) as Seq, to: cut.from });
  expect(cut.entries[0]!.seq as number).toBe(cut.from + 1);
  expect(cut.entries.at(-1)!.seq).toBe(last.seq);
  expect(cut.to).toBe(last.seq);
});

test('4: a gap is filled completely by pages of history, also when entries are large', async () => {
  await using room = await RoomServer.open();
  const reader = await room.join('reader');
  // 8,000 bytes each: neither the newest 100 nor the rest fit one reply or one page.
  const said = await fill(room, 21, 10, '😀'.repeat(1_990));
  const first = await reader.poll(reader.cursor);
  const gap = first.gap!;
  expect(gap.from as number).toBe(seqOf(reader.cursor));
  expect(gap.to).toBe(first.from);
  const missed = (await historyAfter(reader, gap.from)).filter((seq) => seq <= gap.to);
  const rest = await reader.readOn(first.cursor);
  const read = [...missed, ...seqsOf(first.entries), ...seqsOf(rest.entries)];
  expect(read.filter((seq) => said.includes(seq))).toEqual(said);
});

test('4: a reply stops at the first entry beyond 256 kB, and the next one goes on', async () => {
  await using room = await RoomServer.open();
  const reader = await room.join('reader');
  const said = await fill(room, 4, 10, '😀'.repeat(1_990));
  const first = await reader.tryPoll(reader.cursor);
  // One entry may go beyond it, and the frame around the entries takes a little.
  expect(Buffer.byteLength(first.text)).toBeLessThan(limits.pollBytesMax + 10_000);
  expect(Buffer.byteLength(first.text)).toBeGreaterThan(limits.pollBytesMax / 2);
  expect(first.body.gap).toBeUndefined();
  expect(first.body.to).toBe(first.body.entries.at(-1)!.seq);
  const second = await reader.readOn(first.body.cursor);
  const messages = [...first.body.entries, ...second.entries].filter(isMessage);
  expect(seqsOf(messages)).toEqual(said);
});

function isMessage({ type }: WireEntry): boolean {
  return type === 'message';
}

test('4 and 5: a cursor from before what is kept in memory brings a gap, or is gone', async () => {
  await using room = await RoomServer.open();
  const reader = await room.join('reader');
  const crowd = await Promise.all(Array.from({ length: 20 }, (_, nr) => room.join(`c${nr}`)));
  const said: number[] = [];
  while (said.length <= limits.ringEntriesMax) {
    const round = crowd.flatMap((one) => Array.from({ length: 10 }, () => one.say('x')));
    said.push(...(await Promise.all(round)).map(({ seq }) => seq as number));
    // Everybody earns their ten messages again, and nobody lapses.
    room.clock.leap(10_000);
    await room.call('GET', '/v1/room', { token: reader.token });
  }
  said.sort((a, b) => a - b);
  const reply = await reader.poll(reader.cursor);
  expect(reply.gap).toEqual({ from: seqOf(reader.cursor) as Seq, to: reply.from });
  expect(reply.entries).toHaveLength(100);
  const missed = (await historyAfter(reader, reply.gap!.from)).filter((seq) => seq <= reply.from);
  expect([...missed, ...seqsOf(reply.entries)]).toEqual(said);
  const other = changed(reader.cursor, { hash: 'AAAAAAAA' as Hash });
  expect(codeOf(await reader.tryPoll(other, { hold: 25 }))).toBe('GONE');
});

test('5: a cursor of another history is gone, at once, whatever hold it asks for', async () => {
  await using room = await RoomServer.open();
  const ada = await room.join('ada');
  const { seq } = await ada.say('a');
  const { cursor } = await ada.poll(ada.cursor);
  const others: Partial<Cursor>[] = [
    { epoch: 'AAAAAAAAAAA' as Epoch },
    { seq: (seq + 1) as Seq },
    { seq: (2 ** 52) as Seq },
    { seq: 1 as Seq },
    { seq: 0 as Seq },
    { hash: 'AAAAAAAA' as Hash },
  ];
  for (const parts of others) {
    const answer = await ada.tryPoll(changed(cursor, parts), { hold: 25 });
    expect([answer.status, codeOf(answer)]).toEqual([410, 'GONE']);
  }
  expect((await ada.tryPoll(cursor)).status).toBe(200);
});

test('5: a restored backup is noticed, also after it has grown past old cursors', async () => {
  const base = mkdtempSync(join(tmpdir(), 'encke-backup-'));
  const [data, backup] = [join(base, 'data'), join(base, 'backup')];
  try {
    const before = await RoomServer.open({ data });
    const ada = await before.join('ada');
    await before.close();
    cpSync(data, backup, { recursive: true });

    const lost = await RoomServer.open({ data });
    const options = { token: ada.token, body: { id: 'm1', text: 'lost' } };
    expect((await lost.call('POST', '/v1/messages', options)).status).toBe(201);
    const { cursor } = await lost.snapshot();
    await lost.close();

    await using restored = await RoomServer.open({ data: backup });
    const poll = async () =>
      await restored.call('GET', `/v1/poll?after=${cursor}&hold=25`, { token: ada.token });
    expect(codeOf(await poll())).toBe('GONE');
    const bob = await restored.join('bob');
    await bob.say('another history');
    expect(codeOf(await poll())).toBe('GONE');
    const known = `/v1/poll?after=${ada.cursor}&hold=0`;
    expect((await restored.call('GET', known, { token: ada.token })).status).toBe(200);
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
});

test('6: a malformed cursor is refused at once, whatever hold it asks for', async () => {
  await using room = await RoomServer.open();
  const ada = await room.join('ada');
  const [epoch, seq, hash, live] = ada.cursor.split('.') as [string, string, string, string];
  const malformed = [
    '',
    '.',
    '...',
    'x',
    '0',
    '-1',
    'null',
    'undefined',
    '__proto__',
    epoch,
    `${epoch}.${seq}`,
    `${epoch}.${seq}.${hash}`,
    `${epoch}.${seq}.${hash}.`,
    `${epoch}.${seq}.${hash}.${live}.`,
    `${epoch}.${seq}.${hash}.${live}.0`,
    ` ${ada.cursor}`,
    `${ada.cursor} `,
    `${ada.cursor}\n`,
    `${ada.cursor}\0`,
    `${epoch}.0${seq}.${hash}.${live}`,
    `${epoch}.+${seq}.${hash}.${live}`,
    `${epoch}.-${seq}.${hash}.${live}`,
    `${epoch}.1e9.${hash}.-0`,
    `${epoch}.1.5.${hash}.${live}`,
    `${epoch}.A.${hash}.${live}`,
    `${epoch}.zzzzzzzzzzz.${hash}.${live}`,
    `${epoch}.${seq}.${hash}.zzzzzzzzzzz`,
    `${epoch}.zzzzzzzzzzzz.${hash}.${live}`,
    `${epoch.slice(1)}.${seq}.${hash}.${live}`,
    `${epoch}A.${seq}.${hash}.${live}`,
    `${epoch}.${seq}.${hash}A.${live}`,
    `${epoch}.${seq}.${hash.slice(1)}.${live}`,
    `${epoch.slice(1)}é.${seq}.${hash}.${live}`,
    `${epoch}.٣.${hash}.${live}`,
    'a'.repeat(65),
    'a'.repeat(250),
  ];
  for (const cursor of malformed) {
    const answer = await ada.tryPoll(cursor, { hold: 25 });
    expect([cursor, answer.status, codeOf(answer)]).toEqual([cursor, 400, 'BAD_CURSOR']);
    const body = { after: cursor, hold: 25 };
    const posted = await ada.call('POST', '/v1/poll', { body });
    expect([cursor, posted.status, codeOf(posted)]).toEqual([cursor, 400, 'BAD_CURSOR']);
  }
});

test('7: a hold of 0 is answered at once, with nothing', async () => {
  await using room = await RoomServer.open();
  const ada = await room.join('ada');
  const { cursor } = await ada.readOn(ada.cursor);
  expect(await ada.poll(cursor, { hold: 0 })).toMatchObject({ entries: [], cursor });
});

test('7 and 10: whatever is asked, a poll is held for 25 s less up to a fifth', async () => {
  await using room = await RoomServer.open();
  const ada = await room.join('ada');
  const { cursor } = await ada.readOn(ada.cursor);
  const answered: number[] = [];
  const polls = [25, 26, 3_600, 999_999_999_999].map(async (hold) => {
    const reply = await ada.poll(cursor, { hold, tab: `t${hold}` });
    answered.push(hold);
    return reply;
  });
  // Its time-out is settled by the same wheel: the answer shows that the wheel has turned.
  const short = ada.poll(cursor, { hold: 5 });
  await room.held(5);
  room.clock.leap(19_000);
  await short;
  await room.held(4);
  expect(answered).toEqual([]);
  room.clock.leap(6_000);
  for (const reply of await Promise.all(polls)) {
    const seq = seqOf(cursor);
    expect(reply).toMatchObject({ entries: [], cursor, from: seq, to: seq });
    expect(reply.next).toEqual({ waitMs: 0, hold: limits.holdMsMax / 1_000 });
  }
});

test('7: a shorter hold than the longest is kept', async () => {
  await using room = await RoomServer.open();
  const ada = await room.join('ada');
  const { cursor } = await ada.readOn(ada.cursor);
  const poll = ada.poll(cursor, { hold: 5 });
  await room.held(1);
  room.clock.leap(5_000);
  expect((await poll).entries).toEqual([]);
});

test('7: a poll is not held beyond the time at which its token expires', async () => {
  await using room = await RoomServer.open();
  const ada = await room.join('ada');
  const { cursor } = await ada.readOn(ada.cursor);
  room.clock.setForward(ada.joined.expires - room.clock.now() - 3_000);
  const poll = ada.poll(cursor, { hold: 25 });
  await room.held(1);
  room.clock.leap(3_000);
  expect((await poll).entries).toEqual([]);
  expect(codeOf(await ada.tryPoll(cursor))).toBe('NO_SESSION');
});

test('8: a newer poll of the same tab settles the older one, which is told so', async () => {
  await using room = await RoomServer.open();
  const [ada, bob] = [await room.join('ada'), await room.join('bob')];
  const { cursor } = await ada.readOn(ada.cursor);
  const older = ada.poll(cursor, { hold: 25, tab: 'a', turn: 1 });
  await room.held(1);
  const newer = ada.poll(cursor, { hold: 25, tab: 'a', turn: 2 });
  expect(await older).toMatchObject({ superseded: true, entries: [], cursor });
  await room.held(1);
  const { seq } = await bob.say('news');
  const reply = await newer;
  expect(seqsOf(reply.entries)).toEqual([seq]);
  expect(reply).not.toHaveProperty('superseded');
});

test('8: a poll that arrives after its successor is settled itself', async () => {
  await using room = await RoomServer.open();
  const [ada, bob] = [await room.join('ada'), await room.join('bob')];
  const { cursor } = await ada.readOn(ada.cursor);
  const newer = ada.poll(cursor, { hold: 25, tab: 'a', turn: 2 });
  await room.held(1);
  const late = await ada.poll(cursor, { hold: 25, tab: 'a', turn: 1 });
  expect(late).toMatchObject({ superseded: true, entries: [], cursor });
  await bob.say('news');
  expect((await newer).entries).toHaveLength(1);
});

test('8: polls of two tabs, and of two members, are held beside each other', async () => {
  await using room = await RoomServer.open();
  const [ada, bob] = [await room.join('ada'), await room.join('bob')];
  const { cursor } = await ada.readOn(ada.cursor);
  const polls = [
    ada.poll(cursor, { hold: 25, tab: 'a' }),
    ada.poll(cursor, { hold: 25, tab: 'b' }),
    ada.poll(cursor, { hold: 25 }),
    bob.poll(cursor, { hold: 25, tab: 'a' }),
  ];
  await room.held(4);
  const { seq } = await bob.say('news');
  for (const reply of await Promise.all(polls)) {
    expect(seqsOf(reply.entries)).toEqual([seq]);
    expect(reply).not.toHaveProperty('superseded');
  }
});

test('9: nothing falls between a snapshot or a join and the first poll', async () => {
  await using room = await RoomServer.open();
  const writers = await Promise.all(Array.from({ length: 5 }, (_, nr) => room.join(`w${nr}`)));
  const sending = Promise.all(
    writers.map(async (one) => {
      for (let nr = 0; nr < 10; nr++) await one.say(`${nr}`);
    }),
  );
  const snapshots = [];
  const joined: Guest[] = [];
  for (let nr = 0; nr < 12; nr++) {
    snapshots.push(await room.snapshot());
    joined.push(await room.join(`late ${nr}`));
  }
  await sending;
  const said = await historyAfter(writers[0]!, 0);
  expect(said).toHaveLength(50);
  for (const { cursor, entries } of [...snapshots, ...joined.map((one) => one.joined)]) {
    const rest = (await writers[0]!.readOn(cursor)).entries.filter(isMessage);
    expect([...seqsOf(entries), ...seqsOf(rest)]).toEqual(said);
  }
});

test('a page of history is refused to who has read another history, and only then', async () => {
  await using room = await RoomServer.open();
  const ada = await room.join('ada');
  const said = await ada.say('a');
  const { cursor } = await ada.poll(ada.cursor);
  const after = said.seq - 1;
  const page = await ada.history(`after=${after}&cursor=${cursor}`);
  expect(seqsOf(page.entries)).toEqual([said.seq]);
  const refused = async (other: string): Promise<string> =>
    codeOf(await ada.call('GET', `/v1/messages?after=${after}&cursor=${other}`));
  expect(await refused(changed(cursor, { epoch: 'AAAAAAAAAAA' as Epoch }))).toBe('GONE');
  expect(await refused(changed(cursor, { hash: 'AAAAAAAA' as Hash }))).toBe('GONE');
  expect(await refused(changed(cursor, { seq: 999 as Seq }))).toBe('GONE');
  expect(await refused('nonsense')).toBe('BAD_CURSOR');
});
