/**
 * A page with the real client library in it: reloaded, hidden, put to sleep, and brought back. What
 * it is shown is recorded as one screen; what it sends for a message, as saying it.
 */
import { openCopy, type Copy } from '../../src/copy/copy.ts';
import type { CopyStorage, Kept as KeptPage } from '../../src/copy/kept.ts';
import type { Message, WireEntry } from '../../src/protocol/entries.ts';
import { parseCursor } from '../../src/protocol/cursor.ts';
import { FakePane } from '../../src/copy/testing/scene.ts';
import { delivered, formOf } from '../checker/from-wire.ts';
import type { View } from '../checker/record.ts';
import { epochHeader } from './ask.ts';
import type { Chance } from './chance.ts';
import type { Line } from './network.ts';
import { recording } from './recording.ts';
import { Life } from './sim-clock.ts';
import type { World } from './world.ts';

export class LibraryClient {
  readonly name: string;
  readonly line: Line;
  readonly chance: Chance;
  client: Copy;
  /** Which of its lives this is: each has a screen of its own. */
  who = '';
  /** Said, and neither recorded nor refused. */
  outstanding = 0;
  readonly #world: World;
  readonly #items = new Map<string, string>();
  #pane = new FakePane();
  #life: Life;
  #lives = 0;
  #hasBegun = false;
  /** Which client is just trying to come in. */
  #joining: Copy | null = null;
  /** The answer with which it may begin just now. */
  #beginning: number | null = null;
  /** And of which history it is. */
  #beginningIn = '';

  constructor(world: World, name: string, line: Line) {
    this.#world = world;
    this.name = name;
    this.line = line;
    this.chance = world.chance.of(name);
    this.#life = new Life(world.timeline, this.chance);
    this.client = this.#open();
  }

  get isIn(): boolean {
    return this.client.state.you !== null;
  }

  /** Comes in, as somebody at the keyboard would, with another nick when that one is taken. */
  async join(): Promise<void> {
    const { client } = this;
    const { kind } = client.state.status;
    if (this.#joining === client || (kind !== 'idle' && kind !== 'out')) return;
    this.#joining = client;
    this.#hasBegun = false;
    const nick = this.chance.happens(0.7) ? this.name : `${this.name}-${this.chance.below(1_000)}`;
    const joined = await client.join(nick);
    this.#joining = null;
    this.#world.trace.note(
      this.who,
      joined.ok ? `joined as ${nick}` : `not let in: ${joined.code}`,
    );
    // Who is banned begins again as somebody else.
    if (!joined.ok && joined.code === 'BANNED' && client === this.client) {
      this.#items.clear();
      this.reload(false);
    }
  }

  /** Says something; whatever becomes of it, it must become something. */
  async say(text: string): Promise<void> {
    if (!this.isIn) return;
    this.outstanding++;
    await this.client.say(text);
    this.outstanding--;
  }

  /** The page is loaded anew: said goodbye to, or lost in a crash. */
  reload(isOrderly: boolean): void {
    if (isOrderly) {
      this.#pane.fire('pagehide', { persisted: false });
      this.client.close();
    }
    this.#life.end();
    this.outstanding = 0;
    this.client = this.#open();
    void this.client.resume();
  }

  /** The machine sleeps: nothing of it runs for a while. */
  sleep(ms: number): void {
    this.#life.freeze(ms);
  }

  /** The reader looks at it again. */
  wake(): void {
    this.#pane.fire('visibilitychange');
  }

  /** What another page under the same name has taken over comes back here. */
  takeBack(): void {
    if (this.client.state.status.kind === 'superseded') this.client.reconnect();
  }

