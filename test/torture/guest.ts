/**
 * A client of the real library, and the person in front of it: says something, changes and deletes
 * it, reads back, reloads the page, lets the laptop sleep, leaves and comes again as somebody else.
 */
import { openCopy, type Copy } from '../../src/copy/copy.ts';
import type { CopyStorage } from '../../src/copy/kept.ts';
import type { Seq } from '../../src/protocol/entries.ts';
import type { HistoryRecord } from '../checker/record.ts';
import { Recorder } from './recorder.ts';

export interface GuestParts {
  readonly url: string;
  readonly name: string;
  readonly random: () => number;
  /** How long they pause between two things that they do, on average. */
  readonly pauseMs: number;
  readonly nowMs: () => number;
  readonly write: (record: HistoryRecord) => void;
  /** The client stopped following, and nobody had asked it to. */
  readonly lost: (how: string) => void;
  /** For a keeper: what makes them one. */
  readonly keeperCode?: string;
}

/** Not all come at the same moment. */
const arriveMsMax = 3_000;
/** How often somebody reloads, sleeps or leaves, on average. */
const turnMs = 90_000;
const sleepMsMax = 45_000;
/** Before somebody who was turned away comes again. */
const againMs = 2_000;
/** Own messages that are still spoken of. */
const ownMax = 5;
const emojis = ['👍', '🎉', '❤️'];

export class Guest {
  readonly #parts: GuestParts;
  /** Which of their memberships, and which page of it. */
  #life = 0;
  #page = 0;
  #client: Copy | null = null;
  #recorder: Recorder;
  #storage = new Map<string, string>();
  #own: Seq[] = [];
  #said = 0;
  #isCalm = false;
  #hasEnded = false;
  #isAsleep = false;
  /** Whom they have muted. */
  readonly #muted: string[] = [];
  #nicks = 0;
  #wake: () => void = () => undefined;

  constructor(parts: GuestParts) {
    this.#parts = parts;
    this.#recorder = this.#newLife();
  }

  get who(): string {
    return `${this.#parts.name}.${this.#life}.${this.#page}`;
  }

  /** Whether it should know everything that is said. */
  get isFollowing(): boolean {
    if (this.#client === null) return false;
    const { you, status } = this.#client.state;
    return you !== null && status.kind !== 'idle' && status.kind !== 'closed';
  }

  /** Whether it has taken in what it was given: a gap that it fills is shown as one meanwhile. */
  get isAtRest(): boolean {
    return this.#client?.state.status.kind === 'live' && this.#client.state.gaps.length === 0;
  }

  /** Lives until the end. */
  async live(): Promise<void> {
    await this.#pause(arriveMsMax * this.#parts.random());
    await this.#enter();
    let turnAt = this.#turnIn();
    while (!this.#hasEnded) {
      await this.#pause(-Math.log(1 - this.#parts.random()) * this.#parts.pauseMs);
      if (this.#hasEnded || this.#isCalm) continue;
      if (performance.now() > turnAt) {
        await this.#turn();
        turnAt = this.#turnIn();
      } else {
        this.#act();
      }
    }
  }

  calm(isCalm: boolean): void {
    this.#isCalm = isCalm;
    if (isCalm && this.#isAsleep) this.#wake();
  }

  /** Writes down what the screen says. */
  show(): void {
    if (this.#client !== null && this.isFollowing) this.#recorder.seen(this.#client.state);
  }

  end(): void {
    this.#hasEnded = true;
    this.#client?.close();
    this.#wake();
  }

  // --- What they do ---------------------------------------------------------------------------

  #act(): void {
    const client = this.#client;
    if (client === null || client.state.you === null) return;
    const { random } = this.#parts;
    const drawn = random();
    const own = this.#own[Math.floor(random() * this.#own.length)];
    const { lines } = client.state;
    const other = lines[Math.floor(random() * lines.length)];
    if (drawn < 0.04 && own !== undefined) void client.edit(own, `Changed, ${this.#words()}`);
    else if (drawn < 0.06 && own !== undefined) void this.#remove(client, own);
    else if (drawn < 0.12 && other?.type === 'message') {
      const emoji = emojis[Math.floor(random() * emojis.length)] ?? '';
      void client.react(other.seq, emoji, random() < 0.7);
    } else if (drawn < 0.14) client.typing();
    else if (drawn < 0.16) void client.history();
    else if (drawn < 0.17) void client.say(`/nick ${this.#nick()}n${++this.#nicks}`);
    else if (drawn < 0.18) void client.say(`/topic ${this.#words()}`);
    else if (drawn < 0.38 && this.#parts.keeperCode !== undefined) {
      this.#keep(client, this.#parts.keeperCode, other?.type === 'message' ? other.by.nick : null);
    } else void this.#say(client);
  }

  /** Becomes a keeper, mutes somebody, or lets them speak again: of each, others must not hear. */
  #keep(client: Copy, code: string, nick: string | null): void {
    const muted = this.#muted.shift();
    if (client.state.you?.role !== 'keeper') void client.say(`/keeper ${code}`);
    else if (muted !== undefined) void client.say(`/unmute ${muted}`);
    else if (nick !== null) {
      this.#muted.push(nick);
      void client.say(`/mute ${nick}`);
    }
  }

  async #say(client: Copy): Promise<void> {
    const spoken = await client.say(this.#words());
    if (!spoken.ok || !('seq' in spoken)) return;
    this.#own = [...this.#own, spoken.seq].slice(-ownMax);
  }

  async #remove(client: Copy, seq: Seq): Promise<void> {
    this.#own = this.#own.filter((own) => own !== seq);
    await client.remove(seq);
  }

  #words(): string {
    return `${this.#parts.name} says its ${++this.#said}th`;
  }

