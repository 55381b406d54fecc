import { describe, expect, test } from 'bun:test';
import { TestChat } from '../../test/kit/chat.ts';
import { formatCursor, parseCursor, type Cursor } from '../protocol/cursor.ts';
import type { Hash, MemberId, Seq } from '../protocol/entries.ts';
import { limits } from '../protocol/limits.ts';
import { uncounted } from './post-office-parts.ts';

const changed = (cursor: string, change: Partial<Cursor>): string => {
  const parsed = parseCursor(cursor);
  if (parsed === null) throw new Error('no cursor');
  return formatCursor({ ...parsed, ...change });
};

describe('a poll', () => {
  test('is held while there is nothing to say, and woken by a message', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const poll = chat.poll(ada, chat.cursor());
    await chat.clock.settle();
    expect(poll.isHeld()).toBe(true);
    const seq = await chat.say(ada, 'Hello');
    await chat.clock.settle();
    expect(poll.seqs()).toEqual([seq]);
    expect(poll.reply().from).toBe((seq - 1) as Seq);
    expect(poll.reply().to).toBe(seq);
  });

  test('is answered at once when there is something to say', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const before = chat.cursor();
    const seq = await chat.say(ada, 'Hello');
    expect(chat.poll(ada, before).seqs()).toEqual([seq]);
  });

  test('with hold 0 is answered at once, with nothing', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const cursor = chat.cursor();
    const reply = chat.poll(ada, cursor, { holdMs: 0 }).reply();
    expect(reply.entries).toEqual([]);
    expect(reply.cursor).toBe(cursor);
  });

  test('whose hold is over is answered with nothing and the current cursor', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const poll = chat.poll(ada, chat.cursor(), { holdMs: 10_000 });
    await chat.clock.advance(9_900);
    expect(poll.isHeld()).toBe(true);
    await chat.clock.advance(400);
    expect(poll.reply().entries).toEqual([]);
    expect(poll.reply().cursor).toBe(chat.cursor());
  });

  test('is held for up to a fifth less, so that polls do not return together', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    chat.random = 0.999;
    const poll = chat.poll(ada, chat.cursor(), { holdMs: 10_000 });
    await chat.clock.advance(7_900);
    expect(poll.isHeld()).toBe(true);
    await chat.clock.advance(400);
    expect(poll.isHeld()).toBe(false);
  });

  test('gives the same bytes to everybody who stands at the same cursor', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const bob = await chat.join('Bob');
    const [one, two] = [chat.poll(ada, chat.cursor()), chat.poll(bob, chat.cursor())];
    expect(chat.office.now().load()).toMatchObject({ held: 2, cohorts: 1 });
    await chat.say(ada, 'Hello');
    await chat.clock.settle();
    expect(one.answer).toBe(two.answer);
    expect(chat.office.now().load()).toMatchObject({ held: 0, cohorts: 0 });
  });

  test('answered twice at the same cursor brings the same entries again', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const before = chat.cursor();
    await chat.say(ada, 'one');
    await chat.say(ada, 'two');
    const first = chat.poll(ada, before).reply();
    expect(chat.poll(ada, before).reply()).toEqual(first);
  });

  test('a second poll of the same tab settles the first', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const first = chat.poll(ada, chat.cursor(), { turn: 1 });
    const second = chat.poll(ada, chat.cursor(), { turn: 2 });
    expect(first.reply().superseded).toBe(true);
    expect(second.isHeld()).toBe(true);
    const other = chat.poll(ada, chat.cursor(), { tab: 'b' });
    expect(second.isHeld()).toBe(true);
    expect(other.isHeld()).toBe(true);
  });

  test('that the network sent twice stops nobody: its copy does not supersede it', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const before = chat.cursor();
    const first = chat.poll(ada, before, { turn: 3 });
    const copy = chat.poll(ada, before, { turn: 3 });
    expect(first.reply().superseded).toBeUndefined();
    expect(first.reply()).toMatchObject({ cursor: before, entries: [] });
    // Two loops that count alike would otherwise chase each other as fast as they can.
    expect(first.reply().next.waitMs).toBe(limits.copyMs);
    const next = chat.poll(ada, before, { turn: 4 });
    expect(copy.reply().superseded).toBe(true);
    expect(next.isHeld()).toBe(true);
  });

  test('that counts no turns settles the one before it', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const turn = uncounted;
    const first = chat.poll(ada, chat.cursor(), { turn });
    const second = chat.poll(ada, chat.cursor(), { turn });
    expect(first.reply().superseded).toBe(true);
    expect(second.isHeld()).toBe(true);
  });

  test('that arrives late does not push out its successor', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const newer = chat.poll(ada, chat.cursor(), { turn: 5 });
    const late = chat.poll(ada, chat.cursor(), { turn: 4 });
    expect(late.reply().superseded).toBe(true);
    expect(newer.isHeld()).toBe(true);
  });

  test('of somebody who is not in the room is refused', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const stranger = { ...ada, id: 'zzzzzzzzzzzzzzzz' as MemberId };
    expect(chat.poll(stranger, chat.cursor()).refusal().code).toBe('NO_SESSION');
  });

  test('is refused beyond the limits of tabs and of polls in all', async () => {
    const chat = await TestChat.open({ heldPollsMax: limits.tabsPerMemberMax + 1 });
    const ada = await chat.join('Ada');
    const bob = await chat.join('Bob');
    const at = chat.cursor();
    for (let tab = 0; tab < limits.tabsPerMemberMax; tab++) {
      expect(chat.poll(ada, at, { tab: `t${tab}` }).isHeld()).toBe(true);
    }
    expect(chat.poll(ada, at, { tab: 'one-more' }).refusal().code).toBe('TOO_MANY');
    expect(chat.poll(bob, at, { tab: 'a' }).isHeld()).toBe(true);
    expect(chat.poll(bob, at, { tab: 'b' }).refusal().code).toBe('BUSY');
  });
});