  offline(ms: number): void {
    const pane = this.#pane;
    this.line.isAway = true;
    pane.navigator.onLine = false;
    pane.fire('offline');
    this.#world.timeline.after(ms, () => {
      this.line.isAway = false;
      pane.navigator.onLine = true;
      pane.fire('online');
    });
  }

  /** Changes a message that is on the screen. */
  amend(): void {
    const { lines, you } = this.client.state;
    const messages = lines.filter((line) => line.type === 'message');
    const any = this.chance.pick(messages);
    const own = this.chance.pick(messages.filter(({ by }) => by.id === you?.id));
    const isMine = ({ reactions = [] }: Message): boolean =>
      you !== null && reactions.some(({ by }) => by.includes(you.id));
    const reacted = this.chance.happens(0.5)
      ? this.chance.pick(messages.filter(isMine))
      : undefined;
    if (reacted !== undefined) void this.client.react(reacted.seq, '🎉', false);
    else if (this.chance.happens(0.6)) {
      if (any !== undefined) void this.client.react(any.seq, '🎉', true);
    } else if (own !== undefined) {
      if (this.chance.happens(0.3)) void this.client.remove(own.seq);
      else void this.client.edit(own.seq, `edited ${this.chance.below(1_000)}`);
    }
  }

  /** Where it has read to; null while it is nobody. */
  position(): { readonly epoch: string; readonly seq: number } | null {
    const { position } = this.#kept();
    const cursor = position === null ? null : parseCursor(position.cursor);
    return position === null || cursor === null ? null : { epoch: cursor.epoch, seq: position.to };
  }

  /** Its screen, as it stands. */
  view(): View | null {
    const at = this.position();
    if (at === null) return null;
    const { lines, members } = this.client.state;
    return {
      do: 'view',
      is: 'ok',
      of: 'screen',
      ...at,
      lines: lines.flatMap((line) =>
        // What it was told is recorded is shown before its entry comes.
        line.type === 'message' && line.seq <= at.seq
          ? [{ seq: line.seq, form: formOf(line) }]
          : [],
      ),
      ...(members === null ? {} : { members: members.map(({ id }) => id) }),
    };
  }

  dispose(): void {
    this.client.close();
    this.#life.end();
  }

  #open(): Copy {
    const { timeline } = this.#world;
    this.#life = new Life(timeline, this.chance);
    this.#pane = new FakePane();
    this.who = `${this.name}.${++this.#lives}`;
    this.#hasBegun = false;
    const { who } = this;
    const life = this.#life;
    const isThis = (): boolean => this.who === who;
    const storage: CopyStorage = {
      getItem: (key) => this.#items.get(key) ?? null,
      setItem: (key, value) => {
        if (!isThis()) return;
        this.#items.set(key, value);
        this.#stored();
      },
      removeItem: (key) => void (isThis() && this.#items.delete(key)),
    };
    const client = openCopy({
      url: '',
      token: '',
      fetch: recording(
        async (url, init) => await this.#fetch(life, url, init),
        this.#world.recorder,
        () => ({ who, member: isThis() ? (this.client.state.you?.id ?? null) : null }),
      ),
      clock: this.#life,
      random: () => this.chance.next(),
      pane: this.#pane,
      storage,
    });
    client.on('entry', (entry) => isThis() && this.#shown(entry));
    client.on('reset', () => isThis() && this.#reset());
    return client;
  }

  /** A page that is gone sends nothing, and hears of nothing. */
  async #fetch(life: Life, url: string, init: RequestInit): Promise<Response> {
    const never = new Promise<never>(() => {});
    if (life.isOver) return await never;
    const { recorder, timeline } = this.#world;
    const nr = recorder.nr();
    const isBeginning = /\/v1\/(room|join)$/.test(url);
    if (isBeginning) recorder.add(this.who, nr, { do: 'begin', is: 'invoke' });
    const { who } = this;
    const response = await this.line.fetch(url, init);
    if (life.isOver) return await never;
    if (isBeginning) {
      // The client begins with it or not; if it does, it does so at once.
      this.#beginning = nr;
      this.#beginningIn = response.headers.get(epochHeader) ?? '';
      timeline.after(0, () => {
        if (this.#beginning === nr) recorder.add(who, nr, { do: 'begin', is: 'unknown' });
        if (this.#beginning === nr) this.#beginning = null;
      });
    }
    return response;
  }

  /** The first thing that is stored with a position is the beginning of a screen. */
  #stored(): void {
    if (!this.#hasBegun) this.#begun();
  }

  /** Who left another history and joins this one has begun with what was stored a moment ago. */
  #reset(): void {
    if (this.#beginning !== null) this.#begun();
  }

  /** A screen begins: with a snapshot and behind it, or where a page before it had read to. */
  #begun(): void {
    const { position } = this.#kept();
    const cursor = position === null ? null : parseCursor(position.cursor);
    const { you, lines } = this.client.state;
    if (cursor === null) return;
    this.#hasBegun = true;
    // A snapshot of another history than the cursor's: the next poll will tell, and it begins anew.
    if (cursor.epoch !== this.#beginningIn) return;
    const { seq } = cursor;
    const nr = this.#beginning;
    if (nr === null) throw new Error(`${this.who} begins with nothing that it asked for`);
    this.#beginning = null;
    this.#world.recorder.add(this.who, nr, {
      do: 'begin',
      is: 'ok',
      epoch: cursor.epoch,
      seq,
      entries: lines.flatMap((line) =>
        line.type === 'message' && line.seq <= seq ? [delivered(line)] : [],
      ),
      ...(you === null ? {} : { member: you.id, role: you.role }),
    });
  }

  #shown(entry: WireEntry): void {
    const { recorder, trace } = this.#world;
    const epoch = this.position()?.epoch ?? '';
    recorder.add(this.who, recorder.nr(), { do: 'show', is: 'ok', epoch, ...delivered(entry) });
    trace.count('shown');
  }

  #kept(): KeptPage {
    const text = this.#items.get('encke:');
    if (text === undefined) return { position: null, outbox: [] };
    return JSON.parse(text) as KeptPage;
  }
}
