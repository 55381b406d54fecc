/**
 * A chat without a store numbers its messages anew when its server starts again. For those who are
 * in it, it is the same room, and what they miss they miss. So its runs are put one behind the
 * other, as one history.
 */
import type { Observation } from './crew.ts';

/** No run has more messages. */
const runLength = 1_000_000;
const oneHistory = 'one';

/** Puts what was observed into one history; runs follow each other as they are first heard of. */
export function numbering(): (observation: Observation) => Observation {
  const runs = new Map<string, number>();
  return (observation) => {
    if (!('epoch' in observation) || !('seq' in observation)) return observation;
    const run = runs.get(observation.epoch) ?? runs.size;
    runs.set(observation.epoch, run);
    return { ...observation, epoch: oneHistory, seq: run * runLength + observation.seq };
  };
}
