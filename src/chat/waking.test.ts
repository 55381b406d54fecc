import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { FakeClock } from '../../test/kit/fake-clock.ts';
import type { MemberId, Seq, Who } from '../protocol/entries.ts';
import { limits } from '../protocol/limits.ts';
import { HeldPoll, Mailbox } from './mailbox.ts';
import { Waking } from './waking.ts';

const nobody: Who = { id: 'nobody' as MemberId, nick: 'nobody', role: 'member' };
const deaf = { tell: (): void => undefined };

/** Who waits, and who says something: the post office as far as waking needs one. */
class Crowd {
  readonly clock = new FakeClock();
  readonly waking: Waking;
  newest = 1 as Seq;
  crowd = 0;
  /** What answering a poll takes, in milliseconds. */
  answerMs = 0;
  /** Called after a poll was answered. */
  answered: (poll: HeldPoll) => void = () => undefined;
  readonly told: HeldPoll[] = [];
  readonly crashes: unknown[] = [];
  readonly telling = { isOn: false };

  constructor() {
    this.waking = new Waking({
      clock: this.clock,
      telling: this.telling,
      newest: () => this.newest,
      crowd: () => this.crowd,
      crashed: (reason) => this.crashes.push(reason),
      answer: (poll) => {
        this.waking.remove(poll);
        this.clock.spend(this.answerMs);
        this.told.push(poll);
        this.answered(poll);
      },
    });
  }

  wait(seen: Seq = this.newest): HeldPoll {
    const mailbox = new Mailbox(nobody, 0 as Seq, 0 as Seq, 0);
    const poll = new HeldPoll(mailbox, seen, deaf, { tab: '', turn: 0, extra: '' });
    this.waking.add(poll, seen);
    return poll;
  }

  say(): void {
    this.newest = (this.newest + 1) as Seq;
    this.waking.written();
    this.waking.wake();
  }
}

function crowdOf(count: number, answerMs: number): Crowd {
  const crowd = new Crowd();
  crowd.crowd = count;
  crowd.answerMs = answerMs;
  for (let nr = 0; nr < count; nr++) crowd.wait();
  return crowd;
}

describe('a quiet room', () => {
  test('hears of a lone message in one go, as fast as it can be told', async () => {
    const crowd = crowdOf(10_000, 0.01);
    for (let message = 0; message < 5; message++) {
      crowd.told.length = 0;
      crowd.say();
      const saidMs = crowd.clock.monotonic();
      await crowd.clock.settle();
      expect(crowd.told).toHaveLength(10_000);
      expect(crowd.clock.monotonic() - saidMs).toBeCloseTo(100, 0);
      for (let nr = 0; nr < 10_000; nr++) crowd.wait();
      await crowd.clock.advance(2_000);
    }
  });

  test('is told in the order in which they came', async () => {
    const crowd = new Crowd();
    const polls = [crowd.wait(), crowd.wait(), crowd.wait(), crowd.wait()];
    const [gone] = polls.splice(1, 1);
    if (gone !== undefined) crowd.waking.remove(gone);
    crowd.say();
    await crowd.clock.settle();
    expect(crowd.told).toEqual(polls);
    expect(crowd.waking.cohorts()).toBe(0);
  });
});

describe('a slice', () => {
  test('ends with its time, however much an answer takes', () => {
    for (const answerMs of [0.01, 0.1, 0.3]) {
      const crowd = crowdOf(5_000, answerMs);
      crowd.say();
      crowd.clock.turn();
      expect(crowd.clock.monotonic()).toBeLessThan(limits.sliceMsMax + 16 * answerMs + 0.1);
      expect(crowd.told.length).toBeLessThan(5_000);
    }
  });

  test('ends with its count on a clock that stands still', () => {
    const crowd = crowdOf(5_000, 0);
    crowd.say();
    crowd.clock.turn();
    expect(crowd.told).toHaveLength(limits.sliceMax);
  });

  test('of a lone message lets those who have heard of it wait until all have', async () => {
    const crowd = crowdOf(10_000, 0.01);
    const seen = new Set<boolean>();
    crowd.say();
    expect(crowd.telling.isOn).toBe(false);
    while (crowd.told.length < 10_000) {
      crowd.clock.turn();
      seen.add(crowd.telling.isOn);
      expect(crowd.telling.isOn).toBe(crowd.told.length < 10_000);
    }
    expect(seen).toEqual(new Set([true, false]));
  });

  test('that is followed by a wait lets nobody else wait', async () => {
    const crowd = crowdOf(400, 0.25);
    crowd.say();
    await crowd.clock.settle();
    for (let nr = 0; nr < 400; nr++) crowd.wait();
    crowd.say();
    for (let turn = 0; turn < 50; turn++) crowd.clock.turn();
    expect(crowd.told.length).toBeLessThan(800);
    expect(crowd.telling.isOn).toBe(false);
  });

  test('is not the last one when somebody comes late while it runs', async () => {
    const crowd = crowdOf(10, 0);
    const late: HeldPoll[] = [];
    crowd.answered = () => {
      if (late.length < 3) late.push(crowd.wait(1 as Seq));
    };
    crowd.say();
    await crowd.clock.settle();
    expect(crowd.told).toHaveLength(13);
  });
});