  // --- How they come and go -------------------------------------------------------------------

  async #turn(): Promise<void> {
    const drawn = this.#parts.random();
    const client = this.#client;
    if (drawn < 0.45) {
      client?.close();
      await this.#resume();
    } else if (drawn < 0.75) {
      client?.close();
      this.#isAsleep = true;
      await this.#pause(sleepMsMax * this.#parts.random());
      this.#isAsleep = false;
      await this.#resume();
    } else {
      // It may be that nobody hears it: then the lease ends it.
      await client?.leave();
      client?.close();
      await this.#enterAnew();
    }
  }

  async #enterAnew(): Promise<void> {
    this.#life++;
    this.#page = 0;
    this.#recorder = this.#newLife();
    await this.#enter();
  }

  async #enter(): Promise<void> {
    if (this.#hasEnded) return;
    this.#storage = new Map();
    this.#own = [];
    const client = this.#connect();
    this.#client = client;
    while (!this.#hasEnded) {
      const joined = await client.join(this.#nick());
      if (joined.ok || this.#hasEnded) return;
      if (joined.code === 'NICK_TAKEN') {
        // The same join may be asked for again and again: this is somebody else.
        this.#parts.lost('NICK_TAKEN');
        client.close();
        return await this.#enterAnew();
      }
      await this.#pause(againMs * this.#parts.random());
    }
  }

  async #resume(): Promise<void> {
    if (this.#hasEnded) return;
    this.#page++;
    this.#recorder = this.#recorder.reloaded(this.who);
    const client = this.#connect();
    this.#client = client;
    const isBack = await client.resume();
    if (isBack || this.#hasEnded || client.state.status.kind !== 'idle') return;
    // Away for longer than the lease: the page shows the room to a stranger, who joins again.
    client.close();
    await this.#enterAnew();
  }

  #connect(): Copy {
    const recorder = this.#recorder;
    const client = openCopy({
      url: this.#parts.url,
      token: '',
      storage: storageIn(this.#storage),
      fetch: (input, init) => recorder.fetch(input, init),
    });
    client.on('entry', (entry) => recorder.shown(entry));
    client.on('status', ({ kind, ...more }) => {
      if (kind !== 'out' && kind !== 'superseded') return;
      this.#parts.lost('code' in more ? more.code : kind);
      // A superseded client is left as it is: if nobody superseded it, it will be found stuck.
      if (kind === 'out') setTimeout(() => void this.#comeBack(client), againMs);
    });
    return client;
  }

  async #comeBack(client: Copy): Promise<void> {
    client.close();
    if (!this.#hasEnded && this.#client === client) await this.#enterAnew();
  }

  #nick(): string {
    return `${this.#parts.name}-${this.#life}`;
  }

  #newLife(): Recorder {
    const { nowMs, write } = this.#parts;
    return new Recorder({
      who: this.who,
      fetch: (input, init) => fetch(input, init),
      nowMs,
      write,
    });
  }

  #turnIn(): number {
    return performance.now() - Math.log(1 - this.#parts.random()) * turnMs;
  }

  async #pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function storageIn(kept: Map<string, string>): CopyStorage {
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}
