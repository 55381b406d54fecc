import { describe, expect, test } from 'bun:test';
import { FakeClock } from '../../test/kit/fake-clock.ts';
import { quietLog } from '../../test/kit/quiet-log.ts';
import { reporting, type ChildContext, type ChildSpec, type Restart } from './child.ts';
import { NotRunning, Ref } from './ref.ts';
import { GaveUp, Supervisor, supervisorChild, type Strategy } from './supervisor.ts';

/** A service that writes down its life, and can be told to crash. */
class Probe {
  readonly context: ChildContext;
  constructor(context: ChildContext) {
    this.context = context;
  }
}

function setup(options: {
  ids: readonly string[];
  strategy?: Strategy;
  restart?: Restart;
  failStart?: (id: string, life: number) => boolean;
  stop?: (id: string) => Promise<void> | void;
}) {
  const clock = new FakeClock();
  const events: string[] = [];
  const gaveUp: unknown[] = [];
  const refs = new Map(options.ids.map((id) => [id, new Ref<Probe>(id)]));
  const lives = new Map<string, number>();
  const children = options.ids.map((id): ChildSpec<Probe> => ({
    id,
    restart: options.restart ?? 'permanent',
    startMs: 1_000,
    stopMs: 1_000,
    ref: refs.get(id) as Ref<Probe>,
    start(context) {
      const life = (lives.get(id) ?? 0) + 1;
      lives.set(id, life);
      if (options.failStart?.(id, life)) throw new Error(`no start of ${id}`);
      events.push(`start ${id}`);
      return {
        service: new Probe(context),
        stop: async () => {
          events.push(`stop ${id}`);
          await options.stop?.(id);
        },
      };
    },
  }));
  const spec = {
    id: 'top',
    strategy: options.strategy ?? ('one_for_one' as const),
    intensity: 3,
    periodMs: 10_000,
    children,
  };
  const supervisor = new Supervisor(spec, clock, quietLog, (reason) => gaveUp.push(reason));
  const ref = (id: string) => refs.get(id) as Ref<Probe>;
  const crash = async (id: string) => {
    ref(id)
      .now()
      .context.crashed(new Error(`crash of ${id}`));
    await clock.settle();
  };
  return { clock, events, gaveUp, supervisor, ref, crash, spec };
}

describe('starting and stopping', () => {
  test('children start in order and stop in the reverse order', async () => {
    const { supervisor, events } = setup({ ids: ['a', 'b', 'c'] });
    await supervisor.start();
    await supervisor.stop();
    expect(events).toEqual(['start a', 'start b', 'start c', 'stop c', 'stop b', 'stop a']);
  });

  test('a first start that fails stops what was started and throws the reason', async () => {
    const { supervisor, events } = setup({ ids: ['a', 'b'], failStart: (id) => id === 'b' });
    expect(supervisor.start()).rejects.toThrow('no start of b');
    await Promise.resolve();
    await supervisor.stop();
    expect(events).toEqual(['start a', 'stop a']);
  });

  test('a child that does not stop is given up at its deadline, and the others still stop', async () => {
    const { supervisor, clock, events } = setup({
      ids: ['a', 'b'],
      stop: async (id) => {
        if (id === 'b') await new Promise<void>(() => undefined);
      },
    });
    await supervisor.start();
    const stopped = supervisor.stop();
    await clock.advance(1_001);
    await stopped;
    expect(events.slice(2)).toEqual(['stop b', 'stop a']);
  });
});

describe('restarting', () => {
  test('one for one restarts the child that crashed and no other', async () => {
    const { supervisor, events, crash } = setup({ ids: ['a', 'b', 'c'] });
    await supervisor.start();
    await crash('b');
    expect(events.slice(3)).toEqual(['stop b', 'start b']);
  });

  test('rest for one restarts also what was started after it', async () => {
    const { supervisor, events, crash } = setup({ ids: ['a', 'b', 'c'], strategy: 'rest_for_one' });
    await supervisor.start();
    await crash('b');
    expect(events.slice(3)).toEqual(['stop c', 'stop b', 'start b', 'start c']);
  });

  test('one for all restarts everything', async () => {
    const { supervisor, events, crash } = setup({ ids: ['a', 'b'], strategy: 'one_for_all' });
    await supervisor.start();
    await crash('b');
    expect(events.slice(2)).toEqual(['stop b', 'stop a', 'start a', 'start b']);
  });

  test('a reference outlives the restart and is empty in between', async () => {
    const { supervisor, ref, clock } = setup({ ids: ['a'] });
    await supervisor.start();
    const kept = ref('a');
    const first = kept.now();
    first.context.crashed(new Error('x'));
    expect(() => kept.now()).toThrow(NotRunning);
    const waited = new Promise<Probe>((resolve) => kept.whenRunning(resolve));
    await clock.settle();
    expect(await waited).toBe(kept.now());
    expect(kept.now()).not.toBe(first);
  });

  test('a report from an earlier life is ignored', async () => {
    const { supervisor, ref, events, clock } = setup({ ids: ['a'] });
    await supervisor.start();
    const first = ref('a').now();
    first.context.crashed(new Error('x'));
    first.context.crashed(new Error('x again'));
    await clock.settle();
    first.context.crashed(new Error('x, late'));
    await clock.settle();
    expect(events).toEqual(['start a', 'stop a', 'start a']);
  });

  test.each([
    ['permanent', false, true],
    ['permanent', true, true],
    ['transient', false, false],
    ['transient', true, true],
    ['temporary', false, false],
    ['temporary', true, false],
  ] as const)('a %s child (crash: %p) is restarted: %p', async (restart, isCrash, expected) => {
    const { supervisor, ref, events, clock } = setup({ ids: ['a'], restart });
    await supervisor.start();
    const { context } = ref('a').now();
    if (isCrash) context.crashed(new Error('x'));
    else context.ended();
    await clock.settle();
    expect(events.filter((event) => event === 'start a')).toHaveLength(expected ? 2 : 1);
    expect(events).toContain('stop a');
  });
});

