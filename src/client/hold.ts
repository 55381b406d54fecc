/**
 * How long a poll may be held on this way to the server. Something on the way may cut connections
 * that stay silent for less than the server would hold them. The server cannot know that; whoever
 * sees polls die at the same age again and again can, and asks for less.
 */

/** Polls in a row that must die at about the same age before the hold is shortened. */
const deathsMin = 3;
/** How much the ages may differ: the longest is at most this many times the shortest. */
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
  let deathsMs: number[] = [];
  let goodPolls = 0;

  return {
    ask: (offeredS) => Math.floor(Math.min(offeredS * 1_000, limitMs) / 1_000),

    lasted(ageMs) {
      // A quick answer proves nothing about silence: in a busy room most polls are answered early.
      if (ageMs >= Math.min(...deathsMs)) deathsMs = [];
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
      deathsMs.push(age);
      if (Math.max(...deathsMs) > Math.min(...deathsMs) * likeness) deathsMs = [age];
      if (deathsMs.length < deathsMin) return;
      limitMs = Math.max(holdMsMin, Math.min(...deathsMs) * margin);
      deathsMs = [];
    },
  };
}
