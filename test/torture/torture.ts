/**
 * The torture run: the real server, real sockets, a bad network, clients that do everything that
 * clients do, and one thing after the other that breaks. Everything that anybody was told is
 * written down, and a checker that knows nothing else says whether it can be true.
 */
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseCursor } from '../../src/protocol/cursor.ts';
import type { Snapshot } from '../../src/protocol/replies.ts';
import { Checker } from '../checker/checker.ts';
import { formOf } from '../checker/from-wire.ts';
import type { Verdict } from '../checker/record.ts';
import { randomOf } from '../contract/journal-kit.ts';
import { Crowds } from './crowds.ts';
import { allFaults } from './faults/all.ts';
import type { Fault } from './faults/fault.ts';
import { History } from './history.ts';
import { fair, rough } from './proxy.ts';
import { flatness, Sampler, type Flatness, type Sample } from './sampler.ts';
import { steps } from './schedule.ts';
import { Stage } from './stage.ts';
import { Tally } from './tally.ts';

export interface TortureOptions {
  readonly seed: number;
  readonly clients: number;
  /** Messages a second, by all together. */
  readonly rate: number;
  /** How long it lasts, but for the end; null with `rounds`. */
  readonly minutes: number | null;
  /** How many faults; null with `minutes`. */
  readonly rounds: number | null;
  /** Which faults, by name; null for all that there are. */
  readonly only: readonly string[] | null;
  readonly without: readonly string[];
  /** Only faults that leave the serving process alive. */
  readonly keepProcess: boolean;
  readonly gapMs: readonly [number, number];
  readonly spell: number;
  readonly joins: number;
  /** Hears how it goes, a line a minute. */
  readonly print: (line: string) => void;
  /** Hears of each fault. */
  readonly told: (line: string) => void;
  /** Ends it in order. */
  readonly signal: AbortSignal;
}

export interface Outcome {
  readonly verdict: Verdict['verdict'];
  readonly seed: number;
  readonly minutes: number;
  /** Why the verdict is unknown. */
  readonly doubts: readonly string[];
  readonly checker: Verdict;
  /** Records that came too late for their place in the history. */
  readonly late: number;
  /** What must not be, beside what the checker found. */
  readonly troubles: readonly string[];
  /** What the machine cannot do, though nobody had named it in `without`. */
  readonly leftOut: Readonly<Record<string, string>>;
  /** Faults that did not happen when they were meant to, by name and reason. */
  readonly misfired: readonly string[];
  /** How the server ended when nobody had ended it, and how clients did. */
  readonly serverEnds: Readonly<Record<string, number>>;
  readonly clientEnds: Readonly<Record<string, number>>;
  readonly proxy: Readonly<Record<string, number>>;
  readonly samples: readonly Sample[];
  /** Whether memory, descriptors and timers stayed; null when the process did not. */
  readonly flat: string | null;
  /** The longest that it did not serve after a `kill -9`; null when there was none. */
  readonly awayMs: number | null;
  /** Where everything about a failure was kept. */
  readonly kept: string | null;
}

const tickMs = 500;
/** How long the proxy may keep an answer beyond the end of a hold. */
const holdSlackMs = 20_000;
/** With a smaller share of the messages that were meant to be said, too little was tried. */
const saidShare = 0.1;
/** How long the clients may take to come to rest, and to read everything. */
const restMs = 1_200;
const lineEveryMs = 60_000;
const healMsMax = 60_000;
/** A shorter run has no time for the fair weather, and a shorter life need not be flat. */
const fairMinutesMin = 5;
const flatMinutesMin = 30;
/**
 * The fair weather at the end of a run. How long a poll was held is judged when nothing was broken
 * since `holdSlackMs` before it began: then it takes a hold, 25 s, and as much slack again.
 */
const fairMs = 75_000;

/** Runs it. */
export async function torture(options: TortureOptions): Promise<Outcome> {
  const known = allFaults(options).map(({ name }) => name);
  const unknown = [...(options.only ?? []), ...options.without].find((one) => !known.includes(one));
  if (unknown !== undefined) {
    throw new Error(`There is no fault "${unknown}", there are: ${known.join(', ')}`);
  }
  const checker = new Checker({ holdSlackMs });
  const run = await Run.open(options, checker);
  try {
    await run.torment();
    return await run.outcome();
  } finally {
    await run.close();
  }
}

class Run {
  readonly #options: TortureOptions;
  readonly #checker: Checker;
  readonly #history: History;
  readonly #stage: Stage;
  readonly #crowds: Crowds;
  readonly #sampler: Sampler;
  readonly #faults: readonly Fault[];
  readonly #leftOut: Record<string, string> = {};
  readonly #tally = new Tally();
  readonly #troubles: string[] = [];
  readonly #ticking: NodeJS.Timeout;
  readonly #began = performance.now();
  #kept: string | null = null;

  static async open(options: TortureOptions, checker: Checker): Promise<Run> {
    const history = new History({ take: (record) => checker.take(record) });
    const stage = await Stage.open({ random: randomOf(options.seed + 1), history });
    history.keepAt(join(stage.base, 'history.ndjson.gz'));
    return new Run(options, checker, history, stage);
  }

