/**
 * The log of the server, read as a test would: a run is not well when the server says that
 * something happened to it which nobody did to it.
 */
import type { Fields, Log } from '../../src/supervisor/log.ts';
import type { Trace } from './trace.ts';

/** What the faults of a simulation may make the server say. */
const expected: readonly RegExp[] = [
  /The service "[\w-]+" was killed/,
  /The journal's worker (was killed|was stopped|ended unasked|did not come up|hangs in a call)/,
  /The disk has no room/,
  /took longer than \d+ ms/,
  /The service "[\w-]+" is being restarted/,
  /The journal is closing/,
  /The serving process is (killed|restarted|started again later)/,
  /The disk (is full|has room again)/,
  /A service was restarted/,
];

export class SimLog implements Log {
  readonly #trace: Trace;

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  info(message: string, fields?: Fields): void {
    this.#trace.note('log', lineOf(message, fields));
  }

  warn(message: string, fields?: Fields): void {
    this.#judge(lineOf(message, fields));
  }

  error(message: string, fields?: Fields): void {
    this.#judge(lineOf(message, fields));
  }

  #judge(line: string): void {
    this.#trace.note('log', line);
    if (!expected.some((pattern) => pattern.test(line))) {
      this.#trace.trouble('crash', line);
    }
  }
}

/** Without the name of the folder, which is another one each time. */
function lineOf(message: string, fields: Fields = {}): string {
  const told = Object.entries(fields).map(([name, value]) => `${name}: ${String(value)}`);
  return withoutFolder(`${message}; ${told.join(', ')}`);
}

export function withoutFolder(text: string): string {
  return text.replaceAll(/\/\S*encke-sim-\w+/g, '');
}
