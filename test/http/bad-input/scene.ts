/**
 * A room into which somebody sends what no client of ours sends. Mallory sends it; Kim, a keeper,
 * notices nothing of it: she reads and writes after every attempt, and what she reads is all that
 * was recorded. Time stands still but for the second that each attempt is given, so that nobody's
 * pace, and nobody's lease, depends on the machine.
 */
import { expect } from 'bun:test';
import { readdirSync } from 'node:fs';
import { parseCursor } from '../../../src/protocol/cursor.ts';
import type { WireEntry } from '../../../src/protocol/entries.ts';
import { errors, type Problem } from '../../../src/protocol/errors.ts';
import { limits } from '../../../src/protocol/limits.ts';
import type { Joined } from '../../../src/protocol/replies.ts';
import { openRaw, type RawAnswer, type RawConnection } from '../../kit/raw-connection.ts';
import { RoomServer, type Guest, type RoomServerParts } from '../../kit/room-server.ts';

export type Bytes = string | Uint8Array;

/** What an attempt leaves in the server, apart from memory: all of it exact. */
export interface Counts {
  readonly held: number;
  readonly mailboxes: number;
  readonly cohorts: number;
  /** Open descriptors of the process, where the system tells them; otherwise 0. */
  readonly descriptors: number;
}

export class Scene implements AsyncDisposable {
  readonly room: RoomServer;
  readonly kim: Guest;
  readonly mallory: Guest;
  /** The seq of a message of Kim's. */
  readonly hers: number;
  /** The seq of a message of Mallory's, with the id `mine` and the text `mine`. */
  readonly mine: number;
  /** A token that this room signed for Mallory, and that has expired since. */
  readonly expired: string;
  readonly #guests: { readonly token: string }[] = [];
  #cursor: string;
  #nr = 0;

  private constructor(
    room: RoomServer,
    people: Pick<Scene, 'kim' | 'mallory' | 'hers' | 'mine' | 'expired'>,
    cursor: string,
  ) {
    this.room = room;
    this.kim = people.kim;
    this.mallory = people.mallory;
    this.hers = people.hers;
    this.mine = people.mine;
    this.expired = people.expired;
    this.#cursor = cursor;
  }

  static async open(parts: RoomServerParts = {}): Promise<Scene> {
    const room = await RoomServer.open(parts);
    room.clock.freeze();
    const once = { id: 'mallory-comes-in-with-this' };
    const { token: expired } = await room.join('mallory', once);
    room.clock.setForward(limits.sessionMs);
    const mallory = await room.join('mallory', once);
    const kim = await room.joinKeeper('kim');
    const { seq: hers } = await kim.say('hello');
    const { seq: mine } = await mallory.say('mine', { id: 'mine' });
    const { cursor } = await kim.readOn(kim.cursor);
    // From here on the index is open: its descriptors are none that an attempt has left behind.
    await kim.call('GET', '/v1/search?q=hello');
    return new Scene(room, { kim, mallory, hers, mine, expired }, cursor);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.room.close();
  }

  /** Where everybody stands who has read everything. */
  get cursor(): string {
    return this.#cursor;
  }

  /** Somebody new, who is gone again after the attempt. */
  async guest(nick = `guest ${++this.#nr}`, more: object = {}): Promise<Guest> {
    const guest = await this.room.join(nick, { ...more });
    this.#guests.push(guest);
    return guest;
  }

  /** Everything so far is old: what is recorded from here on is the attempt's. */
  async begin(): Promise<void> {
    this.#cursor = (await this.kim.readOn(this.#cursor)).cursor;
  }

