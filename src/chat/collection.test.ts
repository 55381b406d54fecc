import { expect, test } from 'bun:test';
import { limits } from '../protocol/limits.ts';
import { Collection } from './collection.ts';

const { collectBytesMin, collectEveryMs, collectLookMs, collectRestMs } = limits;

/** A process whose memory grows as the test says; a collection takes all of it back. */
class Process {
  readonly collection = new Collection({
    residentBytes: () => this.residentBytes,
    collect: () => {
      this.collections++;
      this.residentBytes = this.neededBytes;
    },
  });
  residentBytes = 100_000_000;
  neededBytes = 100_000_000;
  collections = 0;
  nowMs = 0;

  /** Lets time pass, in which nothing happens unless told so. */
  pass(ms: number, restedMs: number = collectRestMs): void {
    for (const untilMs = this.nowMs + ms; this.nowMs < untilMs; this.nowMs += collectLookMs) {
      this.collection.look(this.nowMs, restedMs);
    }
  }
}

test('what was left behind is collected in a quiet moment, once', () => {
  const process = new Process();
  process.pass(collectLookMs, 0);
  process.residentBytes += collectBytesMin;
  process.pass(10 * collectEveryMs);
  expect(process.collections).toBe(1);
});

test('nothing is collected while something happens', () => {
  const process = new Process();
  process.pass(collectLookMs);
  process.residentBytes += 10 * collectBytesMin;
  process.pass(10 * collectEveryMs, collectRestMs - 1);
  expect(process.collections).toBe(0);
});

test('a little is not worth a collection', () => {
  const process = new Process();
  process.pass(collectLookMs);
  process.residentBytes += collectBytesMin - 1;
  process.pass(10 * collectEveryMs);
  expect(process.collections).toBe(0);
});

test('memory that is needed is not looked through again and again', () => {
  const process = new Process();
  process.pass(collectLookMs);
  process.residentBytes += 5 * collectBytesMin;
  process.neededBytes = process.residentBytes;
  process.pass(10 * collectEveryMs);
  expect(process.collections).toBe(1);
});

test('two collections are apart', () => {
  const process = new Process();
  process.pass(collectLookMs);
  for (let nr = 0; nr < 4; nr++) {
    process.residentBytes = process.neededBytes + collectBytesMin;
    process.pass(collectEveryMs / 2);
  }
  expect(process.collections).toBe(2);
});
