/**
 * The parent process: when it kills, when it starts again, when it gives up, how it stops. Its
 * child is a fake and so is its clock; `guarded-process.test.ts` does the same with real processes.
 */
import { describe, expect, test } from 'bun:test';
import {
  aliveMsMax,
  Guard,
  startMsMax,
  stopMsMax,
  workMsMax,
  type GuardedProcess,
  type GuardEnd,
  type GuardMessage,
} from '../../src/supervisor/guard.ts';
import { FakeClock } from '../kit/fake-clock.ts';
import { keptLog } from '../kit/quiet-log.ts';

const megabyte = 1_048_576;
const beatMs = 250;

/** A clock that a suspended machine reads: it goes on while nothing runs. */
class SuspendedClock extends FakeClock {
  #sleptMs = 0;

  override monotonic(): number {
    return super.monotonic() + this.#sleptMs;
  }

  sleep(ms: number): void {
    this.#sleptMs += ms;
  }
}

class FakeChild implements GuardedProcess {
  readonly pid: number;
  /** The port that it was told to serve at. */
  readonly port: number | null;
  readonly signals: string[] = [];
  memory: number | null = 100 * megabyte;
  readonly #heard: (message: GuardMessage) => void;
  readonly #exited: (code: number | null, signal: string | null) => void;

  constructor(
    pid: number,
    port: number | null,
    heard: (message: GuardMessage) => void,
    exited: (code: number | null, signal: string | null) => void,
  ) {
    this.pid = pid;
    this.port = port;
    this.#heard = heard;
    this.#exited = exited;
  }

