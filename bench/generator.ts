/** The load generator, a program in C, as seen from here: started, told what to do, asked. */
import type { PeerName } from './scenario.ts';
import { generatorCore } from './server.ts';

/** What the generator says about one series of messages. */
export interface Series {
  readonly count: number;
  readonly receivers: number;
  readonly delivered: number;
  readonly missing: number;
  readonly repeated: number;
  /** Receivers who saw another order than the first one, and messages out of their author's. */
  readonly disordered: number;
  readonly unacknowledged: number;
  readonly refused: number;
  /** Members whom the server no longer knew. */
  readonly lost: number;
  readonly reconnects: number;
  /** Replies that said that they leave something out, and such that did not say so. */
  readonly gaps: number;
  readonly silentGaps: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly ackP50Ms: number;
  readonly ackP99Ms: number;
  readonly ackMaxMs: number;
  readonly replies: number;
  readonly bodyBytes: number;
  readonly headBytes: number;
  /** The longest `next.waitMs` that a reply asked for. */
  readonly waitMsMax: number;
  readonly wallMs: number;
  readonly usedMs: number;
  /** The share of the time in which the generator had nothing to do: of all, and of delivering. */
  readonly idle: number;
  readonly idleDelivering: number;
}

/** What it says about members who came in. */
export interface Entry {
  readonly held: number;
  readonly refused: number;
  readonly lost: number;
  readonly reconnects: number;
  /** From when it was due until a member was in. */
  readonly entryP50Ms: number;
  readonly entryP99Ms: number;
  readonly entryMaxMs: number;
  readonly wallMs: number;
  readonly idle: number;
}

export interface Leaving {
  readonly left: number;
  readonly refused: number;
  readonly wallMs: number;
}

export interface Pace {
  readonly gapMs: number;
  /** How long after the last message was due what has not arrived is given up. */
  readonly drainMs?: number;
}

export interface Generator extends AsyncDisposable {
  /** Brings members in and holds their polls; evenly over a time, or as fast as they are taken. */
  hold(members: number, overMs?: number): Promise<Entry>;
  /** Opens connections to write upon, each of another member. To be called once. */
  openLanes(count: number): void;
  /** Sends messages one at a time, each so long after the last one has arrived everywhere. */
  quiet(count: number, pace: Pace): Promise<Series>;
  /** Sends messages at a pace, whatever becomes of them. */
  send(count: number, pace: Pace): Promise<Series>;
  /** How many members wait for the reply to a poll, as far as they know. */
  waiting(): Promise<number>;
  leave(): Promise<Leaving>;
}

const drainMsUsual = 10_000;

/** Everything here takes less, on a server that still does anything. */
const answerMsMax = 180_000;

/** The wire that a server speaks. */
const wires: Readonly<Record<PeerName, string>> = {
  encke: 'encke',
  floor: 'encke',
  nchan: 'nchan',
  'socket-io': 'socket-io',
  faye: 'faye',
};

export function startGenerator(
  program: string,
  peer: PeerName,
  port: number,
  textBytes: number,
): Generator {
  const parameters = [wires[peer], String(port), String(Math.round(textBytes))];
  const child = Bun.spawn(['taskset', '-c', String(generatorCore), program, ...parameters], {
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'inherit',
  });
  /** Who waits for an answer, by the word with which it begins: commands may overlap. */
  const waiting = new Map<string, PromiseWithResolvers<unknown>>();
  void (async () => {
    for await (const line of linesOf(child.stdout)) {
      const word = /^\{"(\w+)"/.exec(line)?.[1] ?? '';
      waiting.get(word)?.resolve(JSON.parse(line));
      waiting.delete(word);
    }
    for (const { reject } of waiting.values()) reject(new Error('The generator gave up'));
  })();

  const tell = (command: string): void => {
    void child.stdin.write(`${command}\n`);
    void child.stdin.flush();
  };
  const ask = async <T>(word: string, command: string): Promise<T> => {
    const answer = Promise.withResolvers<unknown>();
    waiting.set(word, answer);
    tell(command);
    const late = setTimeout(
      () => answer.reject(new Error(`The generator did not come to an end with "${command}"`)),
      answerMsMax,
    );
    return (await answer.promise.finally(() => clearTimeout(late))) as T;
  };
  const series = async (how: string, count: number, pace: Pace): Promise<Series> => {
    const gapUs = Math.round(pace.gapMs * 1_000);
    return await ask('count', `${how} ${count} ${gapUs} ${pace.drainMs ?? drainMsUsual}`);
  };
  return {
    hold: async (members, overMs = 0) => await ask('held', `hold ${members} ${overMs}`),
    openLanes: (count) => tell(`lanes ${count}`),
    quiet: async (count, pace) => await series('quiet', count, pace),
    send: async (count, pace) => await series('send', count, pace),
    waiting: async () => (await ask<{ waiting: number }>('waiting', 'waiting')).waiting,
    leave: async () => await ask('left', 'leave'),
    async [Symbol.asyncDispose]() {
      await child.stdin.end();
      await child.exited;
    },
  };
}

/**
 * Why a series counts as failed; null when everybody received every message, once and in one
 * order, and everything was acknowledged.
 */
export function failureOf(series: Series): string | null {
  const { delivered, count, receivers } = series;
  const wrong = (
    [
      'missing',
      'repeated',
      'disordered',
      'silentGaps',
      'unacknowledged',
      'refused',
      'lost',
    ] as const
  )
    .filter((name) => series[name] !== 0)
    .map((name) => `${series[name]} ${name}`);
  return wrong.length === 0 ? null : `${delivered} of ${count * receivers}: ${wrong.join(', ')}`;
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of stream) {
    text += decoder.decode(chunk, { stream: true });
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    yield* lines;
  }
}
