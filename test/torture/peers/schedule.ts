/**
 * What happens to a chat and when, drawn from one seed before the run begins, so that every chat is
 * treated alike. What happens to single requests is drawn by the proxies, from the same seed.
 */

/** A fault of the server. They come one after the other. */
export type ServerFault =
  /** `kill -9`, and a start over the same data after a while. */
  | { readonly name: 'kill'; readonly atMs: number; readonly forMs: number }
  /** SIGSTOP, and SIGCONT after a while. */
  | { readonly name: 'pause'; readonly atMs: number; readonly forMs: number }
  /** Connections that ask for much and read nothing. */
  | { readonly name: 'hang up'; readonly atMs: number; readonly forMs: number };

/** A member's machine sleeps: its connections end, and none comes about until it wakes. */
export interface Sleep {
  readonly atMs: number;
  readonly forMs: number;
  readonly member: number;
}

/** A member says something. */
export interface Saying {
  readonly atMs: number;
  readonly member: number;
}

export interface Schedule {
  readonly server: readonly ServerFault[];
  readonly sleeps: readonly Sleep[];
  readonly sayings: readonly Saying[];
}

/** From the beginning of one fault of the server to that of the next. */
const everyMsMin = 8_000;
const everyMsMax = 16_000;
const downMsMin = 200;
const downMsMax = 3_000;
const pauseMsMin = 500;
const pauseMsMax = 7_000;
const sleepMsMin = 20_000;
const sleepMsMax = 60_000;
/** One member or another falls asleep this often. */
const sleepEveryMs = 6_000;
/** A member says something this often: within the pace that Encke allows, also in a burst. */
const sayEveryMs = 3_000;
/** Before the first fault, and between two sleeps of one member. */
const calmMs = 2_000;

export function scheduleOf(
  random: () => number,
  { members, lengthMs }: { readonly members: number; readonly lengthMs: number },
): Schedule {
  const between = (min: number, max: number): number => Math.round(min + (max - min) * random());

  const server: ServerFault[] = [];
  for (let atMs = calmMs; ; atMs += between(everyMsMin, everyMsMax)) {
    if (atMs + pauseMsMax > lengthMs) break;
    server.push(serverFault(atMs));
  }

  const sleeps: Sleep[] = [];
  const awakeAt = Array.from({ length: members }, () => 0);
  for (let atMs = calmMs; ; atMs += between(0, 2 * sleepEveryMs)) {
    const forMs = between(sleepMsMin, sleepMsMax);
    const member = Math.floor(random() * members);
    if (atMs + sleepMsMin > lengthMs) break;
    if (atMs < (awakeAt[member] ?? 0) || atMs + forMs > lengthMs) continue;
    awakeAt[member] = atMs + forMs + calmMs;
    sleeps.push({ atMs, forMs, member });
  }

  const sayings = Array.from({ length: members }, (_, member) => {
    const own: Saying[] = [];
    for (let atMs = between(0, sayEveryMs); atMs < lengthMs;) {
      own.push({ atMs, member });
      atMs += between(sayEveryMs / 2, (sayEveryMs * 3) / 2);
    }
    return own;
  });

  return { server, sleeps, sayings: sayings.flat().toSorted((a, b) => a.atMs - b.atMs) };

  function serverFault(atMs: number): ServerFault {
    const drawn = random();
    if (drawn < 0.5) return { name: 'kill', atMs, forMs: between(downMsMin, downMsMax) };
    const forMs = between(pauseMsMin, pauseMsMax);
    return { name: drawn < 0.8 ? 'pause' : 'hang up', atMs, forMs };
  }
}
