/**
 * One tab of a raw client: it polls with the cursor of the last reply, and again when that fails.
 * It is one `who` of the history, from its beginning to its end.
 */
import type { MemberId, WireEntry } from '../../src/protocol/entries.ts';
import type { Snapshot, PollReply } from '../../src/protocol/replies.ts';
import { parseCursor } from '../../src/protocol/cursor.ts';
import { delivered } from '../checker/from-wire.ts';
import type { Answer } from './ask.ts';
import { ask } from './ask.ts';
import type { Person } from './person.ts';
import { isCutOff, type Kept, type World } from './world.ts';

/** A cursor, with what it says of itself. */
export function kept(cursor: string, history: number): Kept {
  const parsed = parseCursor(cursor);
  if (parsed === null) throw new Error(`"${cursor}" is no cursor`);
  return { cursor, epoch: parsed.epoch, seq: parsed.seq, history };
}

const cursorsMax = 200;

export class Tab {
  readonly who: string;
  readonly name: string;
  /** Where it stands; null before it has begun. */
  at: Kept | null = null;
  isAsleep = false;
  isClosed = false;
  /** Every place where it ever stood, or almost. */
  readonly cursors: Kept[] = [];
  readonly #world: World;
  readonly #person: Person;
  #turn = 0;
  #isFollowing = false;

  constructor(world: World, person: Person, who: string, name: string) {
    this.#world = world;
    this.#person = person;
    this.who = who;
    this.name = name;
  }

