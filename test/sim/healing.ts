/**
 * The end of a run: everything is well again, and so everything that was held up must go on. Who is
 * here catches up, what was said is answered, who has gone is gone, and all see the same room.
 */
import type { WireEntry } from '../../src/protocol/entries.ts';
import type { HistoryPage, Snapshot } from '../../src/protocol/replies.ts';
import { parseCursor } from '../../src/protocol/cursor.ts';
import { formOf } from '../checker/from-wire.ts';
import { acts } from './acts.ts';
import { ask } from './ask.ts';
import type { Auditor } from './auditor.ts';
import { foldOf } from './fold.ts';
import type { LibraryClient } from './library-client.ts';
import type { Person } from './person.ts';
import type { World } from './world.ts';

/** A hold, a lease, a back-off of the client at its longest: all of it fits. */
const healMs = 100_000;
const lookMs = 2_500;
/** In which a new message must have reached everybody. */
const reachMs = 1_000;

const hurriedRounds = 12;
/** In which several say something, and in which all of that is recorded. */
const momentMs = 25;
const saidMs = 25;
/** A wake-up and its way; less than a heartbeat, whose probe wakes whoever was forgotten. */
const atOnceMs = 150;
const busyMs = 14;
/** The longest tide, and everything that is on its way. */
const tideMs = 2_500;

interface Ready {
  readonly ready: boolean;
  readonly online: number | null;
  readonly load: { readonly mailboxes: number; readonly held: number } | null;
}

export class Healing {
  readonly #world: World;
  readonly #auditor: Auditor;
  readonly #people: readonly Person[];
  readonly #pages: readonly LibraryClient[];
  /** Whose machine is gone for good. */
  #vanished: Person | null = null;

  constructor(
    world: World,
    auditor: Auditor,
    people: readonly Person[],
    pages: readonly LibraryClient[],
  ) {
    this.#world = world;
    this.#auditor = auditor;
    this.#people = people;
    this.#pages = pages;
  }

