/**
 * Whatever happens on the way, once the weather clears the client shows exactly the journal's
 * messages, once each and in order and as they stand, and each thing it said is recorded once.
 */
import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { FakeClock } from '../../test/kit/fake-clock.ts';
import type { Message, Seq } from '../protocol/entries.ts';
import type { Copy } from './copy.ts';
import type { Spoken } from '../client/client.ts';
import { FakeRoom, whoIs, type Weather } from '../client/testing/fake-room.ts';
import { clientOf, FakePane, FakeStorage } from './testing/scene.ts';

type Event =
  | { readonly do: 'say'; readonly count: number }
  | { readonly do: 'theySay'; readonly count: number }
  | { readonly do: 'amend'; readonly which: number; readonly how: number }
  | { readonly do: 'comeAndGo' | 'lapse' | 'reload' | 'history' | 'wake' | 'offline' | 'crowd' }
  | { readonly do: 'restore'; readonly lost: number }
  | { readonly do: 'wait'; readonly ms: number };

const html = { 'Content-Type': 'text/html' };

const weathers: fc.Arbitrary<Weather> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Weather>('fair') },
  { weight: 2, arbitrary: fc.constantFrom<Weather>('lost', 'cut', 'doubled') },
  { weight: 1, arbitrary: fc.constant<Weather>('silent') },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 20_000 }).map((lateMs) => ({ lateMs })) },
  { weight: 1, arbitrary: fc.integer({ min: 100, max: 20_000 }).map((cutMs) => ({ cutMs })) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Weather>(
      { status: 502, body: 'Bad gateway', headers: html },
      { status: 503, headers: { 'Retry-After': '3' } },
      { status: 200, body: '<html>Log in</html>', headers: html },
      { status: 200, body: '' },
    ),
  },
);

const events: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('say'), count: fc.integer({ min: 1, max: 3 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('theySay'),
      count: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 20, max: 60 })),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('amend'),
      which: fc.nat(200),
      how: fc.nat(5),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('comeAndGo', 'lapse', 'reload', 'history', 'wake', 'offline', 'crowd'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restore'), lost: fc.nat(8) }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.integer({ min: 0, max: 40_000 }) }),
  },
) as fc.Arbitrary<Event>;

class Story {
  readonly clock = new FakeClock();
  readonly room = new FakeRoom(this.clock);
  readonly storage = new FakeStorage();
  readonly said = new Map<string, Spoken | null>();
  readonly #random: () => number;
  pane = new FakePane();
  client: Copy;
  heard: Seq[] = [];
  #count = 0;

  constructor(weather: () => Weather, random: () => number) {
    this.#random = random;
    this.room.pollEntriesMax = 20;
    this.room.gapEntries = 8;
    this.room.snapshotMax = 6;
    this.room.pageMax = 15;
    this.room.isDeaf = random() < 0.5;
    this.room.weather = weather;
    this.client = this.#connect();
  }

