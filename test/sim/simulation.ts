/**
 * One run: a room, its members, and everything that may happen to them, from one seed. The whole
 * server is the real one, as are the client library and the checker; simulated are time, chance,
 * sockets, the thread of the journal, and what a disk does to a file.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Checker } from '../checker/checker.ts';
import type { HistoryRecord, Verdict } from '../checker/record.ts';
import { acts, weights as actWeights } from './acts.ts';
import { epochHeader } from './ask.ts';
import { Auditor } from './auditor.ts';
import { Chance } from './chance.ts';
import { Crowd } from './crowd.ts';
import { Disk } from './disk.ts';
import { Faults } from './faults.ts';
import { Healing } from './healing.ts';
import { Host } from './host.ts';
import { LibraryClient } from './library-client.ts';
import { changeable, historyHeader, Network } from './network.ts';
import { Person } from './person.ts';
import { Recorder } from './recorder.ts';
import { SimLog, withoutFolder } from './sim-log.ts';
import { Timeline } from './sim-clock.ts';
import { Trace } from './trace.ts';
import type { World } from './world.ts';

export interface SimulateOptions {
  readonly seed: number;
  /** How many things happen; 300 by default. */
  readonly steps?: number;
  /** Hears each event, in one line. */
  readonly print?: (line: string) => void;
  /** Hears each record of the history. */
  readonly history?: (record: HistoryRecord) => void;
}

export interface Simulated {
  readonly seed: number;
  readonly steps: number;
  readonly verdict: Verdict;
  /** What was seen to be wrong without the checker. */
  readonly troubles: readonly string[];
  /** The same for every run of a seed. */
  readonly digest: string;
  /** How often what happened. */
  readonly counts: ReadonlyMap<string, number>;
  readonly virtualMs: number;
}

export const stepsDefault = 300;
const people = 4;
const pages = 3;
/** Longer than a request and its answer are ever on their way without a storm. */
const holdSlackMs = 6_000;
/** On average, between two steps. */
const pauseMs = 250;
const longPauseMs = 9_000;

export async function simulate(options: SimulateOptions): Promise<Simulated> {
  const { seed, steps = stepsDefault, print = null, history } = options;
  const simulation = new Simulation(seed, print, history);
  try {
    await simulation.run(steps);
    return simulation.outcome(steps);
  } finally {
    simulation.dispose();
  }
}