describe('a cursor', () => {
  test('of another history is gone: another epoch, a seq beyond the head, another hash', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const at = chat.cursor();
    const other = { epoch: 'AAAAAAAAAAA' as Cursor['epoch'] };
    expect(chat.poll(ada, changed(at, other)).refusal().code).toBe('GONE');
    expect(chat.poll(ada, changed(at, { seq: 99 as Seq })).refusal().code).toBe('GONE');
    expect(chat.poll(ada, changed(at, { hash: 'AAAAAAAA' as Hash })).refusal().code).toBe('GONE');
  });

  test('that stands before the ring is answered from the journal, with nothing missing', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const from = chat.cursor();
    const seqs = [];
    for (let count = 0; count < 20; count++) {
      seqs.push(await chat.say(ada, `m${count}`));
      await chat.clock.advance(1_000);
    }
    // A post office that starts behind a storm of quiet joins does not reach back so far.
    await fillQuietly(chat, limits.ringEntriesMax + 10);
    await chat.restart('office');
    const poll = chat.poll(ada, from);
    await chat.clock.settle();
    expect(poll.seqs()).toEqual(seqs);
    expect(poll.reply().from).toBe(parseCursor(from)?.seq as Seq);
    expect(poll.reply().cursor).toBe(chat.cursor());
  });

  test('with another hash that stands before the ring is gone too', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const from = chat.cursor();
    await fillQuietly(chat, limits.ringEntriesMax + 10);
    await chat.restart('office');
    const poll = chat.poll(ada, changed(from, { hash: 'AAAAAAAA' as Hash }));
    await chat.clock.settle();
    expect(poll.refusal().code).toBe('GONE');
  });

  test('more than two hundred behind gets the newest hundred and the range before', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const from = chat.cursor();
    const seqs: Seq[] = [];
    for (let count = 0; count < limits.pollEntriesMax + 1; count++) {
      seqs.push(await chat.say(ada, `m${count}`));
      chat.office.now().seen(ada.id);
      await chat.clock.advance(1_000);
    }
    const reply = chat.poll(ada, from).reply();
    const newest = seqs.slice(-limits.gapEntries);
    expect(reply.entries.map(({ seq }) => seq)).toEqual(newest);
    expect(reply.gap).toEqual({ from: 1 as Seq, to: ((newest[0] ?? 0) - 1) as Seq });
    expect(reply.from).toBe(reply.gap?.to as Seq);
  });
});

