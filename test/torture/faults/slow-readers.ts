/** Clients that ask for more than they read. They go past the proxy. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { apartHost } from '../../kit/serving-process.ts';
import { usageOf, type Stage } from '../stage.ts';
import { askFairly } from './crowding.ts';
import { nothing, type Fault } from './fault.ts';

const path = '/v1/messages?before=1000000000&limit=200';
const readersCount = 20;
/** Some may be cut off: the server need not wait for ever for who does not read. */
const stuckMin = readersCount / 4;
/** More than fits into the buffers of the system, 4 MB, even with the pages of a young room. */
const asksMax = 400;
/** What has arrived counts on both sides until the other one has heard, 40 ms later at most. */
const settleMs = 50;
/** After so many looks nothing more is going to arrive. */
const stillRoundsMax = 6;
/** The state of a connection that neither side has closed, as the system lists it. */
const established = '01';

interface Reader {
  readonly port: number;
  readonly ask: () => void;
  readonly close: () => void;
}

/** What the system keeps of one connection, in bytes. */
interface Kept {
  /** Has arrived, and is not read. */
  readonly unread: number;
  /** The server has written it, and it cannot leave. */
  readonly unsent: number;
}

export const slowReaders: Fault = {
  name: 'slow-readers',
  endsProcess: false,
  weight: 1,
  needs: nothing,
  async inject(stage) {
    const readers = await Promise.all(Array.from({ length: readersCount }, () => opened(stage)));
    try {
      const asks = await fillUp(stage, readers);
      const kept = keptBy(stage);
      const worst = await askFairly(stage);
      const open = readers.flatMap(({ port }) => kept.get(port) ?? []);
      const stuck = open.filter(({ unread, unsent }) => unread > 0 && unsent > 0);
      const unsent = Math.min(...stuck.map((one) => one.unsent));
      const counts = `${open.length} of ${readersCount} are open, ${stuck.length} of them stuck`;
      if (stuck.length < stuckMin) throw new Error(counts);
      const rssMb = Math.round(usageOf(stage.mustPid()).rssBytes / 1_048_576);
      const server = `the server has ${rssMb} MB`;
      const what = `${counts} with ${unsent} bytes unsent at least, after ${asks} pages`;
      return `${what}, ${server}, others ${worst} ms`;
    } finally {
      for (const reader of readers) reader.close();
    }
  },
};

/**
 * Everybody asks for one page after the other, until what they are answered fits nowhere on the
 * way: the server itself then keeps the rest. Nobody asks before the last answer lies there whole,
 * as the server closes a connection on which questions overlap. Answers with how many times.
 */
async function fillUp(stage: Stage, readers: readonly Reader[]): Promise<number> {
  const due = new Map<Reader, number>();
  let stillRounds = 0;
  for (let asks = 0; asks < asksMax;) {
    const pageBytes = await pageRead(stage);
    const kept = keptBy(stage);
    const ready = readers.filter(
      (reader) => sumOf(kept.get(reader.port)) >= (due.get(reader) ?? 0),
    );
    for (const reader of ready) {
      // Its head comes on top, and makes up for what a page may have become shorter meanwhile.
      due.set(reader, sumOf(kept.get(reader.port)) + pageBytes);
      reader.ask();
    }
    if (ready.length > 0) asks++;
    stillRounds = ready.length > 0 ? 0 : stillRounds + 1;
    if (stillRounds === stillRoundsMax) return asks;
    await sleep(settleMs);
  }
  throw new Error(`Of ${asksMax} pages there was room for all on the way`);
}

async function pageRead(stage: Stage): Promise<number> {
  const answer = await fetch(`${stage.url}${path}`, { keepalive: false });
  if (answer.status !== 200) throw new Error(`A page was answered with ${answer.status}`);
  return (await answer.bytes()).length;
}

// A paused socket of `node:net` is read by the runtime all the same. This one is not.
async function opened({ port }: Stage): Promise<Reader> {
  const socket = await Bun.connect({
    hostname: apartHost,
    port,
    socket: { open: (one) => one.pause(), data: () => undefined, error: () => undefined },
  });
  return {
    port: socket.localPort,
    ask: () => void socket.write(`GET ${path} HTTP/1.1\r\nHost: encke\r\n\r\n`),
    close: () => socket.terminate(),
  };
}

/** The connections to the server that are open on both sides, by the client's port. */
function keptBy({ port }: Stage): ReadonlyMap<number, Kept> {
  const unread = new Map<number, number>();
  const unsent = new Map<number, number>();
  for (const row of readFileSync('/proc/net/tcp', 'utf8').trim().split('\n').slice(1)) {
    // Its number, both ends as address and port, its state, and the bytes to send and to read.
    const [, own = '', other = '', state, queues = ''] = row.trim().split(/\s+/);
    if (state !== established) continue;
    const [toSend, toRead] = numbersIn(queues);
    const [, ownPort] = numbersIn(own);
    const [, otherPort] = numbersIn(other);
    if (otherPort === port) unread.set(ownPort, toRead);
    else if (ownPort === port) unsent.set(otherPort, toSend);
  }
  return new Map(
    [...unread].flatMap(([client, toRead]) => {
      const toSend = unsent.get(client);
      return toSend === undefined ? [] : [[client, { unread: toRead, unsent: toSend }]];
    }),
  );
}

/** Two hexadecimal numbers with a colon between them. */
function numbersIn(pair: string): readonly [number, number] {
  const [first = '', second = ''] = pair.split(':');
  return [Number.parseInt(first, 16), Number.parseInt(second, 16)];
}

function sumOf(kept: Kept | undefined): number {
  return kept === undefined ? 0 : kept.unread + kept.unsent;
}