test('a crash while others are still being started leaves nobody with a second life', async () => {
  for (const strategy of ['one_for_one', 'rest_for_one', 'one_for_all'] as const) {
    const { supervisor, ref, events, clock } = setup({ ids: ['a', 'b', 'c'], strategy });
    const started = supervisor.start();
    ref('a').whenRunning(({ context }) => context.crashed(new Error('early')));
    await started;
    await clock.settle();
    await supervisor.stop();
    for (const id of ['a', 'b', 'c']) {
      const starts = events.filter((event) => event === `start ${id}`).length;
      const stops = events.filter((event) => event === `stop ${id}`).length;
      expect([strategy, id, starts]).toEqual([strategy, id, stops]);
    }
  }
});

test('a stop while children are being started stops all that were', async () => {
  const { supervisor, events } = setup({ ids: ['a', 'b', 'c'] });
  const started = supervisor.start();
  await supervisor.stop();
  await started;
  const starts = events.filter((event) => event.startsWith('start')).length;
  expect(events.filter((event) => event.startsWith('stop'))).toHaveLength(starts);
});

describe('giving up', () => {
  test('the fourth crash in ten seconds takes the supervisor down', async () => {
    const { supervisor, crash, gaveUp, events } = setup({ ids: ['a', 'b'] });
    await supervisor.start();
    for (let i = 0; i < 3; i++) await crash('a');
    expect(gaveUp).toEqual([]);
    await crash('a');
    expect(gaveUp).toHaveLength(1);
    expect(gaveUp[0]).toBeInstanceOf(GaveUp);
    expect(events.slice(-2)).toEqual(['stop a', 'stop b']);
  });

  test('crashes that are further apart than the period never take it down', async () => {
    const { supervisor, crash, gaveUp, clock } = setup({ ids: ['a'] });
    await supervisor.start();
    for (let i = 0; i < 20; i++) {
      await crash('a');
      await clock.advance(3_400);
    }
    expect(gaveUp).toEqual([]);
    expect(supervisor.tree().children?.[0]?.restarts).toBe(20);
  });

  test('a child that cannot be started again counts each attempt', async () => {
    const { supervisor, crash, gaveUp } = setup({ ids: ['a'], failStart: (_, life) => life > 1 });
    await supervisor.start();
    await crash('a');
    expect(gaveUp).toHaveLength(1);
  });

  test('a supervisor that gives up is a crash of its parent’s child', async () => {
    const inner = setup({ ids: ['a'] });
    const outerGaveUp: unknown[] = [];
    const outer = new Supervisor(
      {
        id: 'outer',
        strategy: 'one_for_one',
        intensity: 0,
        periodMs: 10_000,
        children: [supervisorChild(inner.spec, inner.clock, quietLog)],
      },
      inner.clock,
      quietLog,
      (reason) => outerGaveUp.push(reason),
    );
    await outer.start();
    expect(outer.tree().children?.[0]?.children?.[0]?.state).toBe('running');
    for (let i = 0; i < 4; i++) await inner.crash('a');
    expect(outerGaveUp).toHaveLength(1);
  });

  test('a crash while stopping starts nothing', async () => {
    const { supervisor, ref, events, clock } = setup({ ids: ['a', 'b'] });
    await supervisor.start();
    const { context } = ref('a').now();
    const stopped = supervisor.stop();
    context.crashed(new Error('late'));
    await clock.settle();
    await stopped;
    expect(events.filter((event) => event.startsWith('start'))).toHaveLength(2);
  });
});

describe('reporting', () => {
  class Service {
    good() {
      return this.#secret;
    }
    bad(): void {
      throw new Error('bad');
    }
    async worse(): Promise<void> {
      await Promise.resolve();
      throw new Error('worse');
    }
    readonly #secret = 7;
  }

  test('what leaves a method is a crash, and the caller hears of it too', async () => {
    const crashes: unknown[] = [];
    const service = reporting(new Service(), (reason) => crashes.push(reason));
    expect(service.good()).toBe(7);
    expect(() => service.bad()).toThrow('bad');
    expect(crashes).toHaveLength(1);
    expect(service.worse()).rejects.toThrow('worse');
    await new Promise((resolve) => setImmediate(resolve));
    expect(crashes).toHaveLength(2);
  });
});