test('far behind where the ring has no screenful: the oldest first, and nothing is skipped', async () => {
  const chat = await TestChat.open();
  const ada = await chat.join('Ada');
  let cursor = chat.cursor();
  const seqs: Seq[] = [];
  for (let count = 0; count < limits.pollEntriesMax + 30; count++) {
    seqs.push(await chat.say(ada, `m${count}`));
    chat.office.now().seen(ada.id);
    await chat.clock.advance(1_000);
  }
  await chat.room.now().rename(ada.id, 'Grace');
  await fillQuietly(chat, limits.ringEntriesMax + 10);
  await chat.restart('office');
  const read: Seq[] = [];
  for (let turn = 0; turn < 3; turn++) {
    const poll = chat.poll(ada, cursor, { holdMs: 0 });
    await chat.clock.settle();
    const reply = poll.reply();
    expect(reply.gap).toBeUndefined();
    if (turn === 0) expect(reply.you?.nick).toBe('Grace');
    read.push(...reply.entries.filter(({ type }) => type === 'message').map(({ seq }) => seq));
    ({ cursor } = reply);
  }
  expect(read).toEqual(seqs);
});

/** Records so many joins that are told to nobody. */
async function fillQuietly(chat: TestChat, count: number): Promise<void> {
  for (let at = 0; at < count; at++) {
    const id = `q${String(at).padStart(15, '0')}` as MemberId;
    const member = { id, nick: `quiet ${at}`, role: 'member' } as const;
    const body = { type: 'join', member, quiet: true } as const;
    await chat.journal.append({ key: `quiet ${at}`, body });
  }
}

