/**
 * A raw client: somebody with a token and some tabs, who keeps every cursor and every message that
 * they ever had, and asks again what they asked before.
 */
import type { MemberId, Role, Seq, WireEntry, Who } from '../../src/protocol/entries.ts';
import type { HistoryPage, Joined } from '../../src/protocol/replies.ts';
import { delivered } from '../checker/from-wire.ts';
import { ask, type Answer, type Asking, type Question } from './ask.ts';
import type { Chance } from './chance.ts';
import type { Line } from './network.ts';
import { Tab } from './tab.ts';
import type { World } from './world.ts';

/** A message that was said, and what is known of it. */
export interface SaidBefore {
  readonly by: MemberId;
  readonly id: string;
  readonly text: string;
  /** Where it stands; null while nobody has said so. */
  seq: Seq | null;
  history: number;
}

export const tabsMax = 3;

export class Person {
  readonly name: string;
  readonly line: Line;
  readonly chance: Chance;
  readonly tabs: Tab[] = [];
  readonly said: SaidBefore[] = [];
  /** Where they have reacted, as paths. */
  readonly reacted: string[] = [];
  token: string | null = null;
  who: Who | null = null;
  nick: string;
  /** Whether they want to be in the room. */
  isIn = false;
  /** Their machine is gone for good. */
  isGone = false;
  readonly #world: World;
  #tabs = 0;
  #ids = 0;
  /** What they have said under each id of theirs. */
  readonly #texts = new Map<string, Set<string>>();
  #joining: Promise<boolean> | null = null;
  #joinId: string | null = null;

  constructor(world: World, name: string, line: Line) {
    this.#world = world;
    this.name = name;
    this.nick = name;
    this.line = line;
    this.chance = world.chance.of(name);
  }

