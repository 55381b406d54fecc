/**
 * How long a poll may be held on this way to the server. Something on the way may cut connections
 * that stay silent for less than the server would hold them. The server cannot know that; whoever
 * sees polls die at the same age again and again can, and asks for less.
 */

/** Polls in a row that must die at about the same age before the hold is shortened. */
const deathsMin = 3;
/** How much the ages may differ: one is at most this many times the shortest before it, or less. */
const likeness = 1.2;
/** A poll that dies younger than this says that the server went away, not that the way is short. */
const ageMsMin = 5_000;
/** No hold is shorter: below this, polling costs more than what it tells. */
const holdMsMin = 4_000;
/** The share of the age at which polls died that is asked for instead. */
const margin = 0.8;
/** Held polls that must do well before a longer hold is tried, and by how much longer it is. */
const goodPollsMin = 20;
const growth = 1.25;

export interface Hold {
  /** Whole seconds to ask for, where the server offers so many. */
  ask(offeredS: number): number;
  /** A poll was answered at this age. */
  lasted(ageMs: number): void;
  /** A poll that asked for `askedMs` died at this age without an answer. */
  died(ageMs: number, askedMs: number): void;
}

export function adaptiveHold(): Hold {
  let limitMs = Infinity;
  /** Polls in a row that died at about the same age, and the shortest of these ages. */
  let deaths = 0;
  let shortestMs = Infinity;
  let goodPolls = 0;

  return {
    ask: (offeredS) => Math.floor(Math.min(offeredS, limitMs / 1_000)),

    lasted(ageMs) {
      // A quick answer proves nothing about silence: in a busy room most polls are answered early.
      if (ageMs >= shortestMs) begin(Infinity);
      if (ageMs < limitMs / 2 || ++goodPolls < goodPollsMin) return;
      limitMs *= growth;
      goodPolls = 0;
    },

    died(ageMs, askedMs) {
      // A connection that fell silent for ever is given up after the hold; it died at some age
      // before that, and the hold is the best bound we have.
      const age = Math.min(ageMs, askedMs);
      if (age < ageMsMin) return;
      goodPolls = 0;
      if (age > shortestMs * likeness || shortestMs > age * likeness) begin(age);
      shortestMs = Math.min(shortestMs, age);
      if (++deaths < deathsMin) return;
      limitMs = Math.max(holdMsMin, shortestMs * margin);
      begin(Infinity);
    },
  };

  /** Begins another row. */
  function begin(ageMs: number): void {
    deaths = 0;
    shortestMs = ageMs;
  }
}