describe('waking', () => {
  test('a quiet entry wakes nobody, and the next message brings the cursor past it', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const poll = chat.poll(ada, chat.cursor());
    await fillQuietly(chat, 3);
    await chat.clock.settle();
    expect(poll.isHeld()).toBe(true);
    const seq = await chat.say(ada, 'Hello');
    await chat.clock.settle();
    expect(poll.reply()).toMatchObject({ from: 1, to: seq });
    expect(poll.seqs()).toEqual([seq]);
  });

  test('polls on either side of a quiet entry are one cohort', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const bob = await chat.join('Bob');
    chat.poll(ada, chat.cursor());
    await fillQuietly(chat, 1);
    chat.poll(bob, chat.cursor());
    expect(chat.office.now().load()).toMatchObject({ held: 2, cohorts: 1 });
  });

  test('a big cohort is woken in slices, and others are served in between', async () => {
    const many = { membersMax: 2 * limits.sliceMax, heldPollsMax: 2 * limits.sliceMax };
    const chat = await TestChat.open(many);
    const people = [];
    for (let count = 0; count < limits.sliceMax + 20; count++) {
      people.push(await chat.join(`member ${count}`));
    }
    const at = chat.cursor();
    const polls = people.map((who) => chat.poll(who, at));
    const [first] = people;
    if (first === undefined) throw new Error('nobody');
    await chat.journal.append({
      key: 'k',
      body: { type: 'message', id: 'x', by: first, text: 'Hello' },
    });
    const woken: number[] = [];
    const count = (): number => polls.filter((poll) => !poll.isHeld()).length;
    for (let turn = 0; turn < 6; turn++) {
      woken.push(count());
      chat.clock.turn();
    }
    woken.push(count());
    expect(woken).toContain(limits.sliceMax);
    expect(woken.at(-1)).toBe(people.length);
  });

  test('a server that cannot keep up asks those whom it answers to stay away for a while', async () => {
    const chat = await TestChat.open();
    const people = [];
    for (let count = 0; count < 200; count++) people.push(await chat.join(`member ${count}`));
    const [first] = people;
    if (first === undefined) throw new Error('nobody');
    chat.answerMs = 20;
    const waits: number[] = [];
    for (let round = 0; round < 6; round++) {
      const at = chat.cursor();
      const polls = people.map((who) => chat.poll(who, at));
      const body = { type: 'message', id: 'x', by: first, text: 'Hello' } as const;
      await chat.journal.append({ key: `${round}`, body });
      while (polls.some((poll) => poll.isHeld())) await chat.clock.advance(100);
      waits.push(Math.max(...polls.map((poll) => poll.reply().next.waitMs)));
    }
    // A lone message is no load, however long it takes to tell everybody; one after the other is.
    expect(waits[0]).toBe(0);
    expect(waits.at(-1)).toBe(limits.awayMsMax);
  });

  test('far behind, nothing addressed from before the mailbox is left out without a gap', async () => {
    const chat = await TestChat.open();
    const [ada, bob] = [await chat.join('Ada'), await chat.join('Bob')];
    const before = chat.cursor();
    const say = async (count: number): Promise<void> => {
      for (let nr = 0; nr < count; nr++) {
        const body = { type: 'message', id: `${nr}`, by: bob, text: 'filler' } as const;
        await chat.journal.append({ key: `${chat.journal.head().seq}`, body });
      }
    };
    await say(150);
    const body = { type: 'notice', text: 'for Ada', to: ada.id } as const;
    const notice = await chat.journal.append({ key: 'notice', body });
    const seq = notice.ok ? notice.entry.seq : 0;
    for (const after of [60, 90]) {
      await say(30);
      // Who lapsed and comes back has a new mailbox.
      await chat.room.now().leave(ada.id, 'timeout');
      await chat.tryJoin('Ada', ada.id);
      await say(after);
      const poll = chat.poll(ada, before);
      await chat.clock.settle();
      const { from, to, gap, entries } = poll.reply();
      const isTold = entries.some((entry) => entry.seq === seq);
      const isInGap = gap !== undefined && gap.from < seq && seq <= gap.to;
      const isBeyond = gap === undefined && to < seq;
      expect({ from, to, gap, isCovered: isTold || isInGap || isBeyond }).toMatchObject({
        isCovered: true,
      });
    }
  });

  test('an entry addressed to one member reaches that member and nobody else', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const bob = await chat.join('Bob');
    const at = chat.cursor();
    const [hers, his] = [chat.poll(ada, at), chat.poll(bob, at)];
    const body = { type: 'notice', text: 'for Ada', to: ada.id } as const;
    await chat.journal.append({ key: 'n', body });
    await chat.clock.settle();
    expect(hers.reply().entries).toMatchObject([{ type: 'notice', text: 'for Ada' }]);
    expect(his.isHeld()).toBe(true);
    await chat.say(bob, 'Hello');
    await chat.clock.settle();
    expect(JSON.stringify(his.reply())).not.toContain('for Ada');
    expect(chat.poll(ada, at).seqs()).toHaveLength(2);
    await chat.restart('office');
    const late = chat.poll(bob, at);
    await chat.clock.settle();
    expect(JSON.stringify(late.reply())).not.toContain('for Ada');
    const again = chat.poll(ada, at);
    await chat.clock.settle();
    expect(again.seqs()).toHaveLength(2);
  });

  test('typing wakes a small room, and ends by itself', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const bob = await chat.join('Bob');
    const poll = chat.poll(bob, chat.cursor());
    chat.office.now().typing(ada.id);
    await chat.clock.settle();
    expect(poll.reply()).toMatchObject({ entries: [], live: { typing: ['Ada'] } });
    const next = chat.poll(bob, poll.reply().cursor);
    await chat.clock.settle();
    expect(next.isHeld()).toBe(true);
    await chat.clock.advance(limits.typingMs + 300);
    expect(next.reply().live.typing).toEqual([]);
  });

  test('the probe is held and woken by the same path', async () => {
    const chat = await TestChat.open();
    let isDone = false;
    void chat.office
      .now()
      .probe()
      .then(() => (isDone = true));
    expect(chat.office.now().load().held).toBe(0);
    await chat.clock.settle();
    expect(isDone).toBe(true);
    expect(chat.office.now().load().held).toBe(0);
  });
});