  private constructor(options: TortureOptions, checker: Checker, history: History, stage: Stage) {
    this.#options = options;
    this.#checker = checker;
    this.#history = history;
    this.#stage = stage;
    this.#sampler = new Sampler(stage);
    const { clients, rate, seed } = options;
    const { keeperCode, proxy } = stage;
    this.#crowds = new Crowds({ url: proxy.url, seed, clients, rate, keeperCode, history });
    this.#faults = this.#possible();
    let toldAt = performance.now();
    this.#ticking = setInterval(() => {
      stage.tail.read();
      history.pass();
      if (performance.now() - toldAt < lineEveryMs) return;
      toldAt += lineEveryMs;
      options.print(this.#line());
    }, tickMs);
  }

  /** Breaks one thing after the other, until it is time. */
  async torment(): Promise<void> {
    const { seed, minutes, rounds, gapMs, spell } = this.#options;
    const endMs = minutes === null ? Infinity : this.#began + minutes * 60_000;
    const random = randomOf(seed);
    await this.#heal(false);
    for (const step of steps({ faults: this.#faults, random, gapMs, spell, rounds })) {
      if (performance.now() > endMs || this.#options.signal.aborted) return;
      if (step.do === 'heal') {
        await this.#heal(true);
        // What does not come back by itself is not broken any further.
        if (this.#stage.pid() === null) return;
      } else {
        await this.#pause(step.afterMs);
        await this.#inject(step.fault);
      }
    }
  }

  /** The end: everybody comes to know everything, and the checker has its word. */
  async outcome(): Promise<Outcome> {
    await this.#fairWeather();
    await this.#heal(true);
    const pid = this.#stage.pid();
    await this.#crowds.end();
    clearInterval(this.#ticking);
    this.#stage.tail.read();
    this.#history.end();
    const checked = this.#checker.verdict();
    const flat = flatness(this.#sampler.samples, pid);
    const troubles = [...this.#allTroubles()];
    if (flat?.isFlat === false) troubles.push(`The process did not stay as it was: ${flat.words}`);
    const doubts = [...checked.doubts, ...this.#doubts(flat)];
    const isDoubted = checked.verdict === 'pass' && doubts.length > 0;
    const verdict = troubles.length > 0 ? 'fail' : isDoubted ? 'unknown' : checked.verdict;
    if (verdict === 'fail') this.#kept = this.#stage.base;
    const { seed } = this.#options;
    const outcome: Outcome = {
      verdict,
      seed,
      minutes: Math.round(this.#minutes() * 10) / 10,
      doubts,
      checker: checked,
      late: this.#history.late,
      troubles,
      leftOut: this.#leftOut,
      misfired: this.#tally.misfired,
      serverEnds: this.#stage.ends,
      clientEnds: this.#crowds.ends,
      proxy: this.#stage.proxy.counts,
      samples: this.#sampler.samples,
      flat: flat?.words ?? null,
      awayMs: this.#stage.awayMs,
      kept: this.#kept,
    };
    if (this.#kept !== null) {
      writeFileSync(join(this.#kept, 'outcome.json'), JSON.stringify(outcome, null, 2));
    }
    return outcome;
  }

  /** One line about how it goes. */
  #line(): string {
    const { records, counts } = this.#checker.soFar();
    const found = Object.entries(counts).map(([name, times]) => `${name} ${times}`);
    const wrong = [...found, ...this.#allTroubles().slice(-3)];
    const sample = this.#sampler.samples.at(-1);
    return [
      `${new Date().toISOString().slice(11, 19)} ${Math.floor(this.#minutes())} min`,
      `${this.#tally.fired} faults (${this.#tally.misfired.length} misfired)`,
      `${this.#history.acknowledged} acknowledged`,
      `${this.#history.shown} shown`,
      `${records} records`,
      sample === undefined ? 'no sample' : this.#sampler.describe(sample),
      `the run itself ${Math.round(process.memoryUsage.rss() / 1_048_576)} MB`,
      wrong.length === 0 ? 'nothing found' : `FOUND ${wrong.join(', ')}`,
    ].join(' | ');
  }

  async close(): Promise<void> {
    clearInterval(this.#ticking);
    await this.#crowds.end();
    await this.#stage.close();
    if (this.#kept === null) this.#stage.remove();
    else this.#keep();
  }

  #keep(): void {
    const { base, data, disk } = this.#stage;
    this.#stage.keepLog(join(base, 'server.log'));
    if (typeof disk === 'string') return;
    cpSync(data, join(base, 'data'), { recursive: true });
    disk.remove();
  }

  #possible(): readonly Fault[] {
    const { only, without, keepProcess, joins } = this.#options;
    const all = allFaults({ joins });
    return all.filter((fault) => {
      if (only !== null && !only.includes(fault.name)) return false;
      if (without.includes(fault.name) || (keepProcess && fault.endsProcess)) return false;
      const why = fault.needs(this.#stage);
      if (why !== null) this.#leftOut[fault.name] = why;
      return why === null;
    });
  }

  async #inject(fault: Fault): Promise<void> {
    const { name } = fault;
    const nr = this.#history.note('faults', { do: 'fault', is: 'invoke', name });
    const pid = this.#stage.pid();
    try {
      const evidence = await fault.inject(this.#stage);
      this.#tally.happened(name);
      this.#history.note('faults', { do: 'fault', is: 'ok', evidence }, nr);
      this.#options.told(`   ${name}: ${evidence}`);
      if (this.#stage.pid() !== pid && !fault.endsProcess) {
        this.#troubles.push(`The process ended at "${name}", which it should survive`);
      }
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      this.#history.note('faults', { do: 'fault', is: 'fail', reason }, nr);
      this.#tally.misfires(name, reason);
      this.#options.told(`   ${name} MISFIRED: ${reason}`);
    }
  }

  /** Nothing is broken for a while, so that once all is judged as on a good day. */
  async #fairWeather(): Promise<void> {
    if (this.#minutes() < fairMinutesMin) return;
    this.#stage.proxy.become(fair);
    await this.#pause(fairMs);
  }

  /** Leaves everything in peace until all know everything, and says who must. */
  async #heal(areAllShown: boolean): Promise<void> {
    const { proxy, tail } = this.#stage;
    const began = performance.now();
    proxy.become(fair);
    this.#crowds.tell({ do: 'calm' });
    try {
      await this.#stage.serves();
      await sleep(restMs);
      tail.read();
      const clients = await this.#caughtUp(tail.heard);
      const { epoch, seq } = this.#healedAt;
      this.#history.note('run', { do: 'healed', is: 'ok', epoch, seq, clients });
      if (areAllShown) await this.#showAll();
      await this.#sampler.take();
      const tookMs = Math.round(performance.now() - began);
      this.#options.told(`   healed at ${seq}, ${clients.length} clients, in ${tookMs} ms`);
    } catch (thrown) {
      this.#troubles.push(`It did not heal: ${String(thrown)}`);
    }
    this.#crowds.tell({ do: 'go' });
    proxy.become(rough);
  }

  #healedAt = { epoch: '', seq: 0 };

  /** Waits until all who follow have heard of everything up to here. Answers with who they are. */
  async #caughtUp(seq: number): Promise<readonly string[]> {
    const lateAt = performance.now() + healMsMax;
    const { places } = this.#history;
    for (;;) {
      const epoch = this.#stage.tail.end?.epoch ?? '';
      this.#healedAt = { epoch, seq };
      const following = await this.#crowds.following();
      const behind = following.filter(({ who, isAtRest }) => {
        const place = places.get(who);
        return !isAtRest || place?.epoch !== epoch || place.to < seq;
      });
      const isWhole = following.length === this.#crowds.size;
      if (behind.length === 0 && isWhole) return following.map(({ who }) => who);
      if (performance.now() > lateAt) {
        const missing = this.#crowds.size - following.length;
        if (missing > 0) this.#troubles.push(`${missing} clients did not find their way back`);
        return following.map(({ who }) => who);
      }
      await sleep(tickMs);
    }
  }

  /** What is on all screens, and what somebody is told who comes now. */
  async #showAll(): Promise<void> {
    await this.#crowds.show();
    const response = await fetch(`${this.#stage.url}/v1/room`, { keepalive: false });
    const { cursor, entries, members } = (await response.json()) as Snapshot;
    const { epoch = '', seq = 0 } = parseCursor(cursor) ?? {};
    const lines = entries.map((message) => ({ seq: message.seq, form: formOf(message) }));
    const ids = members?.map(({ id }) => id);
    const view = { do: 'view', is: 'ok', of: 'fetch', epoch, seq, lines } as const;
    this.#history.note('run', { ...view, ...(ids && { members: ids }) });
  }

  #doubts(flat: Flatness | null): readonly string[] {
    const { rate, clients, keepProcess } = this.#options;
    const { acknowledged, shown } = this.#history;
    const least = Math.ceil(rate * 60 * this.#minutes() * saidShare);
    const isUnjudged = keepProcess && flat === null && this.#minutes() >= flatMinutesMin;
    const leftOut = Object.entries(this.#leftOut).map(([name, why]) => {
      return `The fault "${name}" was left out: ${why}`;
    });
    return [
      ...leftOut,
      ...this.#tally.doubts,
      isUnjudged ? 'It could not be judged whether the process stayed as it was' : '',
      acknowledged < least ? `Only ${acknowledged} messages were acknowledged, of ${least}` : '',
      shown < (least * clients) / 2 ? `Only ${shown} entries were shown` : '',
    ].filter((doubt) => doubt !== '');
  }

  #allTroubles(): readonly string[] {
    const { troubles, tail } = this.#stage;
    return [...this.#troubles, ...troubles, ...tail.troubles, ...this.#crowds.troubles];
  }

  #minutes(): number {
    return (performance.now() - this.#began) / 60_000;
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#options.signal }).catch(() => undefined);
  }
}
