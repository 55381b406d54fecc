/** What was promised of Encke's speed, and whether a run bears it out. */
import type { PeerName, Sample } from './scenario.ts';
import { minute } from './scenarios/rate.ts';
import { roundsOf, spread, spreadOf } from './statistics.ts';

export interface Verdict {
  readonly target: string;
  readonly measured: string;
  /** The peer's figure, and the ratio to it; empty where there is none to compare with. */
  readonly beside: string;
  /** Null when the run has not measured it. */
  readonly isMet: boolean | null;
}

/** The medians of a run, by what they are of. */
class Medians {
  readonly #samples: readonly Sample[];

  constructor(samples: readonly Sample[]) {
    this.#samples = samples;
  }

  /** NaN when there is none. */
  of(scenario: string, name: string | null, figure: string, peer: PeerName = 'encke'): number {
    const rounds = this.#rounds(scenario, name, peer);
    return (rounds === undefined ? null : spread(rounds, figure))?.median ?? Number.NaN;
  }

  /** The median of the ratios within each round: whatever slowed a round down slowed both. */
  ratio(scenario: string, name: string, figure: string, peer: PeerName): number {
    const [ours, theirs] = [this.#rounds(scenario, name), this.#rounds(scenario, name, peer)];
    const ratios = (ours?.good ?? []).flatMap(({ round, figures }) => {
      const other = theirs?.good.find((sample) => sample.round === round)?.figures[figure];
      const own = figures[figure];
      return own === undefined || other === undefined ? [] : [own / other];
    });
    return spreadOf(ratios)?.median ?? Number.NaN;
  }

  failures(scenario: string): number {
    return this.#samples.filter(
      (one) => one.scenario === scenario && one.peer === 'encke' && one.failed !== null,
    ).length;
  }

  /** The medians of one figure over all cases of a scenario, in their order. */
  all(scenario: string, figure: string): readonly number[] {
    return roundsOf(this.#samples, scenario)
      .filter(({ peer }) => peer === 'encke')
      .flatMap((rounds) => spread(rounds, figure)?.median ?? []);
  }

  #rounds(scenario: string, name: string | null, peer: PeerName = 'encke') {
    return roundsOf(this.#samples, scenario).find(
      (rounds) => rounds.peer === peer && (name === null || rounds.name === name),
    );
  }
}

export function verdictsOf(samples: readonly Sample[]): readonly Verdict[] {
  const medians = new Medians(samples);
  const decide = (scenario: string, target: string, found: Found): Verdict => {
    const failures = medians.failures(scenario);
    const measured = failures === 0 ? found.measured : `${found.measured}; ${failures} failed`;
    const isMet = failures === 0 ? allMet(found.met) : false;
    return { target, measured, beside: found.beside ?? '', isMet };
  };
  return [
    decide('fan-out', '1. To 10,000 held polls: no more CPU than Nchan', cpu(medians)),
    decide('fan-out', '1. … and p99 at most 1.1 times Nchan’s', p99(medians)),
    decide('fan-out', '2. At most 5 kB a held poll, and half of Nchan’s', perPoll(medians)),
    decide('rate', '3. 20 a second to 10,000: p99 under 2 s, core not full', steady(medians)),
    decide('durable', '4. 5,000 durable a second: p99 under 50 ms', under(medians, 'durable')),
    decide('joins', '5. 10,000 joins in 5 s: nobody 100 ms later', storm(medians)),
    decide('post', '6. `POST` p99 under 50 ms while 15,000 are woken', under(medians, 'post')),
    decide('fan-out', '7. CPU flat within 20 % from 1,000 to 18,000', flat(medians)),
    decide('fan-out-long-journal', '7. … and over a million entries', flatOverTime(medians)),
    decide('restart', '8. `kill -9`: all held within 5 s of the restart', back(medians)),
    decide('page', '9. Page of at most 40 kB, message within 300 ms', load(medians)),
    decide('memory', 'After 15,000 came and went, memory returns', returned(medians)),
    decide('start', 'A million entries open in under 2 s', opened(medians)),
  ];
}

interface Found {
  readonly measured: string;
  readonly beside?: string;
  /** Figures and what they may be at most. */
  readonly met: readonly (readonly [figure: number, most: number])[];
}

/** Null when one of the figures was not measured. */
function allMet(met: Found['met']): boolean | null {
  if (met.some(([figure]) => Number.isNaN(figure))) return null;
  return met.every(([figure, most]) => figure <= most);
}

const ten = '10,000';