describe('presence', () => {
  test('who leaves is gone at once, and their held polls are answered', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const bob = await chat.join('Bob');
    const [hers, his] = [chat.poll(ada, chat.cursor()), chat.poll(bob, chat.cursor())];
    await chat.room.now().leave(ada.id, 'left');
    await chat.clock.settle();
    expect(hers.refusal().code).toBe('FORBIDDEN');
    expect(his.reply().entries).toMatchObject([{ type: 'leave', reason: 'left' }]);
    expect(his.reply().live.online).toBe(1);
  });

  test('who was sent out is told so, also later, until they join again', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const at = chat.cursor();
    for (const reason of ['kicked', 'left'] as const) {
      await chat.room.now().leave(ada.id, reason);
      expect(chat.poll(ada, at).refusal().code).toBe('FORBIDDEN');
      await chat.tryJoin('Ada', ada.id);
      const poll = chat.poll(ada, at, { holdMs: 0 });
      await chat.clock.settle();
      expect(poll.seqs().length).toBeGreaterThan(0);
    }
    await chat.room.now().leave(ada.id, 'timeout');
    expect(chat.poll(ada, at).refusal().code).toBe('NO_SESSION');
  });

  test('whose browser vanished is gone within the hold and 15 s', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    chat.poll(ada, chat.cursor());
    await chat.clock.advance(25_000 + limits.leaseMs - 1_000);
    expect(chat.room.now().who(ada.id)).not.toBeNull();
    await chat.clock.advance(2_000);
    expect(chat.room.now().who(ada.id)).toBeNull();
  });

  test('who goes on polling stays', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    for (let turn = 0; turn < 8; turn++) {
      const poll = chat.poll(ada, chat.cursor(), { turn });
      await chat.clock.advance(26_000);
      expect(poll.isHeld()).toBe(false);
    }
    expect(chat.room.now().who(ada.id)).not.toBeNull();
  });

  test('a reload does not flap: the closed tab waits for the next one', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const head = chat.journal.head().seq;
    const old = chat.poll(ada, chat.cursor(), { tab: 'old' });
    chat.office.now().tabClosed(ada.id, 'old');
    expect(old.reply().superseded).toBe(true);
    await chat.clock.advance(limits.closingMs - 500);
    const fresh = chat.poll(ada, chat.cursor(), { tab: 'fresh' });
    await chat.clock.advance(20_000);
    expect(fresh.isHeld()).toBe(true);
    expect(chat.journal.head().seq).toBe(head);
  });

  test('whose connection ended is gone with the lease, and sooner than with the hold', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const poll = chat.poll(ada, chat.cursor());
    if (poll.held === null) throw new Error('not held');
    chat.office.now().hungUp(poll.held);
    expect(chat.office.now().load()).toMatchObject({ held: 0, cohorts: 0 });
    await chat.clock.advance(limits.leaseMs - 1_000);
    expect(chat.room.now().who(ada.id)).not.toBeNull();
    await chat.clock.advance(2_000);
    expect(chat.room.now().who(ada.id)).toBeNull();
    expect(poll.isHeld()).toBe(true);
  });

  test('a connection that ended and is back within the lease does not flap', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const head = chat.journal.head().seq;
    const lost = chat.poll(ada, chat.cursor(), { turn: 1 });
    if (lost.held === null) throw new Error('not held');
    chat.office.now().hungUp(lost.held);
    await chat.clock.advance(limits.leaseMs - 1_000);
    const back = chat.poll(ada, chat.cursor(), { turn: 2 });
    await chat.clock.advance(18_000);
    expect(back.isHeld()).toBe(true);
    expect(chat.journal.head().seq).toBe(head);
  });

  test('hanging up after the answer, or after a newer poll of the tab, is harmless', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const first = chat.poll(ada, chat.cursor(), { turn: 1 });
    const second = chat.poll(ada, chat.cursor(), { turn: 2 });
    if (first.held === null || second.held === null) throw new Error('not held');
    chat.office.now().hungUp(first.held);
    expect(chat.office.now().load().held).toBe(1);
    const seq = await chat.say(ada, 'Hello');
    await chat.clock.settle();
    expect(second.seqs()).toEqual([seq]);
    const third = chat.poll(ada, chat.cursor(), { turn: 3 });
    chat.office.now().hungUp(second.held);
    expect(chat.office.now().load().held).toBe(1);
    expect(third.isHeld()).toBe(true);
  });

  test('a connection that ends after its tab was closed does not make the member stay', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const { held } = chat.poll(ada, chat.cursor(), { tab: 'old' });
    if (held === null) throw new Error('not held');
    chat.office.now().tabClosed(ada.id, 'old');
    chat.office.now().hungUp(held);
    await chat.clock.advance(limits.closingMs + 600);
    expect(chat.room.now().who(ada.id)).toBeNull();
  });

  test('a closed tab without a next one is a leave, a moment later', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    chat.poll(ada, chat.cursor(), { tab: 'old' });
    chat.office.now().tabClosed(ada.id, 'old');
    await chat.clock.advance(limits.closingMs + 600);
    expect(chat.room.now().who(ada.id)).toBeNull();
  });

  test('who reads a page that stands still stays as long as one reads, whatever else ends', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const office = chat.office.now();
    office.seen(ada.id, limits.plainStillMs);
    const polls = ['one', 'two'].map((tab) => chat.poll(ada, chat.cursor(), { tab }));
    for (const { held } of polls) if (held !== null) office.hungUp(held);
    office.tabClosed(ada.id, 'two');
    await chat.clock.advance(limits.plainStillMs - 10_000);
    expect(chat.room.now().who(ada.id)).not.toBeNull();
    await chat.clock.advance(20_000);
    expect(chat.room.now().who(ada.id)).toBeNull();
  });

  test('a lapse that the journal refuses is tried again', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    chat.journal.isFull = true;
    await chat.clock.advance(limits.holdMsMax + limits.leaseMs + 1_000);
    expect(chat.room.now().who(ada.id)).not.toBeNull();
    chat.journal.isFull = false;
    await chat.clock.advance(6_000);
    expect(chat.room.now().who(ada.id)).toBeNull();
  });
});

