/**
 * The comparison without the peers, whose packages are not there in a test: what is done to a chat,
 * and how what its users saw is counted.
 */
import { describe, expect, test } from 'bun:test';
import type { Operation } from '../../checker/record.ts';
import { randomOf } from '../../contract/journal-kit.ts';
import type { Observation } from './crew.ts';
import { numbering } from './numbering.ts';
import { scheduleOf } from './schedule.ts';
import { Screens } from './screens.ts';
import { tableOf } from './table.ts';

const epoch = 'E';
const plan = { members: 30, lengthMs: 300_000 };

/** A history in which everybody says things, is acknowledged, and sees things. */
class Story {
  readonly screens = new Screens();
  #nr = 0;

  joins(...whos: readonly string[]): this {
    for (const who of whos) {
      this.#note(who, { do: 'begin', is: 'invoke' }, ++this.#nr);
      this.#note(who, { do: 'begin', is: 'ok', epoch, seq: 0, entries: [] });
    }
    return this;
  }

  /** `seq` is null where nobody answers. */
  says(who: string, key: string, seq: number | null): this {
    this.#note(who, { do: 'say', is: 'invoke', key, text: key }, ++this.#nr);
    const end = seq === null ? ({ is: 'unknown' } as const) : ({ is: 'ok', epoch, seq } as const);
    this.#note(who, { do: 'say', ...end });
    return this;
  }

  sees(who: string, key: string, seq: number): this {
    this.#note(who, { do: 'show', is: 'ok', epoch, seq, key, text: key }, ++this.#nr);
    return this;
  }

  #note(who: string, operation: Operation, nr = this.#nr): void {
    this.screens.take({ at: nr, who, nr, ...operation });
  }
}

describe('what users saw', () => {
  test('is good when each message was shown to everybody once and in order', () => {
    const story = new Story().joins('a', 'b').says('a', 'a:1', 1).says('b', 'b:1', 2);
    for (const who of ['a', 'b']) story.sees(who, 'a:1', 1).sees(who, 'b:1', 2);
    expect(story.screens.seen()).toEqual({
      ...{ members: 2, said: 2, acknowledged: 2, shown: 4, lost: 0, lostMessages: 0 },
      ...{ repeated: 0, disordered: 0, misnumbered: 0, split: 0, stuck: 0 },
    });
  });

  test('counts a message as lost once for each who was in and was not shown it', () => {
    const story = new Story().joins('a', 'b', 'c').says('a', 'a:1', 1).sees('a', 'a:1', 1);
    expect(story.screens.seen()).toMatchObject({ lost: 2, lostMessages: 1, stuck: 2 });
  });

  test('asks of nobody what was said before they came', () => {
    const story = new Story().joins('a').says('a', 'a:1', 1).sees('a', 'a:1', 1).joins('b');
    expect(story.screens.seen()).toMatchObject({ members: 2, lost: 0 });
  });

  test('does not call lost what was never acknowledged, but tells when some have it', () => {
    const story = new Story().joins('a', 'b').says('a', 'a:1', null).sees('a', 'a:1', 1);
    expect(story.screens.seen()).toMatchObject({ acknowledged: 0, lost: 0, split: 1 });
  });

  test('tells a repetition from disorder, and finds two places of one message', () => {
    const story = new Story().joins('a', 'b').says('a', 'a:1', 1).says('a', 'a:2', 2);
    story.sees('a', 'a:2', 2).sees('a', 'a:1', 1).sees('a', 'a:1', 1).sees('b', 'a:1', 3);
    expect(story.screens.seen()).toMatchObject({ repeated: 1, disordered: 1, misnumbered: 1 });
  });
});

describe('the schedule', () => {
  test('is the same for the same seed, and another for another', () => {
    expect(scheduleOf(randomOf(7), plan)).toEqual(scheduleOf(randomOf(7), plan));
    expect(scheduleOf(randomOf(7), plan)).not.toEqual(scheduleOf(randomOf(8), plan));
  });

  test('has every fault in five minutes, one of the server at a time, and everybody talks', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { server, sleeps, sayings } = scheduleOf(randomOf(seed), plan);
      expect(new Set(server.map(({ name }) => name)).size).toBe(3);
      const overlaps = server.filter(({ atMs }, i) => {
        const before = server[i - 1];
        return before !== undefined && before.atMs + before.forMs > atMs;
      });
      expect(overlaps).toEqual([]);
      expect(sleeps.length).toBeGreaterThan(20);
      expect(new Set(sayings.map(({ member }) => member)).size).toBe(plan.members);
    }
  });

  test('lets nobody sleep twice at once, or beyond the end', () => {
    const { sleeps } = scheduleOf(randomOf(3), plan);
    const awakeAt = new Map<number, number>();
    for (const { member, atMs, forMs } of sleeps) {
      expect(atMs).toBeGreaterThanOrEqual(awakeAt.get(member) ?? 0);
      expect(atMs + forMs).toBeLessThanOrEqual(plan.lengthMs);
      awakeAt.set(member, atMs + forMs);
    }
  });
});

test('the runs of a chat without a store become one history', () => {
  const place = numbering();
  const seen = (epoch: string, seq: number): Observation => {
    return place({ who: 'a', nr: 1, do: 'show', is: 'ok', epoch, seq, key: 'k', text: '' });
  };
  expect(seen('first', 5)).toMatchObject({ seq: 5 });
  expect(seen('second', 1)).toMatchObject({ seq: 1_000_001 });
  // A reply from before the restart that was held up on its way.
  expect(seen('first', 6)).toMatchObject({ seq: 6 });
});

test('the table has a row for each chat, and says what was done to it', () => {
  const { screens } = new Story().joins('a', 'b').says('a', 'a:1', 1);
  const faults = { kill: 3 };
  const table = tableOf([{ chat: 'encke', seen: screens.seen(), verdict: null, faults }]);
  expect(table).toContain('| encke | 1 | 1 | 0 | 2 (1) |');
  expect(table).toContain('- encke: kill 3');
});
