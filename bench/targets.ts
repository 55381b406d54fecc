/** What was promised of Encke's speed, and whether a run bears it out. */
import type { PeerName, Sample } from './scenario.ts';
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

  /** NaN when there is none, so that nothing compares as met. */
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

  isMeasured(scenario: string): boolean {
    return this.#samples.some((one) => one.scenario === scenario && one.peer === 'encke');
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
  const decide = (scenario: string, target: string, found: Found): Verdict => ({
    target,
    measured: found.measured,
    beside: found.beside ?? '',
    isMet: medians.isMeasured(scenario) ? found.isMet && medians.failures(scenario) === 0 : null,
  });
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
  readonly isMet: boolean;
}

const ten = '10,000';

function cpu(medians: Medians): Found {
  const ratio = medians.ratio('fan-out', ten, 'cpuUs', 'nchan');
  return {
    measured: `${medians.of('fan-out', ten, 'cpuUs').toFixed(1)} µs`,
    beside: `${medians.of('fan-out', ten, 'cpuUs', 'nchan').toFixed(1)} µs, ${times(ratio)}`,
    isMet: ratio <= 1,
  };
}

function p99(medians: Medians): Found {
  const ratio = medians.ratio('fan-out', ten, 'p99Ms', 'nchan');
  return {
    measured: `${medians.of('fan-out', ten, 'p99Ms').toFixed(0)} ms`,
    beside: `${medians.of('fan-out', ten, 'p99Ms', 'nchan').toFixed(0)} ms, ${times(ratio)}`,
    isMet: ratio <= 1.1,
  };
}

function perPoll(medians: Medians): Found {
  const kb = medians.of('fan-out', ten, 'residentKb');
  const ratio = medians.ratio('fan-out', ten, 'residentKb', 'nchan');
  return {
    measured: `${kb.toFixed(1)} kB`,
    beside: `${medians.of('fan-out', ten, 'residentKb', 'nchan').toFixed(1)} kB, ${times(ratio)}`,
    isMet: kb <= 5 && ratio <= 0.5,
  };
}

function steady(medians: Medians): Found {
  const p99Ms = medians.of('rate', null, 'p99Ms');
  const core = medians.of('rate', null, 'core');
  const highest = (peer: PeerName): string =>
    medians.of('highest-rate', null, 'rate', peer).toFixed(1);
  return {
    measured: `${p99Ms.toFixed(0)} ms, ${core.toFixed(0)} % of the core`,
    beside: `highest rate ${highest('encke')}, Nchan ${highest('nchan')}`,
    isMet: p99Ms < 2_000 && core < 95,
  };
}

function under(medians: Medians, scenario: string): Found {
  const p99Ms = medians.of(scenario, null, 'ackP99Ms');
  return { measured: `${p99Ms.toFixed(1)} ms`, isMet: p99Ms < 50 };
}

function storm(medians: Medians): Found {
  const laterMs =
    medians.of('joins', 'while they come', 'maxMs') - medians.of('joins', 'before', 'maxMs');
  return { measured: `${laterMs.toFixed(0)} ms later`, isMet: laterMs <= 100 };
}

function flat(medians: Medians): Found {
  const all = medians.all('fan-out', 'cpuUs');
  const ratio = Math.max(...all) / Math.min(...all);
  return {
    measured: `${Math.min(...all).toFixed(1)} to ${Math.max(...all).toFixed(1)} µs, ${times(ratio)}`,
    isMet: ratio <= 1.2,
  };
}

function flatOverTime(medians: Medians): Found {
  const cpuUs = medians.of('fan-out-long-journal', null, 'cpuUs');
  const ratio = cpuUs / medians.of('fan-out', ten, 'cpuUs');
  return { measured: `${cpuUs.toFixed(1)} µs, ${times(ratio)}`, isMet: ratio <= 1.2 };
}

function back(medians: Medians): Found {
  const heldMs = medians.of('restart', null, 'heldMs');
  const refused = medians.of('restart', null, 'refused');
  return {
    measured: `${(heldMs / 1_000).toFixed(1)} s, ${refused.toFixed(0)} refusals, nothing lost`,
    isMet: heldMs <= 5_000 && refused === 0,
  };
}

function load(medians: Medians): Found {
  const kb = medians.of('page', null, 'kb');
  const visibleMs = medians.of('page', null, 'visibleMs');
  return {
    measured: `${kb.toFixed(1)} kB, ${visibleMs.toFixed(0)} ms`,
    isMet: kb <= 40 && visibleMs <= 300,
  };
}

/** Returned: what is left is less than a tenth of what the members took. */
function returned(medians: Medians): Found {
  const leftKb = medians.of('memory', null, 'leftKb');
  const heldKb = medians.of('memory', null, 'heldKb');
  return {
    measured: `${leftKb.toFixed(1)} of ${heldKb.toFixed(1)} kB a member are left`,
    isMet: leftKb <= heldKb / 10,
  };
}

function opened(medians: Medians): Found {
  const readyMs = medians.of('start', '1,000,000 entries', 'readyMs');
  return { measured: `${readyMs.toFixed(0)} ms`, isMet: readyMs < 2_000 };
}

function times(ratio: number): string {
  return `${ratio.toFixed(2)} times`;
}