  #connect(): Copy {
    const { room, clock, storage } = this;
    this.pane = new FakePane();
    this.heard = [];
    const client = clientOf(room, clock, { storage, pane: this.pane, random: this.#random });
    client.on('entry', ({ seq }) => this.heard.push(seq));
    client.on('reset', () => (this.heard = []));
    return client;
  }

  /** Joins, as somebody at the keyboard would: again until it works. */
  async enter(): Promise<void> {
    for (let tries = 0; tries < 50; tries++) {
      const joining = this.client.join('ada');
      await this.clock.advance(60_000);
      const answer = await joining;
      // Who joins by hand begins anew, like after a reset.
      this.heard = [];
      if (answer.ok) return;
    }
    throw new Error('Joining never worked');
  }

  async play(event: Event): Promise<void> {
    const { room, client, clock, pane } = this;
    switch (event.do) {
      case 'say':
        for (let count = 0; count < event.count; count++) {
          const text = `mine ${++this.#count}`;
          this.said.set(text, null);
          void client.say(text).then((spoken) => this.said.set(text, spoken));
        }
        break;
      case 'theySay':
        for (let count = 0; count < event.count; count++)
          room.say('bob', `theirs ${++this.#count}`);
        break;
      case 'amend':
        this.#amend(event.which, event.how);
        break;
      case 'comeAndGo':
        if (room.members.has(whoIs('cleo').id)) {
          room.append({ type: 'leave', member: whoIs('cleo'), reason: 'left' });
        } else room.enter('cleo');
        break;
      case 'lapse':
        for (const who of room.members.values()) if (who.nick === 'ada') room.lapse(who);
        break;
      case 'reload':
        client.close();
        this.client = this.#connect();
        void this.client.resume();
        break;
      case 'history':
        void client.history();
        break;
      case 'wake':
        pane.fire('visibilitychange');
        break;
      case 'offline':
        pane.fire('offline');
        break;
      case 'crowd':
        room.roster = room.roster === 'full' ? 'count' : 'full';
        break;
      case 'restore':
        room.restore(Math.min(event.lost, room.head - 1));
        break;
      case 'wait':
        await clock.advance(event.ms);
        break;
      default:
        throw new Error('An unknown event');
    }
    await clock.settle();
  }

  #amend(which: number, how: number): void {
    const { room } = this;
    const messages = room.present().filter((message) => !message.deleted);
    const message = messages[which % Math.max(1, messages.length)];
    if (!message) return;
    const of = message.seq;
    const by = whoIs('bob');
    if (how === 0) room.append({ type: 'delete', of, by });
    else if (how === 1) room.append({ type: 'edit', of, by, text: `edited ${++this.#count}` });
    else room.react(of, how % 2 ? '👍' : '🎉', whoIs(`n${how}`), this.#random() < 0.6);
  }
}

test('after any weather the client shows the journal, and what it said is recorded once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(events, { minLength: 5, maxLength: 40 }),
      fc.infiniteStream(weathers),
      fc.nat(),
      async (happenings, sky, seed) => {
        let isClear = true;
        const story = new Story(
          () => (isClear ? 'fair' : (sky.next().value as Weather)),
          dice(seed),
        );
        const { room, clock } = story;
        await story.enter();
        isClear = false;
        for (const happening of happenings) await story.play(happening);
        isClear = true;
        room.roster = 'full';
        story.pane.fire('online');
        await clock.advance(120_000);
        // Out for good is where somebody at the keyboard would join again.
        if (!story.client.state.you) await story.enter();
        room.say('bob', 'the end');
        await clock.advance(120_000);
        const { client } = story;
        while (client.state.gaps.length > 0) await client.history(client.state.gaps[0]);
        while (client.state.hasMore && (await client.history()).ok);

        const { status, lines, gaps, members } = client.state;
        expect(status).toEqual({ kind: 'live' });
        expect(gaps).toEqual([]);
        const shown = lines.filter((line) => line.type === 'message');
        expect(shown.map(inBrief)).toEqual(room.present().map(inBrief));
        const byNick = [...room.members.values()].map(({ nick }) => nick).toSorted();
        expect(members?.map(({ nick }) => nick)).toEqual(byNick);
        expect(story.heard).toEqual([...new Set(story.heard)].toSorted((a, b) => a - b));

        const texts = room.entries.map((entry) => (entry.type === 'message' ? entry.text : ''));
        for (const [text, spoken] of story.said) {
          const count = texts.filter((other) => other === text).length;
          expect(count).toBeLessThanOrEqual(1);
          // Acknowledged, and not lost with the newest entries of a restored backup.
          if (spoken?.ok && !happenings.some((event) => event.do === 'restore')) {
            expect(count).toBe(1);
          }
        }
        // Nothing waits any more except what was refused.
        const waiting = lines.filter((line) => line.type === 'pending' && !line.failure);
        expect(waiting).toEqual([]);
      },
    ),
    { numRuns: 150, endOnFailure: false },
  );
}, 60_000);

/** Numbers from 0 to 1 that look random: a linear congruence with a good multiplier. */
function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A message as far as it can be wrong, on one line. */
function inBrief({ seq, id, by, text, deleted, reactions = [] }: Message): string {
  const kinds = reactions.map(({ emoji, count, by }) => `${emoji}${count}${by.join()}`).toSorted();
  return `${seq} ${id} ${by.nick}: ${deleted ? 'deleted' : text} ${kinds.join(' ')}`;
}