describe('a busy room', () => {
  /** Twenty messages a second for so long, to people who poll again as soon as they are told. */
  async function talk(crowd: Crowd, forMs: number) {
    const tellings = new Map<Mailbox, number[]>();
    const costs: number[] = [];
    crowd.answered = ({ mailbox }) => {
      const nowMs = crowd.clock.monotonic();
      const times = tellings.get(mailbox) ?? [];
      tellings.set(mailbox, [...times, nowMs]);
      const window = Math.floor(nowMs / 200);
      costs[window] = (costs[window] ?? 0) + crowd.answerMs;
      const seen = crowd.newest;
      crowd.clock.after(20, () => {
        const poll = new HeldPoll(mailbox, seen, deaf, { tab: '', turn: 0, extra: '' });
        crowd.waking.add(poll, seen);
      });
    };
    for (let nowMs = 0; nowMs < forMs; nowMs += 50) {
      crowd.say();
      await crowd.clock.advance(50);
    }
    return { tellings, costs };
  }

  test('everybody has their turn again and again, all within one tide', async () => {
    const crowd = crowdOf(400, 0.25);
    const { tellings } = await talk(crowd, 4_000);
    expect(tellings.size).toBe(400);
    for (const times of tellings.values()) {
      const gaps = times.slice(1).map((at, nr) => at - (times[nr] ?? 0));
      expect(times.length).toBeGreaterThan(8);
      expect(Math.max(...gaps)).toBeLessThan(600);
      // The first burst comes when nothing is owed; after it there is time between two turns.
      expect(Math.min(...gaps.slice(1))).toBeGreaterThan(150);
    }
  });

  test('the work is spread over time, and leaves most of it to others', async () => {
    const crowd = crowdOf(400, 0.25);
    const { costs } = await talk(crowd, 4_000);
    for (const costMs of costs.slice(2, -1)) {
      expect(costMs).toBeGreaterThan(40);
      expect(costMs).toBeLessThan(100);
    }
  });

  test('nobody is passed over for those who come back at once with an old cursor', async () => {
    const crowd = crowdOf(100, 0);
    const pushy = new Set<Mailbox>();
    for (let nr = 0; nr < 50; nr++) pushy.add(crowd.wait(0 as Seq).mailbox);
    crowd.newest = 2 as Seq;
    const patient = Array.from({ length: 30 }, () => crowd.wait());
    let returned = 0;
    crowd.answered = ({ mailbox }) => {
      if (pushy.has(mailbox) && ++returned < 100_000) pushy.add(crowd.wait(0 as Seq).mailbox);
    };
    crowd.say();
    crowd.clock.turn();
    expect(patient.filter((poll) => crowd.told.includes(poll))).toHaveLength(30);
  });

  test('asks nobody to stay away as long as the tide can rise', async () => {
    const crowd = crowdOf(400, 0.25);
    await talk(crowd, 2_000);
    expect(crowd.waking.awayMs()).toBe(0);
  });
});

describe('whoever waits', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('wait' as const), behind: fc.nat({ max: 4 }) }),
    fc.record({ do: fc.constant('go' as const), which: fc.nat({ max: 30 }) }),
    fc.constant({ do: 'say' as const }),
    fc.constant({ do: 'turn' as const }),
    fc.constant({ do: 'call' as const }),
    fc.record({ do: fc.constant('pass' as const), ms: fc.nat({ max: 40 }) }),
  );

  test('is told once of what they have not seen, and of nothing else', async () => {
    const steps = fc.array(step, { maxLength: 60 });
    const costs = fc.constantFrom(0, 0.5, 3);
    await fc.assert(
      fc.asyncProperty(steps, costs, async (all, answerMs) => {
        const crowd = new Crowd();
        crowd.newest = 10 as Seq;
        crowd.answerMs = answerMs;
        const waiting = new Map<HeldPoll, Seq>();
        const called = new Set<HeldPoll>();
        crowd.answered = (poll) => {
          const seen = waiting.get(poll);
          expect(seen !== undefined && (seen < crowd.newest || called.has(poll))).toBe(true);
          waiting.delete(poll);
        };
        for (const act of all) {
          crowd.crowd = waiting.size;
          if (act.do === 'wait') {
            const seen = (crowd.newest - act.behind) as Seq;
            waiting.set(crowd.wait(seen), seen);
          } else if (act.do === 'go') {
            const poll = [...waiting.keys()][act.which];
            if (poll === undefined) continue;
            crowd.waking.remove(poll);
            waiting.delete(poll);
          } else if (act.do === 'call') {
            for (const poll of waiting.keys()) called.add(poll);
            crowd.waking.wakeAll();
          } else if (act.do === 'pass') await crowd.clock.advance(act.ms);
          else if (act.do === 'say') crowd.say();
          else crowd.clock.turn();
        }
        await crowd.clock.advance(60_000);
        for (const [poll, seen] of waiting) {
          expect([seen, called.has(poll)]).toEqual([crowd.newest, false]);
        }
        expect(crowd.crashes).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('is told whatever they have seen when everybody is called', async () => {
    const crowd = crowdOf(3, 0);
    crowd.waking.wakeAll();
    await crowd.clock.settle();
    expect(crowd.told).toHaveLength(3);
  });

  test('alone is told before the others', async () => {
    const crowd = crowdOf(3, 0);
    crowd.say();
    const mailbox = new Mailbox(nobody, 0 as Seq, 0 as Seq, 0);
    const alone = new HeldPoll(mailbox, 9 as Seq, deaf, { tab: '', turn: 0, extra: '' });
    crowd.waking.wakeAlone(alone);
    await crowd.clock.settle();
    expect(crowd.told[0]).toBe(alone);
    expect(crowd.told).toHaveLength(4);
  });

  test('is left alone once waking is stopped', async () => {
    const crowd = crowdOf(3, 0);
    crowd.say();
    crowd.waking.stop();
    await crowd.clock.advance(1_000);
    expect(crowd.told).toEqual([]);
  });
});
