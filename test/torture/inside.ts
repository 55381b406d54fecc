/**
 * What the torture run does inside the serving process: it is loaded before the product
 * (`bun --preload`), which knows nothing of it and has no switch for it. It listens on a socket in
 * the file system, and does on demand what no signal can: let the wall clock jump, end the
 * journal's thread, keep the event loop busy, take memory, and count the timers that are set.
 */
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Inside, Report } from './inside-link.ts';

const path = process.env['TORTURE_INSIDE'];
const isServing = process.argv[2] === 'run';

if (path !== undefined && isServing && Bun.isMainThread) open(path);

function open(at: string): void {
  const clock = jumpingClock();
  const threads = endableThreads();
  const timers = countedTimers();
  const eaten: Uint8Array[] = [];

  function report(): Report {
    const { rss, heapUsed } = process.memoryUsage();
    return { rssBytes: rss, heapBytes: heapUsed, timers: timers(), threads: threads.size };
  }

  function obey(order: Inside): object {
    switch (order.do) {
      case 'report':
        return report();
      case 'collect':
        Bun.gc(true);
        return report();
      case 'jump':
        clock.jump(order.ms);
        return { now: Date.now() };
      case 'endThread': {
        const [thread] = threads;
        thread?.terminate();
        return { ended: thread !== undefined };
      }
      case 'block': {
        const until = performance.now() + order.ms;
        while (performance.now() < until);
        return {};
      }
      case 'eat':
        for (let mb = 0; mb < order.mb; mb++) eaten.push(new Uint8Array(1_048_576).fill(mb + 1));
        return { eaten: eaten.length };
      default:
        return { unknown: String(order satisfies never) };
    }
  }

  rmSync(at, { force: true });
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', (chunk) => {
      socket.end(JSON.stringify(obey(JSON.parse(chunk.toString()) as Inside)));
    });
  });
  server.listen(at);
  // What is here for the tests must not keep the process from ending.
  server.unref();
}

/** Replaces the wall clock. */
function jumpingClock(): { jump(ms: number): void } {
  const now = Date.now.bind(Date);
  let offsetMs = 0;
  Date.now = () => now() + offsetMs;
  return {
    jump(ms) {
      offsetMs += ms;
    },
  };
}

/** Remembers the threads that run. */
function endableThreads(): Set<Worker> {
  const running = new Set<Worker>();
  globalThis.Worker = class extends Worker {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      running.add(this);
      this.addEventListener('close', () => running.delete(this));
    }
  };
  return running;
}

/** Counts the timers that are set and have neither fired nor been cleared. */
function countedTimers(): () => number {
  const set = globalThis.setTimeout;
  const clear = globalThis.clearTimeout;
  const pending = new Set<unknown>();
  const counting = (
    run: (...args: unknown[]) => void,
    ms?: number,
    ...args: unknown[]
  ): unknown => {
    const timer = set(
      (...given: unknown[]) => {
        pending.delete(timer);
        run(...given);
      },
      ms,
      ...args,
    );
    pending.add(timer);
    return timer;
  };
  globalThis.setTimeout = Object.assign(counting, set) as typeof setTimeout;
  globalThis.clearTimeout = ((timer: never) => {
    pending.delete(timer);
    clear(timer);
  }) as typeof clearTimeout;
  return () => pending.size;
}