  /** Records that it begins with a snapshot, and goes on from there. */
  begin(nr: number, { body, history }: Answer): void {
    const snapshot = body as Snapshot;
    this.at = kept(snapshot.cursor, history);
    const { members, you, entries } = snapshot;
    this.#world.recorder.add(this.who, nr, {
      do: 'begin',
      is: 'ok',
      epoch: this.at.epoch,
      seq: this.at.seq,
      entries: entries.map(delivered),
      ...(you === undefined ? {} : { member: you.id, role: you.role }),
      ...(members === undefined ? {} : { members: members.map(({ id }) => id) }),
    });
    this.#keep(this.at);
  }

  /** Takes a snapshot and begins with it. False when it was not to be had. */
  async takeRoom(): Promise<boolean> {
    const { recorder } = this.#world;
    const nr = recorder.nr();
    recorder.add(this.who, nr, { do: 'begin', is: 'invoke' });
    const { token } = this.#person;
    const answer = await ask(this.#person.asking, { path: '/v1/room', token });
    if (answer === null || this.isClosed) {
      recorder.add(this.who, nr, { do: 'begin', is: 'unknown' });
      return false;
    }
    if (answer.status !== 200) {
      recorder.add(this.who, nr, { do: 'begin', is: 'fail', code: answer.code });
      return false;
    }
    if ((answer.body as Snapshot).you === undefined) {
      // The room has forgotten who they are: what it shows to strangers is no beginning for them.
      recorder.add(this.who, nr, { do: 'begin', is: 'fail', code: 'NO_SESSION' });
      await this.#person.comeBack();
      return false;
    }
    this.begin(nr, answer);
    return true;
  }

  /** Polls until it is closed. */
  follow(): void {
    if (this.#isFollowing) return;
    this.#isFollowing = true;
    void this.#follow();
  }

  close(): void {
    this.isClosed = true;
  }

  /** Polls once, from where it stands or from an earlier place. */
  async poll(
    from: Kept,
    holdS: number,
    name = this.name,
    turn = ++this.#turn,
  ): Promise<Answer | null> {
    const { recorder, timeline, trace, cuts } = this.#world;
    const nr = recorder.nr();
    const { cursor, epoch, seq } = from;
    recorder.add(this.who, nr, {
      do: 'poll',
      is: 'invoke',
      epoch,
      after: seq,
      holdMs: holdS * 1_000,
    });
    const isStale = isCutOff(from, cuts);
    const begunMs = timeline.nowMs;
    const asker = this.#person.who?.id;
    const answer = await ask(this.#person.asking, {
      path: `/v1/poll?after=${cursor}&hold=${holdS}&tab=${name}&turn=${turn}`,
      token: this.#person.token,
      deadlineMs: holdS * 1_000 + 10_000,
    });
    if (answer === null || this.isClosed) {
      recorder.add(this.who, nr, { do: 'poll', is: 'unknown' });
      const isLost = !this.isClosed && begunMs > trace.wellSinceMs;
      if (isLost) trace.trouble('unserved', `${this.who} polled, and nobody answered`);
      return null;
    }
    if (!answer.isFresh) trace.count('cacheable');
    if (answer.status !== 200) {
      recorder.add(this.who, nr, { do: 'poll', is: 'fail', code: answer.code });
      trace.count(`poll ${answer.code}`);
      return answer;
    }
    const reply = answer.body as PollReply;
    this.#record(nr, answer, reply, timeline.nowMs - begunMs);
    if (isStale) {
      trace.trouble('stale', `${this.who} polled at ${seq}, which was cut off, and was answered`);
    }
    this.#keep(kept(reply.cursor, answer.history));
    if (reply.you !== undefined) this.#person.you(reply.you);
    if (reply.token !== undefined) this.#person.token = reply.token;
    for (const entry of reply.entries) this.#look(entry, asker);
    return answer;
  }

  /** What is for others is not for these eyes, whatever the product's own words for that are. */
  #look(entry: WireEntry, asker: MemberId | undefined): void {
    const isForOther = entry.type === 'notice' && entry.to !== undefined && entry.to !== asker;
    const { trace, forKeepers } = this.#world;
    if (isForOther) trace.trouble('leaked', `${this.who} was given a notice at ${entry.seq}`);
    // Who was a keeper when, the journal knows: that is looked up at the end.
    if (entry.type === 'sanction') forKeepers.push({ to: asker, seq: entry.seq });
  }

  #keep(at: Kept): void {
    this.cursors.push(at);
    const { chance } = this.#person;
    if (this.cursors.length > cursorsMax) this.cursors.splice(chance.below(cursorsMax), 1);
  }

  #record(nr: number, { isFresh }: Answer, reply: PollReply, ageMs: number): void {
    const { recorder, trace } = this.#world;
    const { from, to, entries, gap } = reply;
    const epoch = parseCursor(reply.cursor)?.epoch ?? '';
    recorder.add(this.who, nr, {
      do: 'poll',
      is: 'ok',
      epoch,
      from,
      to,
      entries: entries.map(delivered),
      isFresh,
      ...(gap === undefined ? {} : { gap }),
    });
    if (gap !== undefined) trace.count('gap');
    if (reply.superseded === true) trace.count('superseded');
    if (reply.draining === true) trace.count('draining');
    if (entries.length === 0 && ageMs > 15_000) trace.count('held to the end');
    trace.count('deliveries', entries.length);
  }

  async #follow(): Promise<void> {
    const { chance } = this.#world;
    for (let failures = 0; !this.isClosed;) {
      if (this.isAsleep) {
        await this.#pause(200);
        continue;
      }
      const { at } = this;
      if (at === null) {
        if (await this.takeRoom()) continue;
        await this.#pause(chance.between(100, 800));
        continue;
      }
      const answer = await this.poll(at, chance.happens(0.1) ? chance.below(5) : 25);
      if (this.isClosed) return;
      // It may have begun anew while the poll was held.
      if (this.at !== at) continue;
      const waitMs = await this.#judge(answer, ++failures);
      if (waitMs === 0) failures = 0;
      else await this.#pause(waitMs);
    }
  }

  /** What an answer means for the next poll: how long to wait. */
  async #judge(answer: Answer | null, failures: number): Promise<number> {
    const { chance } = this.#world;
    const backoffMs = chance.between(20, Math.min(4_000, 200 * 2 ** Math.min(5, failures)));
    if (answer === null) return backoffMs;
    if (answer.status === 200) {
      const reply = answer.body as PollReply;
      this.at = kept(reply.cursor, answer.history);
      if (reply.gap !== undefined) await this.#person.fill(this, reply.gap);
      return reply.superseded === true ? 50 : reply.next.waitMs;
    }
    switch (answer.code) {
      case 'GONE':
        this.at = null;
        return chance.between(1, 100);
      case 'NO_SESSION':
        await this.#person.comeBack();
        return backoffMs;
      case 'FORBIDDEN':
      case 'BANNED':
        this.#person.sentOut();
        return 0;
      default:
        return Math.max(answer.retryMs, backoffMs);
    }
  }

  async #pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#world.timeline.after(ms, resolve);
    });
  }
}