  /** Lets everybody come back who is not there, and gives them the time for it. */
  async heal(): Promise<void> {
    const { timeline, chance, trace } = this.#world;
    for (const { line } of [...this.#people, ...this.#pages]) line.isAway = false;
    this.#vanished = chance.pick(this.#people) ?? null;
    for (const person of this.#people) {
      person.isIn = true;
      for (const tab of person.openTabs) tab.isAsleep = false;
    }
    if (this.#vanished !== null) {
      this.#vanished.isGone = true;
      this.#vanished.isIn = false;
      this.#vanished.vanish();
    }
    const endMs = timeline.nowMs + healMs;
    while (timeline.nowMs < endMs) {
      for (const person of this.#present()) {
        if (person.openTabs.length === 0) void person.join();
      }
      for (const page of this.#pages) {
        if (!page.isIn) void page.join();
        page.takeBack();
      }
      await timeline.pass(lookMs);
      // What was under way when all was healed is over by now.
      if (timeline.nowMs > endMs - 55_000)
        trace.wellSinceMs = Math.min(trace.wellSinceMs, timeline.nowMs);
    }
  }

  /** Says something, and demands that it goes everywhere. */
  async demand(): Promise<void> {
    const { timeline, recorder, trace } = this.#world;
    await this.#fillGaps();
    if (!(await this.#sayLast())) trace.trouble('unserved', 'nothing can be said');
    await timeline.pass(reachMs);
    this.#auditor.read();
    const clients = [
      ...this.#present().flatMap((person) => person.openTabs.map((tab) => tab.who)),
      ...this.#pages.map((page) => page.who),
    ];
    const { epoch, readTo: seq, entries } = this.#auditor;
    recorder.add('run', recorder.nr(), { do: 'healed', is: 'ok', epoch, seq, clients });
    await this.#compareViews();
    for (const page of this.#pages) {
      const { kind } = page.client.state.status;
      if (kind !== 'live') trace.trouble('unserved', `${page.who} is ${kind}`);
      if (page.outstanding > 0)
        trace.trouble('late', `${page.who} waits for ${page.outstanding} answers`);
    }
    await this.#compareLoad(foldOf(entries).members.length);
  }

  /**
   * Whoever asks just when something is said hears of it at once; on a machine that has much to do,
   * with the tide.
   */
  async hurry(): Promise<void> {
    const { host } = this.#world;
    for (let round = 0; round < hurriedRounds; round++) {
      const isBusy = round % 4 === 3;
      if (host.life !== null) host.life.busyMs = isBusy ? busyMs : 0;
      await this.#sayAtOnce(round, isBusy ? tideMs : atOnceMs);
      if (host.life !== null) host.life.busyMs = 0;
    }
  }

  /** Several say something in a moment; soon after that everybody has it. */
  async #sayAtOnce(round: number, withinMs: number): Promise<void> {
    const { timeline, trace, chance } = this.#world;
    for (const person of this.#present()) {
      const tab = person.openTabs[0];
      if (person.who === null || tab === undefined) continue;
      timeline.after(chance.between(0, momentMs), () => {
        void person.say(person.newMessage(`in a hurry ${round}`), tab.who);
      });
    }
    await timeline.pass(momentMs + saidMs);
    this.#auditor.read();
    const { readTo } = this.#auditor;
    await timeline.pass(withinMs);
    for (const tab of this.#present().flatMap((person) => person.openTabs)) {
      const seq = tab.at?.seq ?? 0;
      if (seq < readTo) trace.trouble('late', `${tab.who} stands at ${seq} and not at ${readTo}`);
    }
  }

  /** The room is stopped in order. */
  async stop(): Promise<void> {
    const { host, timeline, trace } = this.#world;
    trace.wellSinceMs = Infinity;
    for (const person of this.#people) person.vanish();
    for (const page of this.#pages) page.dispose();
    host.stop();
    await timeline.pass(12_000);
    if (host.isRunning) trace.trouble('unserved', 'the room does not stop');
  }

  #present(): readonly Person[] {
    return this.#people.filter((person) => person !== this.#vanished);
  }

  async #fillGaps(): Promise<void> {
    for (let round = 0; round < 5; round++) {
      for (const { client } of this.#pages) {
        for (const gap of client.state.gaps) void client.history(gap);
      }
      await this.#world.timeline.pass(500);
    }
  }

  /** Somebody may be muted, or slowed down; not everybody is. */
  async #sayLast(): Promise<boolean> {
    const { timeline } = this.#world;
    for (let tries = 0; tries < 3; tries++) {
      for (const person of this.#present()) {
        const tab = person.openTabs[0];
        if (person.who === null || tab === undefined) continue;
        // A room in which only keepers may write, and none is there, needs one.
        if (tries > 0) acts.becomeKeeper(person, this.#world, []);
        await timeline.pass(250);
        let isSaid: boolean | null = null;
        void person.say(person.newMessage('the last word'), tab.who).then((answer) => {
          isSaid = answer !== null && answer.status < 300;
        });
        await timeline.pass(250);
        if (isSaid === true) return true;
      }
      await timeline.pass(2_500);
    }
    return false;
  }

  async #compareViews(): Promise<void> {
    const { recorder, timeline } = this.#world;
    const { epoch, readTo, entries } = this.#auditor;
    for (const page of this.#pages) {
      const view = page.view();
      if (view !== null) recorder.add(page.who, recorder.nr(), view);
    }
    const fold = foldOf(entries);
    recorder.add('journal', recorder.nr(), {
      do: 'view',
      is: 'ok',
      of: 'journal',
      epoch,
      seq: readTo,
      ...fold,
    });
    const person = this.#present()[0];
    if (person === undefined) return;
    void this.#fetchAll(person);
    await timeline.pass(500);
  }

  /** The room as somebody sees it who comes in now and reads back to its beginning. */
  async #fetchAll({ asking, token }: Person): Promise<void> {
    const { recorder } = this.#world;
    const room = await ask(asking, { path: '/v1/room', token });
    if (room?.status !== 200) return;
    const { cursor, entries, members } = room.body as Snapshot;
    const at = parseCursor(cursor);
    if (at === null) return;
    const view = { do: 'view', is: 'ok', of: 'fetch', epoch: at.epoch, seq: at.seq } as const;
    const formsOf = (messages: readonly WireEntry[]) =>
      messages.flatMap((line) =>
        line.type === 'message' ? [{ seq: line.seq, form: formOf(line) }] : [],
      );
    const named = members === undefined ? {} : { members: members.map(({ id }) => id) };
    recorder.add('fetcher', recorder.nr(), { ...view, lines: formsOf(entries), ...named });
    let read: readonly WireEntry[] = [];
    for (let more = true; more;) {
      const path = `/v1/messages?before=${read[0]?.seq ?? at.seq + 1}&limit=200`;
      const page = await ask(asking, { path, token });
      if (page?.status !== 200) return;
      const { entries: older, more: isMore } = page.body as HistoryPage;
      read = [...older, ...read];
      more = isMore;
    }
    recorder.add('fetcher', recorder.nr(), { ...view, lines: formsOf(read) });
  }

  /** What the server holds for those who are here, and for nobody else. */
  async #compareLoad(members: number): Promise<void> {
    const { timeline, trace } = this.#world;
    const tabs = this.#present().reduce((sum, person) => sum + person.openTabs.length, 0);
    const polls = tabs + this.#pages.length;
    const expected = `${members} online, as many mailboxes, ${polls} polls`;
    let found = '';
    // A poll that ends just now is followed by the next one, which is on its way.
    for (let tries = 0; tries < 20; tries++) {
      let isWell = false;
      void this.#ready().then((ready) => {
        const { online, load } = ready ?? { online: null, load: null };
        found = JSON.stringify({ ready: ready?.ready, online, load });
        const isEverybody = online === members && load?.mailboxes === members;
        isWell = ready?.ready === true && isEverybody && load?.held === polls;
      });
      await timeline.pass(150);
      if (isWell) return this.#comparePresence(members);
    }
    trace.trouble('leftover', `the server holds ${found}, and not ${expected}`);
  }

  #comparePresence(members: number): void {
    const ids = new Set([
      ...this.#present().map((person) => person.who?.id),
      ...this.#pages.map((page) => page.client.state.you?.id),
    ]);
    ids.delete(undefined);
    if (ids.size === members) return;
    this.#world.trace.trouble('leftover', `${members} are in the room, and ${ids.size} are there`);
  }

  async #ready(): Promise<Ready | null> {
    const [person] = this.#people;
    if (person === undefined) return null;
    const answer = await ask(person.asking, { path: '/readyz' });
    return answer === null ? null : (answer.body as Ready);
  }
}