  /**
   * Sends bytes on a connection of their own and tells what comes back: as many answers as are
   * expected, each as its status and its code; `closed`, or `held` when nothing more comes. After
   * the last answer the connection must be closed, or in step: the next request is answered as
   * what it is. An expected `400 BAD_REQUEST: words` asks for these words in the sentence as well.
   */
  async send(bytes: Bytes, expected: string): Promise<string> {
    const raw = await openRaw(this.room.server.port());
    try {
      raw.send(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
      const isBodiless = Buffer.from(bytes).toString('latin1', 0, 5) === 'HEAD ';
      const outcomes: string[] = [];
      for (const one of expected.split(', ')) {
        if (one === 'held') return [...outcomes, await this.#silence(raw)].join(', ');
        const answer = await raw.next({ isBodiless });
        if (answer === null) outcomes.push('closed');
        else outcomes.push(this.#read(answer, one));
      }
      if (!outcomes.includes('closed')) await this.#expectInStep(raw);
      return outcomes.join(', ');
    } finally {
      raw.close();
    }
  }

  /** The server serves, it recorded this and nothing else, and it has nothing to complain about. */
  async expectUnharmed(recorded: readonly string[]): Promise<void> {
    this.room.clock.leap(limits.paceMs);
    const text = `still here ${++this.#nr}`;
    const before = parseCursor(this.#cursor)?.seq ?? 0;
    const { seq } = await this.kim.say(text);
    const { entries, cursor } = await this.kim.readOn(this.#cursor);
    expect(entries.map(shown)).toEqual([...recorded, `message ${text}`]);
    // Also what Kim may not see has a number: there is nothing of that kind either.
    expect(Number(seq)).toBe(before + recorded.length + 1);
    expect((await this.mallory.poll(cursor)).entries).toEqual([]);
    this.#cursor = cursor;
    expect(this.room.log.lines.filter(({ level }) => level !== 'info')).toEqual([]);
    expect(this.room.failures).toEqual([]);
  }

  /** Whoever came in for an attempt goes. */
  async clear(): Promise<void> {
    for (const { token } of this.#guests.splice(0)) {
      await this.room.call('POST', '/v1/leave', { token, body: {} });
    }
  }

  /** Waits until the server holds no more than it did. */
  async settle(counts: Counts): Promise<void> {
    // Who hung up while a poll was held is not noticed before its hold ends, or by their next one.
    await this.mallory.poll(this.#cursor);
    await this.room.until(async () => Bun.deepEquals(await this.counts(), counts));
  }

  async counts(): Promise<Counts> {
    const { body } = await this.room.call<{ load: Omit<Counts, 'descriptors'> }>('GET', '/readyz');
    const { held, mailboxes, cohorts } = body.load;
    return { held, mailboxes, cohorts, descriptors: descriptors() };
  }

  #read({ status, headers, body }: RawAnswer, expected: string): string {
    // What broke is the log's to tell, and what a client is told are sentences.
    expect(body).not.toMatch(/^\s+at |\.ts:\d|node:|node_modules|Error:|\bundefined\b/m);
    const type = headers.get('content-type') ?? '';
    if (status === 201 && body.includes('"token"')) this.#guests.push(JSON.parse(body) as Joined);
    if (!type.startsWith('application/problem+json') || body === '') return String(status);
    const problem = JSON.parse(body) as Problem;
    expect(problem.status).toBe(status);
    expect(errors[problem.code].status).toBe(status as never);
    expect(problem.detail).toMatch(/^["A-Z][^]*[^.]$/);
    expect(problem.detail.length).toBeLessThan(400);
    const words = expected.split(': ')[1];
    if (words === undefined) return `${status} ${problem.code}`;
    return `${status} ${problem.code}: ${problem.detail.includes(words) ? words : problem.detail}`;
  }

  async #silence(raw: RawConnection): Promise<string> {
    const answered = raw.next().then(
      (answer) => (answer === null ? 'closed' : this.#read(answer, '')),
      () => 'held',
    );
    // The server has taken up, and answered, each of these behind the attempt.
    for (let nr = 0; nr < 3; nr++) await this.#knock();
    return await Promise.race([answered, Promise.resolve('held')]);
  }

  /** Asks for something on a connection of its own. */
  async #knock(): Promise<void> {
    const raw = await openRaw(this.room.server.port());
    raw.send('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n');
    expect((await raw.next())?.status).toBe(200);
    raw.close();
  }

  async #expectInStep(raw: RawConnection): Promise<void> {
    const path = `/step-${++this.#nr}`;
    raw.send(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
    const answer = await raw.next();
    // What the attempt left unfinished becomes no request with this: then that is the last word.
    if (answer?.headers.get('connection') === 'close') expect(await raw.next()).toBeNull();
    else if (answer !== null) expect(answer.body).toContain(path);
  }
}

/** An entry as a test names it. */
function shown(entry: WireEntry): string {
  switch (entry.type) {
    case 'message':
    case 'notice':
      return `${entry.type} ${entry.text}`;
    case 'join':
      return `join ${entry.member.nick}`;
    case 'member':
      return `member ${entry.member.nick}`;
    case 'leave':
      return `leave ${entry.reason}`;
    case 'edit':
      return `edit ${entry.text}`;
    case 'reaction':
      return `reaction ${entry.emoji}`;
    case 'topic':
      return `topic ${entry.topic}`;
    default:
      return entry.type;
  }
}

function descriptors(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return 0;
  }
}