describe('a restart of the post office', () => {
  test('answers the held polls at their own cursors, and the next one has everything', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const at = chat.cursor();
    const poll = chat.poll(ada, at);
    await chat.restart('office');
    expect(poll.reply()).toMatchObject({ entries: [], from: 1, to: 1 });
    const again = chat.poll(ada, poll.reply().cursor);
    const seq = await chat.say(ada, 'Hello');
    await chat.clock.settle();
    expect(again.seqs()).toEqual([seq]);
    expect(chat.room.now().who(ada.id)).not.toBeNull();
  });

  test('a restart of the room leaves held polls where they are', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const poll = chat.poll(ada, chat.cursor());
    await chat.restart('room');
    expect(poll.isHeld()).toBe(true);
    const seq = await chat.say(ada, 'Hello');
    await chat.clock.settle();
    expect(poll.seqs()).toEqual([seq]);
    expect(chat.crashes).toEqual([]);
  });

  test('draining sends everybody away, who waits and who comes', async () => {
    const chat = await TestChat.open();
    const ada = await chat.join('Ada');
    const waits = chat.poll(ada, chat.cursor());
    chat.random = 0.5;
    chat.office.now().drain();
    expect(waits.reply()).toMatchObject({ draining: true, entries: [] });
    expect(waits.reply().next.waitMs).toBe(2_500);
    const comes = chat.poll(ada, chat.cursor());
    expect(comes.reply().draining).toBe(true);
  });
});