function cpu(medians: Medians): Found {
  const ratio = medians.ratio('fan-out', ten, 'cpuUs', 'nchan');
  return {
    measured: `${show(medians.of('fan-out', ten, 'cpuUs'), 1)} µs`,
    beside: `${show(medians.of('fan-out', ten, 'cpuUs', 'nchan'), 1)} µs, ${times(ratio)}`,
    met: [[ratio, 1]],
  };
}

function p99(medians: Medians): Found {
  const ratio = medians.ratio('fan-out', ten, 'p99Ms', 'nchan');
  return {
    measured: `${show(medians.of('fan-out', ten, 'p99Ms'), 0)} ms`,
    beside: `${show(medians.of('fan-out', ten, 'p99Ms', 'nchan'), 0)} ms, ${times(ratio)}`,
    met: [[ratio, 1.1]],
  };
}

function perPoll(medians: Medians): Found {
  const kb = medians.of('fan-out', ten, 'residentKb');
  const ratio = medians.ratio('fan-out', ten, 'residentKb', 'nchan');
  return {
    measured: `${show(kb, 1)} kB`,
    beside: `${show(medians.of('fan-out', ten, 'residentKb', 'nchan'), 1)} kB, ${times(ratio)}`,
    met: [
      [kb, 5],
      [ratio, 0.5],
    ],
  };
}

function steady(medians: Medians): Found {
  const p99Ms = medians.of('rate', minute, 'p99Ms');
  const core = medians.of('rate', minute, 'core');
  const highest = (peer: PeerName): string =>
    show(medians.of('highest-rate', null, 'rate', peer), 1);
  return {
    measured: `${show(p99Ms, 0)} ms, ${show(core, 0)} % of the core`,
    beside: `highest rate ${highest('encke')}, Nchan ${highest('nchan')}`,
    met: [
      [p99Ms, 2_000],
      [core, 95],
    ],
  };
}

function under(medians: Medians, scenario: string): Found {
  const p99Ms = medians.of(scenario, null, 'ackP99Ms');
  return { measured: `${show(p99Ms, 1)} ms`, met: [[p99Ms, 50]] };
}

function storm(medians: Medians): Found {
  const laterMs =
    medians.of('joins', 'while they come', 'maxMs') - medians.of('joins', 'before', 'maxMs');
  return { measured: `${show(laterMs, 0)} ms later`, met: [[laterMs, 100]] };
}

function flat(medians: Medians): Found {
  const all = medians.all('fan-out', 'cpuUs');
  const ratio = Math.max(...all) / Math.min(...all);
  return {
    measured: `${show(Math.min(...all), 1)} to ${show(Math.max(...all), 1)} µs, ${times(ratio)}`,
    met: [[ratio, 1.2]],
  };
}

function flatOverTime(medians: Medians): Found {
  const cpuUs = medians.of('fan-out-long-journal', null, 'cpuUs');
  const ratio = cpuUs / medians.of('fan-out', ten, 'cpuUs');
  return { measured: `${show(cpuUs, 1)} µs, ${times(ratio)}`, met: [[ratio, 1.2]] };
}

function back(medians: Medians): Found {
  const heldMs = medians.of('restart', null, 'heldMs');
  const refused = medians.of('restart', null, 'refused');
  return {
    measured: `${show(heldMs / 1_000, 1)} s, ${show(refused, 0)} refusals, nothing lost`,
    met: [
      [heldMs, 5_000],
      [refused, 0],
    ],
  };
}

function load(medians: Medians): Found {
  const kb = medians.of('page', null, 'kb');
  const visibleMs = medians.of('page', null, 'visibleMs');
  return {
    measured: `${show(kb, 1)} kB, ${show(visibleMs, 0)} ms`,
    met: [
      [kb, 40],
      [visibleMs, 300],
    ],
  };
}

/** Returned: a second crowd leaves less than a tenth of what it took. */
function returned(medians: Medians): Found {
  const leftKb = medians.of('memory', null, 'leftKb');
  const againKb = medians.of('memory', null, 'againKb');
  const heldKb = medians.of('memory', null, 'heldKb');
  return {
    measured: `of ${show(heldKb, 1)} kB a member ${show(leftKb, 1)} are left, ${show(againKb, 1)} more the second time`,
    met: [[againKb, heldKb / 10]],
  };
}

function opened(medians: Medians): Found {
  const readyMs = medians.of('start', '1,000,000 entries', 'readyMs');
  return { measured: `${show(readyMs, 0)} ms`, met: [[readyMs, 2_000]] };
}

function show(figure: number, digits: number): string {
  return Number.isNaN(figure) ? '–' : figure.toFixed(digits);
}

function times(ratio: number): string {
  return `${show(ratio, 2)} times`;
}
