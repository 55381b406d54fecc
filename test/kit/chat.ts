/**
 * The chat without a socket: the real room and post office over a journal in memory, a clock that
 * moves when told to, and no randomness.
 */
import { PostOffice } from '../../src/chat/post-office.ts';
import type { PollRequest } from '../../src/chat/post-office-parts.ts';
import type { HeldPoll, PollAnswer, Waiter } from '../../src/chat/mailbox.ts';
import { Room } from '../../src/chat/room.ts';
import type { Settings } from '../../src/chat/settings.ts';
import { MemoryJournal } from '../../src/journal/memory.ts';
import { parseCursor } from '../../src/protocol/cursor.ts';
import type { MemberId, Seq, Who } from '../../src/protocol/entries.ts';
import type { Refusal } from '../../src/protocol/errors.ts';
import { limits } from '../../src/protocol/limits.ts';
import type { PollReply } from '../../src/protocol/replies.ts';
import { Ref } from '../../src/supervisor/ref.ts';
import { FakeClock } from './fake-clock.ts';
import { quietLog } from './quiet-log.ts';

/** A process whose memory never changes. */
const plentyOfMemory = { residentBytes: () => 0, collect: (): void => undefined };

export const testSettings: Settings = {
  host: '127.0.0.1',
  port: 0,
  data: '',
  title: 'Encke',
  topicBy: 'everyone',
  trustedProxies: [],
  addressLimits: false,
  embedOrigins: [],
  publicUrl: null,
  passcode: null,
  keeperCode: 'abcde-fghjk-mnpqr-stuvw',
  pace: limits.paceMs,
  membersMax: 1_000,
  heldPollsMax: 1_000,
  memoryMaxMb: 2_048,
  log: 'text',
};

/** A poll that was sent, and its answer once there is one. */
export class SentPoll implements Waiter {
  answer: PollAnswer | null = null;
  /** What the post office holds, if it does. */
  held: HeldPoll | null = null;
  readonly #told: () => void;

  constructor(told: () => void) {
    this.#told = told;
  }

  tell(answer: PollAnswer): void {
    this.#told();
    if (this.answer !== null) throw new Error('The poll was answered twice');
    this.answer = answer;
  }

  isHeld(): boolean {
    return this.answer === null;
  }

  reply(): PollReply {
    if (this.answer === null) throw new Error('The poll is held');
    if (!this.answer.ok) throw new Error(`The poll was refused: ${this.answer.code}`);
    const { body } = this.answer;
    const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
    return JSON.parse(text) as PollReply;
  }

  refusal(): Refusal {
    if (this.answer === null || this.answer.ok) throw new Error('The poll was not refused');
    return this.answer;
  }

  seqs(): number[] {
    return this.reply().entries.map((entry) => entry.seq);
  }
}

export class TestChat {
  readonly clock = new FakeClock();
  readonly journal: MemoryJournal;
  readonly room = new Ref<Room>('room');
  readonly office = new Ref<PostOffice>('post-office');
  readonly crashes: unknown[] = [];
  readonly settings: Settings;
  /** From 0 up to 1: what every draw gives. */
  random = 0;
  /** How long it takes to send an answer. */
  answerMs = 0;
  #ids = 0;

  private constructor(settings: Partial<Settings>, journal?: MemoryJournal) {
    this.settings = { ...testSettings, ...settings };
    this.journal = journal ?? new MemoryJournal({ clock: this.clock });
  }

  static async open(settings: Partial<Settings> = {}): Promise<TestChat> {
    const chat = new TestChat(settings);
    await chat.openRoom();
    await chat.openOffice();
    return chat;
  }

  async openRoom(): Promise<void> {
    const parts = {
      journal: this.journal,
      clock: this.clock,
      log: quietLog,
      random: (count: number) => this.#randomBytes(count),
      secret: new Uint8Array(32),
      settings: this.settings,
    };
    this.room.set(await Room.open(parts, (reason) => this.crashes.push(reason)));
  }

  async openOffice(): Promise<void> {
    const office = await PostOffice.open({
      journal: this.journal,
      room: this.room,
      clock: this.clock,
      log: quietLog,
      random: () => this.random,
      memory: plentyOfMemory,
      telling: { isOn: false },
      heldPollsMax: this.settings.heldPollsMax,
      crashed: (reason) => this.crashes.push(reason),
    });
    this.office.set(office);
  }

  /** What a crash and restart does: the old one is closed, a new one reads the journal. */
  async restart(service: 'room' | 'office'): Promise<void> {
    if (service === 'room') {
      const old = this.room.now();
      this.room.set(null);
      await old.close();
      await this.openRoom();
    } else {
      const old = this.office.now();
      this.office.set(null);
      old.close();
      await this.openOffice();
    }
  }

  async join(nick: string): Promise<Who> {
    const joined = await this.tryJoin(nick);
    if (!joined.ok) throw new Error(`${nick} was refused: ${joined.code}`);
    return joined.member;
  }

  async tryJoin(nick: string, session: MemberId | null = null) {
    return await this.room.now().join({ nick, session, address: '192.0.2.1' });
  }

  /** Says something and answers with its seq. */
  async say(who: Who, text: string, id = `m${this.#ids++}`): Promise<Seq> {
    const spoken = await this.trySay(who, text, id);
    if (!spoken.ok) throw new Error(`"${text}" was refused: ${spoken.code}`);
    if (!('said' in spoken)) throw new Error(`"${text}" was a command`);
    return spoken.said.seq;
  }

  async trySay(who: Who, text: string, id = `m${this.#ids++}`) {
    return await this.room.now().say({ id: who.id, address: '192.0.2.1' }, { id, text });
  }

  /** Runs a command and answers with its reply, or the code of its refusal. */
  async command(who: Who, text: string): Promise<string> {
    const spoken = await this.trySay(who, text);
    if (!spoken.ok) return spoken.code;
    return 'reply' in spoken ? spoken.reply : `said ${spoken.said.seq}`;
  }

  cursor(): string {
    return this.office.now().cursor();
  }

  poll(who: Who, after: string, more: Partial<PollRequest> = {}): SentPoll {
    const cursor = parseCursor(after);
    if (cursor === null) throw new Error(`"${after}" is no cursor`);
    const sent = new SentPoll(() => this.clock.spend(this.answerMs));
    const request: PollRequest = {
      by: { member: who.id, mailbox: null },
      after: cursor,
      holdMs: 25_000,
      tab: 'a',
      turn: 0,
      extra: '',
      ...more,
    };
    sent.held = this.office.now().poll(request, sent);
    return sent;
  }

  #bytes = 0;
  #randomBytes(count: number): Uint8Array {
    this.#bytes++;
    const bytes = new Uint8Array(count);
    new DataView(bytes.buffer).setUint32(Math.max(0, count - 4), this.#bytes);
    return bytes;
  }
}