  signal(name: 'SIGTERM' | 'SIGKILL'): void {
    this.signals.push(name);
    if (name === 'SIGKILL') queueMicrotask(() => this.#exited(null, 'SIGKILL'));
  }

  memoryBytes(): number | null {
    return this.memory;
  }

  says(kind: 'alive' | 'worked'): void {
    this.#heard({ kind });
  }

  opens(port = 8_000): void {
    this.#heard({ kind: 'ready', port, url: `http://host:${port}` });
  }

  exits(code: number): void {
    this.#exited(code, null);
  }

  dies(signal = 'SIGSEGV'): void {
    this.#exited(null, signal);
  }
}

function setup() {
  const clock = new SuspendedClock();
  const log = keptLog();
  const children: FakeChild[] = [];
  const announced: string[] = [];
  const guard = new Guard({
    clock,
    log,
    memoryBytesMax: 512 * megabyte,
    intensity: 3,
    periodMs: 10_000,
    restartHelps: (code) => code === 70 || code === 75,
    restartLaterMs: (code) => (code === 75 ? 5_000 : null),
    spawn: (port, heard, exited) => {
      const child = new FakeChild(children.length + 1, port, heard, exited);
      children.push(child);
      return child;
    },
    ready: (url, restarts) => announced.push(`${url} after ${restarts}`),
  });
  const ended: GuardEnd[] = [];
  void guard.run().then((end) => ended.push(end));
  /** The newest child. */
  const child = (): FakeChild => {
    const newest = children.at(-1);
    if (newest === undefined) throw new Error('Nothing was started');
    return newest;
  };
  /** Time passes in which the newest child beats. */
  const live = async (ms: number, beats: readonly ('alive' | 'worked')[]): Promise<void> => {
    for (let passed = 0; passed < ms; passed += beatMs) {
      for (const beat of beats) child().says(beat);
      await clock.advance(beatMs);
    }
  };
  const killed = (): unknown[] =>
    log.lines
      .filter(({ message }) => message === 'The serving process is killed')
      .map(({ fields }) => fields['why']);
  return { clock, guard, children, child, announced, ended, live, killed, log };
}

describe('the guard', () => {
  test('starts a child and says where it serves', () => {
    const { children, child, announced } = setup();
    expect(children).toHaveLength(1);
    expect(child().port).toBeNull();
    expect(announced).toEqual([]);
    child().opens(8_123);
    expect(announced).toEqual(['http://host:8123 after 0']);
  });

  test('leaves a child alone that beats', async () => {
    const { children, child, live } = setup();
    child().opens();
    await live(60_000, ['alive', 'worked']);
    expect(children).toHaveLength(1);
    expect(child().signals).toEqual([]);
  });

  test('starts another, at the same port, when the event loop of the first hangs', async () => {
    const { clock, children, child, announced, killed, ended } = setup();
    child().opens(8_123);
    await clock.advance(aliveMsMax);
    expect(children).toHaveLength(1);
    await clock.advance(beatMs);
    expect(killed()).toEqual(['its event loop hangs']);
    expect(children[0]?.signals).toEqual(['SIGKILL']);
    expect(children).toHaveLength(2);
    expect(child().port).toBe(8_123);
    child().opens(8_123);
    expect(announced.at(-1)).toBe('http://host:8123 after 1');
    expect(ended).toEqual([]);
  });

  test('does the same when the event loop turns and no work is done', async () => {
    const { children, child, live, killed } = setup();
    child().opens();
    await live(workMsMax, ['alive']);
    expect(children).toHaveLength(1);
    await live(beatMs, ['alive']);
    expect(killed()).toEqual(['it does no work']);
    expect(children).toHaveLength(2);
  });

  test('waits for a start that takes long, but not for ever', async () => {
    const { clock, children, killed } = setup();
    await clock.advance(startMsMax);
    expect(children).toHaveLength(1);
    await clock.advance(beatMs);
    expect(killed()).toEqual(['it did not start']);
    expect(children).toHaveLength(2);
  });

  test('ends a child that takes more memory than it may', async () => {
    const { child, children, live, killed } = setup();
    child().opens();
    child().memory = 512 * megabyte;
    await live(1_000, ['worked']);
    expect(killed()).toEqual([]);
    child().memory = 600 * megabyte;
    await live(beatMs, ['worked']);
    expect(killed()).toEqual(['it takes 600 MB of memory']);
    expect(children).toHaveLength(2);
    child().opens();
    child().memory = null;
    await live(10_000, ['worked']);
    expect(children).toHaveLength(2);
  });

  test('does not repeat a first start that fails, and ends with its exit code', async () => {
    for (const code of [69, 70]) {
      const { children, child, ended, clock } = setup();
      child().exits(code);
      await clock.advance(60_000);
      expect(children).toHaveLength(1);
      expect(ended).toEqual([{ code }]);
    }
  });

  test('starts again after a signal, or after an exit code where that may help', async () => {
    const { children, child, ended, clock } = setup();
    child().opens();
    child().dies();
    expect(children).toHaveLength(2);
    child().exits(70);
    expect(children).toHaveLength(3);
    child().exits(65);
    await clock.settle();
    expect(children).toHaveLength(3);
    expect(ended).toEqual([{ code: 65 }]);
  });

  test('gives up, with the last reason, after three restarts in ten seconds', async () => {
    const { children, child, ended, live } = setup();
    for (const pauseMs of [3_000, 3_000, 3_000]) {
      child().opens();
      await live(pauseMs, ['worked']);
      child().dies();
    }
    expect(children).toHaveLength(4);
    child().exits(70);
    await live(60_000, []);
    expect(children).toHaveLength(4);
    expect(ended).toEqual([{ gaveUp: 'exit code 70' }]);
  });

  test('starts again later, for ever, what only time mends', async () => {
    const { clock, children, child } = setup();
    child().opens();
    for (let life = 1; life <= 10; life++) {
      child().exits(75);
      expect(children).toHaveLength(life);
      await clock.advance(5_000);
      expect(children).toHaveLength(life + 1);
    }
  });

  test('does not give up when the restarts lie further apart', async () => {
    const { children, child, ended, live } = setup();
    for (let nr = 0; nr < 20; nr++) {
      child().opens();
      await live(3_500, ['worked']);
      child().dies();
    }
    expect(children).toHaveLength(21);
    expect(ended).toEqual([]);
  });

  test('gives a child its time anew when it was itself not running', async () => {
    const { clock, children, child, live, killed } = setup();
    child().opens();
    await live(1_000, ['worked']);
    clock.sleep(3_600_000);
    await clock.advance(aliveMsMax);
    expect(children).toHaveLength(1);
    await clock.advance(2 * beatMs);
    expect(killed()).toEqual(['its event loop hangs']);
  });

  test('does not take the words of a child that is gone for those of the next', async () => {
    const { clock, children, child } = setup();
    const first = child();
    first.opens();
    first.dies();
    const second = child();
    second.opens();
    for (let passed = 0; passed <= aliveMsMax; passed += beatMs) {
      first.says('worked');
      await clock.advance(beatMs);
    }
    expect(second.signals).toEqual(['SIGKILL']);
    first.dies();
    expect(children).toHaveLength(3);
  });

  test('hears of a child that dies before its start has returned', async () => {
    const clock = new FakeClock();
    const ended: GuardEnd[] = [];
    const guard = new Guard({
      clock,
      log: keptLog(),
      memoryBytesMax: megabyte,
      intensity: 3,
      periodMs: 10_000,
      restartHelps: () => true,
      restartLaterMs: () => null,
      spawn: (_port, _heard, exited) => {
        exited(69, null);
        return { pid: 0, signal: () => undefined, memoryBytes: () => null };
      },
      ready: () => undefined,
    });
    void guard.run().then((end) => ended.push(end));
    await clock.advance(2 * startMsMax);
    expect(ended).toEqual([{ code: 69 }]);
  });
});

describe('a guard that is asked to stop', () => {
  test('asks its child, and ends with its exit code', async () => {
    const { clock, guard, child, children, ended } = setup();
    child().opens();
    guard.stop();
    guard.stop();
    expect(child().signals).toEqual(['SIGTERM']);
    expect(ended).toEqual([]);
    child().exits(0);
    await clock.advance(60_000);
    expect(ended).toEqual([{ code: 0 }]);
    expect(children).toHaveLength(1);
    expect(child().signals).toEqual(['SIGTERM']);
  });

  test('leaves the child its time to stop, and then kills it', async () => {
    const { clock, guard, child, children, ended } = setup();
    child().opens();
    guard.stop();
    await clock.advance(stopMsMax - 1);
    expect(child().signals).toEqual(['SIGTERM']);
    await clock.advance(1);
    expect(child().signals).toEqual(['SIGTERM', 'SIGKILL']);
    expect(ended).toEqual([{ code: 1 }]);
    expect(children).toHaveLength(1);
  });

  test('takes a child that the signal itself ended for one that stopped', async () => {
    const { clock, guard, child, ended } = setup();
    guard.stop();
    child().dies('SIGTERM');
    await clock.settle();
    expect(ended).toEqual([{ code: 0 }]);
  });

  test('starts nothing any more, however the child ends', async () => {
    const { clock, guard, child, children, ended } = setup();
    child().opens();
    guard.stop();
    child().exits(70);
    await clock.settle();
    expect(ended).toEqual([{ code: 70 }]);
    expect(children).toHaveLength(1);
  });
});
