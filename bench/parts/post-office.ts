/**
 * What a held poll costs the post office itself, without sockets and HTTP: processor time for each
 * poll that is parked and answered, and memory for each mailbox and each poll that is held.
 *
 *     bun bench/parts/post-office.ts [members ...]
 */
import { heapStats } from 'bun:jsc';
import type { Mailbox, PollAnswer, Waiter } from '../../src/chat/mailbox.ts';
import type { Poller } from '../../src/chat/post-office-parts.ts';
import { realMachine } from '../../src/chat/machine.ts';
import { PostOffice } from '../../src/chat/post-office.ts';
import { Room } from '../../src/chat/room.ts';
import { MemoryJournal } from '../../src/journal/memory.ts';
import { parseCursor, type Cursor } from '../../src/protocol/cursor.ts';
import type { MemberId, Who } from '../../src/protocol/entries.ts';
import { systemClock } from '../../src/supervisor/clock.ts';
import { Ref } from '../../src/supervisor/ref.ts';
import { testSettings } from '../../test/kit/chat.ts';
import { quietLog } from '../../test/kit/quiet-log.ts';

/** Answers to measure in all, whatever the size of the room. */
const answersWanted = 500_000;
const warmUpRounds = 10;

/** A member who polls, and what they were told last. */
class Member implements Poller, Waiter {
  readonly member: MemberId;
  mailbox: Mailbox | null = null;
  readonly tab: string;
  readonly #told: () => void;
  answer: PollAnswer | null = null;

  constructor(id: MemberId, tab: string, told: () => void) {
    this.member = id;
    this.tab = tab;
    this.#told = told;
  }

  tell(answer: PollAnswer): void {
    this.answer = answer;
    this.#told();
  }
}

interface Cost {
  readonly parkUs: number;
  readonly wakeUs: number;
  readonly mailboxBytes: number;
  readonly pollBytes: number;
}

async function measure(count: number): Promise<Cost> {
  const journal = new MemoryJournal({ clock: systemClock });
  const room = new Ref<Room>('room');
  const settings = { ...testSettings, membersMax: count };
  const crashed = (reason: unknown): never => {
    throw reason instanceof Error ? reason : new Error(String(reason));
  };
  const common = { journal, clock: systemClock, log: quietLog };
  const random = (bytes: number): Uint8Array => crypto.getRandomValues(new Uint8Array(bytes));
  const roomParts = { ...common, random, secret: new Uint8Array(32), settings };
  room.set(await Room.open(roomParts, crashed));
  let told = 0;
  let allTold = (): void => undefined;
  const members = await joinAll(journal, count, () => {
    if (++told === count) allTold();
  });
  const emptyBytes = heapBytes();
  const office = await PostOffice.open({
    ...common,
    room,
    random: Math.random,
    memory: realMachine.memory,
    telling: { isOn: false },
    heldPollsMax: count,
    crashed,
  });
  const mailboxBytes = (heapBytes() - emptyBytes) / count;

  function parkAll(turn: number, named = (tab: string): string => tab): void {
    const after = cursorOf(office);
    for (const member of members) {
      const tab = named(member.tab);
      office.poll({ by: member, after, holdMs: 25_000, tab, turn, extra: '' }, member);
    }
  }
  async function wakeAll(nr: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    told = 0;
    allTold = resolve;
    const by: Who = { id: (members[0] as Member).member, nick: 'Ada', role: 'member' };
    const body = { type: 'message', id: `${nr}`, by, text: 'Hello, is anybody there?' } as const;
    await journal.append({ key: `message ${nr}`, body });
    await promise;
  }

  for (let nr = 0; nr < warmUpRounds; nr++) {
    parkAll(nr);
    await wakeAll(nr);
  }
  const [first] = members;
  if (members.some(({ answer }) => answer !== first?.answer)) throw new Error('Not one answer');
  const idleBytes = heapBytes();
  parkAll(warmUpRounds, cutOut);
  const pollBytes = (heapBytes() - idleBytes) / count;
  await wakeAll(warmUpRounds);

  const rounds = Math.ceil(answersWanted / count);
  let [parkUs, wakeUs] = [0, 0];
  for (let nr = warmUpRounds + 1; nr <= warmUpRounds + rounds; nr++) {
    const begin = cpuUs();
    parkAll(nr);
    const parked = cpuUs();
    await wakeAll(nr);
    parkUs += parked - begin;
    wakeUs += cpuUs() - parked;
  }
  office.close();
  const answers = rounds * count;
  return { parkUs: parkUs / answers, wakeUs: wakeUs / answers, mailboxBytes, pollBytes };
}

async function joinAll(
  journal: MemoryJournal,
  count: number,
  told: () => void,
): Promise<readonly Member[]> {
  const members: Member[] = [];
  for (let nr = 0; nr < count; nr++) {
    const id = `m${String(nr).padStart(15, '0')}` as MemberId;
    const who: Who = { id, nick: `member ${nr}`, role: 'member' };
    await journal.append({ key: `join ${nr}`, body: { type: 'join', member: who, quiet: true } });
    members.push(new Member(id, `tab-${nr}`, told));
  }
  return members;
}

/** A tab's name as the web has it: cut out of a request, which lives as long as the name does. */
function cutOut(tab: string): string {
  const padding = 'x'.repeat(500);
  const request = Buffer.from(`GET /v1/poll?tab=${tab} HTTP/1.1\r\nCookie: ${padding}`).toString();
  return request.slice(17, 17 + tab.length);
}

function cursorOf(office: PostOffice): Cursor {
  const cursor = parseCursor(office.cursor());
  if (cursor === null) throw new Error('The office gave no cursor');
  return cursor;
}

function heapBytes(): number {
  Bun.gc(true);
  const { heapSize, extraMemorySize } = heapStats();
  return heapSize + extraMemorySize;
}

function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

const asked = process.argv.slice(2).map(Number);
const counts = asked.length > 0 ? asked : [1_000, 4_000, 10_000, 18_000];
console.log('members   µs/poll (park + wake)   bytes/mailbox   bytes/held poll');
for (const count of counts) {
  const { parkUs, wakeUs, mailboxBytes, pollBytes } = await measure(count);
  const us = `${(parkUs + wakeUs).toFixed(2)} (${parkUs.toFixed(2)} + ${wakeUs.toFixed(2)})`;
  const columns = [us.padEnd(23), mailboxBytes.toFixed(0).padEnd(15), pollBytes.toFixed(0)];
  console.log(String(count).padEnd(9), ...columns);
}