class Simulation {
  readonly #seed: number;
  readonly #folder: string;
  readonly #chance: Chance;
  readonly #timeline = new Timeline();
  readonly #trace: Trace;
  readonly #checker = new Checker({ holdSlackMs });
  readonly #auditor: Auditor;
  readonly #world: World;
  readonly #faults: Faults;
  readonly #crowd: Crowd;
  readonly #people: Person[];
  readonly #pages: LibraryClient[];
  readonly #uncaught = (reason: unknown): void => {
    const what = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
    this.#trace.trouble('crash', `nobody caught: ${withoutFolder(what)}`);
  };

  constructor(
    seed: number,
    print: ((line: string) => void) | null,
    history: ((record: HistoryRecord) => void) | undefined,
  ) {
    this.#seed = seed;
    const chance = new Chance(`encke ${seed}`);
    const timeline = this.#timeline;
    const trace = new Trace(timeline, print);
    const takers = [(record: HistoryRecord) => this.#checker.take(record)];
    const recorder = new Recorder(timeline, history === undefined ? takers : [...takers, history]);
    this.#folder = newFolder();
    const disk = new Disk(join(this.#folder, 'data'), chance.of('disk'));
    const log = new SimLog(trace);
    const host = new Host({ timeline, chance: chance.of('host'), disk, log, trace });
    const auditor = new Auditor(disk, recorder, trace);
    const network = new Network({
      timeline,
      chance: chance.of('network'),
      host,
      trace,
      stamp: () => ({
        [epochHeader]: disk.epoch() ?? auditor.epoch,
        [historyHeader]: String(auditor.history),
      }),
    });
    const { cuts } = auditor;
    this.#chance = chance.of('steps');
    this.#trace = trace;
    this.#auditor = auditor;
    this.#world = { timeline, chance, disk, host, network, recorder, trace, cuts, forKeepers: [] };
    this.#faults = new Faults(this.#world, auditor);
    this.#crowd = new Crowd(this.#world);
    host.served = () => auditor.read();
    this.#people = Array.from({ length: people }, (_, index) => this.#person(index));
    this.#pages = Array.from({ length: pages }, (_, index) => this.#page(index));
    // A keeper may be none in what is left: they see with other eyes, and begin anew.
    auditor.wasCut = () => {
      const keepers = this.#people.filter(({ role }) => role === 'keeper');
      for (const tab of keepers.flatMap((person) => person.openTabs)) tab.at = null;
    };
    process.on('unhandledRejection', this.#uncaught);
  }

  async run(steps: number): Promise<void> {
    const { host, network } = this.#world;
    host.start();
    await this.#timeline.pass(1_000);
    for (const person of this.#people) void person.join();
    for (const page of this.#pages) void page.join();
    await this.#timeline.pass(2_000);
    network.weather = changeable;
    for (let step = 0; step < steps; step++) {
      this.#step();
      const isLong = this.#chance.happens(0.02);
      await this.#timeline.pass(this.#chance.waiting(isLong ? longPauseMs : pauseMs));
    }
    const healing = new Healing(this.#world, this.#auditor, this.#people, this.#pages);
    this.#faults.heal();
    await healing.heal();
    await healing.hurry();
    await healing.demand();
    await healing.stop();
  }

  outcome(steps: number): Simulated {
    const { counts, troubles } = this.#trace;
    const leaked = this.#world.forKeepers.find(
      ({ to }) => to === undefined || !this.#auditor.keepers.has(to),
    );
    if (leaked !== undefined) {
      this.#trace.trouble('leaked', `${leaked.to} was given the sanction at ${leaked.seq}`);
    }
    return {
      seed: this.#seed,
      steps,
      verdict: this.#checker.verdict(),
      troubles,
      digest: this.#trace.digest(),
      counts,
      virtualMs: this.#timeline.nowMs,
    };
  }

  dispose(): void {
    for (const page of this.#pages) page.dispose();
    this.#world.disk.dispose();
    rmSync(this.#folder, { recursive: true, force: true });
    process.off('unhandledRejection', this.#uncaught);
  }

  #step(): void {
    const chance = this.#chance;
    if (chance.happens(0.07)) return this.#faults.strike();
    if (chance.happens(0.03)) return this.#auditor.read();
    if (chance.happens(0.006)) return this.#crowd.come();
    if (chance.happens(0.35)) return this.#pageStep();
    const person = chance.pick(this.#people);
    if (person === undefined) return;
    if (person.openTabs.length === 0 && chance.happens(0.4)) {
      person.isIn = true;
      return void person.join();
    }
    const name = chance.weighed(actWeights);
    this.#trace.note(person.name, name);
    acts[name](
      person,
      this.#world,
      this.#people.filter((other) => other !== person),
    );
  }

  #pageStep(): void {
    const chance = this.#chance;
    const page = chance.pick(this.#pages);
    if (page === undefined) return;
    if (!page.isIn && chance.happens(0.5)) return void page.join();
    const kinds = {
      say: 24,
      amend: 6,
      reload: 4,
      sleep: 3,
      offline: 3,
      leave: 1,
      history: 1,
      typing: 2,
      wake: 2,
    };
    const kind = chance.weighed(kinds);
    this.#trace.note(page.who, kind);
    switch (kind) {
      case 'say':
        return void page.say(`${chance.pick(['Hej', 'ok', '¡olé!', '…'])} ${chance.below(1_000)}`);
      case 'amend':
        return page.amend();
      case 'reload':
        return page.reload(chance.happens(0.5));
      case 'sleep':
        return page.sleep(Math.min(45_000, chance.waiting(15_000)));
      case 'offline':
        return page.offline(Math.min(30_000, chance.waiting(8_000)));
      case 'leave':
        return void page.client.leave();
      case 'history':
        return void page.client.history();
      case 'typing':
        return page.client.typing();
      default:
        return page.wake();
    }
  }

  #person(index: number): Person {
    const name = `r${index + 1}`;
    const isProxied = index === people - 1;
    const line = this.#world.network.line(name, `203.0.113.${index + 1}`, isProxied);
    return new Person(this.#world, name, line);
  }

  #page(index: number): LibraryClient {
    const name = `page${index + 1}`;
    const line = this.#world.network.line(name, `192.0.2.${index + 1}`, index === 0);
    return new LibraryClient(this.#world, name, line);
  }
}

/** In memory where that is possible: thousands of runs should not wear out a disk. */
function newFolder(): string {
  const root = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  return mkdtempSync(join(root, 'encke-sim-'));
}