  get asking(): Asking {
    return { line: this.line, timeline: this.#world.timeline, chance: this.chance };
  }

  get role(): Role {
    return this.who?.role ?? 'member';
  }

  get openTabs(): readonly Tab[] {
    return this.tabs.filter((tab) => !tab.isClosed);
  }

  /** Comes into the room, and opens a tab with what the join says. */
  async join(nick = this.nick): Promise<boolean> {
    if (this.isGone) return false;
    this.#joining ??= this.#join(nick).finally(() => (this.#joining = null));
    return await this.#joining;
  }

  async #join(nick: string): Promise<boolean> {
    const { recorder } = this.#world;
    const tab = this.#newTab();
    // The same join is sent with the same id, until somebody has answered it.
    this.#joinId ??= this.newId(22);
    const body = { nick, id: this.#joinId };
    const nr = recorder.nr();
    recorder.add(tab.who, nr, { do: 'begin', is: 'invoke' });
    const answer = await this.ask({ method: 'POST', path: '/v1/join', body });
    if (answer === null) {
      recorder.add(tab.who, nr, { do: 'begin', is: 'unknown' });
      tab.close();
      return false;
    }
    if (answer.status !== 201) {
      recorder.add(tab.who, nr, { do: 'begin', is: 'fail', code: answer.code });
      tab.close();
      this.#refused(answer.code);
      return false;
    }
    const joined = answer.body as Joined;
    // Who is somebody else now sees with other eyes.
    if (joined.you.id !== this.who?.id) this.#closeAllBut(tab);
    this.token = joined.token;
    this.who = joined.you;
    this.nick = joined.you.nick;
    this.isIn = true;
    this.#joinId = null;
    tab.begin(nr, answer);
    // Who comes back after a lapse has tabs that go on from where they stood.
    if (this.openTabs.length > tabsMax) tab.close();
    else tab.follow();
    return true;
  }

  /** Opens one more tab. */
  open(): Tab {
    const tab = this.#newTab();
    tab.follow();
    return tab;
  }

  /** Everything they have open is gone, without a word. */
  vanish(): void {
    for (const tab of this.tabs) tab.close();
    this.tabs.length = 0;
  }

  /** Joins again after a lapse. Those who were sent out do not come back unasked. */
  async comeBack(): Promise<void> {
    if (!this.isIn) return;
    await this.join();
  }

  sentOut(): void {
    this.isIn = false;
    this.vanish();
  }

  you(who: Who): void {
    this.who = who;
    this.nick = who.nick;
  }

  async ask(question: Omit<Question, 'token'>): Promise<Answer | null> {
    return await ask(this.asking, { ...question, token: this.token });
  }

  /** Says something, perhaps again. Everything about it is recorded under the id of the message. */
  async say(message: SaidBefore, by: string): Promise<Answer | null> {
    const { recorder, trace } = this.#world;
    const { id, text } = message;
    const nr = recorder.nr();
    const key = `${message.by}:${id}`;
    recorder.add(by, nr, { do: 'say', is: 'invoke', key, text: asWritten(text) });
    this.#texts.set(key, (this.#texts.get(key) ?? new Set()).add(text));
    const answer = await this.ask({ method: 'POST', path: '/v1/messages', body: { id, text } });
    if (answer === null) {
      recorder.add(by, nr, { do: 'say', is: 'unknown' });
      return null;
    }
    if (answer.status === 200 || answer.status === 201) {
      const { seq } = answer.body as { seq: Seq };
      recorder.add(by, nr, { do: 'say', is: 'ok', epoch: answer.epoch, seq });
      message.seq = seq;
      message.history = answer.history;
      trace.count(answer.status === 200 ? 'said again' : 'said');
      return answer;
    }
    trace.count(`say ${answer.code}`);
    if (answer.code === 'ID_REUSED' && this.#texts.get(key)?.size === 1) {
      trace.trouble('reused', `"${key}" is said to belong to something else`);
    }
    // A server that could not go on does not know how far it had come; a full disk does.
    const isUnknown = answer.isCopied || (answer.status >= 500 && answer.code !== 'DISK_FULL');
    if (isUnknown) recorder.add(by, nr, { do: 'say', is: 'unknown' });
    else recorder.add(by, nr, { do: 'say', is: 'fail', code: answer.code });
    return answer;
  }

  /** Reads what a reply has left out. */
  async fill(tab: Tab, gap: { readonly from: Seq; readonly to: Seq }): Promise<void> {
    for (let at: number = gap.from; at < gap.to && !tab.isClosed;) {
      const page = await this.page(at);
      const last = page?.entries.at(-1)?.seq;
      if (page === null || last === undefined || !page.more) return;
      at = last;
    }
  }

  /** Reads a page of the history after a place. */
  async page(after: number, limit = 200): Promise<HistoryPage | null> {
    const { recorder } = this.#world;
    const { token } = this;
    // By itself: whoever has lapsed without knowing it is shown what strangers are shown.
    const who = `${this.name}.pages`;
    const nr = recorder.nr();
    recorder.add(who, nr, { do: 'page', is: 'invoke' });
    const path = `/v1/messages?after=${after}&limit=${limit}`;
    const answer = await ask(this.asking, { path, token });
    if (answer === null) {
      recorder.add(who, nr, { do: 'page', is: 'unknown' });
      return null;
    }
    if (answer.status !== 200) {
      recorder.add(who, nr, { do: 'page', is: 'fail', code: answer.code });
      return null;
    }
    const page = answer.body as HistoryPage;
    recorder.add(who, nr, {
      do: 'page',
      is: 'ok',
      epoch: answer.epoch,
      from: after,
      to: page.entries.at(-1)?.seq ?? after,
      entries: page.entries.map((entry: WireEntry) => delivered(entry)),
    });
    return page;
  }

  newMessage(text: string): SaidBefore {
    if (this.who === null) throw new Error(`${this.name} is nobody`);
    const message = { by: this.who.id, id: `m${++this.#ids}`, text, seq: null, history: 0 };
    this.said.push(message);
    return message;
  }

  newId(length: number): string {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    return Array.from(this.chance.bytes(length), (byte) => alphabet.charAt(byte & 63)).join('');
  }

  /** What somebody does who was not let in. */
  #refused(code: string): void {
    if (code === 'NICK_TAKEN' || code === 'BANNED') this.nick = `${this.name}-${this.newId(3)}`;
    if (code === 'NICK_TAKEN' || code === 'ID_REUSED') this.#joinId = null;
    if (code !== 'BANNED') return;
    this.token = null;
    this.who = null;
  }

  #closeAllBut(tab: Tab): void {
    for (const other of this.tabs) if (other !== tab) other.close();
  }

  #newTab(): Tab {
    const name = `t${++this.#tabs}`;
    const tab = new Tab(this.#world, this, `${this.name}.${name}`, name);
    this.tabs.push(tab);
    return tab;
  }
}

/** What a text says once it is recorded: two strokes write one. */
export function asWritten(text: string): string {
  return text.startsWith('//') ? text.slice(1) : text.replace(/^\/me /, '');
}
