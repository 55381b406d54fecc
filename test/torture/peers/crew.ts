/**
 * The members of a chat, in a process of their own, so that what a peer's library needs is loaded
 * there and nowhere else. The process is told what to do and tells what happened, one JSON object
 * a line: orders come on its standard input, observations leave on its standard output.
 *
 * A chat brings its way of joining; everything else is the same for all of them.
 */
import { createInterface } from 'node:readline';
import type { HistoryRecord } from '../../checker/record.ts';

type WithoutTime<R> = R extends unknown ? Omit<R, 'at'> : never;

/** A record of the history, before whoever writes the history has said when. */
export type Observation = WithoutTime<HistoryRecord>;

export type Order =
  | { readonly do: 'join'; readonly who: string; readonly url: string }
  | { readonly do: 'say'; readonly who: string; readonly key: string };

/** Where a message stands in the numbering of its chat. */
export interface Place {
  readonly seq: number;
  readonly epoch: string;
}

/** What a member sees of the chat. */
export interface Screen {
  /** The member is in: from here on everything must appear. */
  begins(place: Place): void;
  /** A message appears. */
  shows(said: Place & { readonly key: string; readonly text: string }): void;
}

export interface Member {
  /** Resolves when the chat has acknowledged it, rejects when its library has given up. */
  say(key: string, text: string): Promise<Place>;
}

export type Join = (url: string, who: string, screen: Screen) => Member;

/** Runs the members of one chat until whoever gives the orders hangs up. */
export function runCrew(join: Join): void {
  const members = new Map<string, Member>();
  let nr = 0;

  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => obey(JSON.parse(line) as Order));
  lines.on('close', () => process.exit(0));

  function obey(order: Order): void {
    const { who } = order;
    if (order.do === 'join') members.set(who, join(order.url, who, screenOf(who)));
    else void say(who, order.key);
  }

  async function say(who: string, key: string): Promise<void> {
    const member = members.get(who);
    if (member === undefined) throw new Error(`"${who}" has not joined and cannot say "${key}"`);
    const operation = { who, nr: ++nr, do: 'say' } as const;
    observe({ ...operation, is: 'invoke', key, text: key });
    try {
      const { seq, epoch } = await member.say(key, key);
      observe({ ...operation, is: 'ok', epoch, seq });
    } catch {
      // A library that has given up does not know whether the message arrived.
      observe({ ...operation, is: 'unknown' });
    }
  }

  function screenOf(who: string): Screen {
    const beginning = { who, nr: ++nr, do: 'begin' } as const;
    observe({ ...beginning, is: 'invoke' });
    return {
      begins: ({ epoch, seq }) => observe({ ...beginning, is: 'ok', epoch, seq, entries: [] }),
      shows: (said) => observe({ who, nr: ++nr, do: 'show', is: 'ok', ...said }),
    };
  }
}

function observe(observation: Observation): void {
  process.stdout.write(`${JSON.stringify(observation)}\n`);
}
