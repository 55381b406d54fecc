/** One message to everybody, in a room where nothing else happens. */
import { failureOf, type Generator, type Series } from '../generator.ts';
import type { Bench, Case, Column, PeerName, Scenario } from '../scenario.ts';
import type { Server } from '../server.ts';
import { restMs, setStage } from '../stage.ts';
import { cpuMs, residentBytes } from '../usage.ts';

const columns: readonly Column[] = [
  { figure: 'cpuUs', title: 'CPU per delivery', unit: 'µs', digits: 1 },
  { figure: 'p50Ms', title: 'p50', unit: 'ms', digits: 1 },
  { figure: 'p99Ms', title: 'p99', unit: 'ms', digits: 1 },
  { figure: 'residentKb', title: 'memory per poll', unit: 'kB', digits: 1 },
  { figure: 'replyBytes', title: 'reply', unit: 'bytes', digits: 0 },
  { figure: 'idle', title: 'generator idle', unit: '%', digits: 0 },
];

/**
 * How many messages are sent to so many members, and how long each time until the next: long enough
 * that every server has come to rest, which takes longer after a greater wake-up.
 */
function paceOf(members: number, isQuick: boolean): { count: number; gapMs: number } {
  const count = Math.max(4, Math.min(20, Math.round(40_000 / members)));
  return { count: isQuick ? Math.min(count, 4) : count, gapMs: Math.max(100, members * 0.06) };
}

/** Descriptors are 20,000 a process where this was written, and a connection takes one. */
function sizesOf(peer: PeerName, isQuick: boolean): readonly number[] {
  if (isQuick) return [1_000, 5_000];
  // The Node servers need seconds for a message to more.
  const isNode = peer === 'socket-io' || peer === 'faye';
  return isNode ? [1_000, 5_000, 10_000] : [1_000, 5_000, 10_000, 18_000];
}

export const fanOut: Scenario = {
  name: 'fan-out',
  title: 'One message to everybody',
  shows: `A quiet room: each message is sent when the one before has arrived everywhere and some
time has passed. **CPU** is user and system time of the server with all its threads and children,
from the first message until the last poll is held again, divided by the deliveries; so it
contains the delivery, the poll that follows it, and whatever else the server does. **p50** and
**p99** run from before the message is written to a socket until the reply has arrived in a
receiver's, over all receivers. **Memory** is the growth of resident memory by N members and their
held polls, divided by N, after three hundred others have come and gone; at 10,000 it is read after
ten seconds of rest, elsewhere after one; what the kernel keeps for a connection is not in it.
**Idle** is the generator's share while a message was on its way.`,
  peers: ['encke', 'nchan', 'socket-io', 'faye', 'floor'],
  columns,
  async *measure(peer, bench) {
    const sizes = sizesOf(peer, bench.isQuick);
    await using stage = await setStage(bench, peer, { members: sizes.at(-1) ?? 0, lanes: 8 });
    let held = 0;
    for (const members of sizes) {
      await stage.generator.hold(members - held);
      held = members;
      yield await measureQuiet(peer, bench, stage, members, members.toLocaleString('en'));
    }
  },
};

export const fanOutLongJournal: Scenario = {
  name: 'fan-out-long-journal',
  title: 'One message to everybody, after a million others',
  shows: 'The same over a journal of a million entries, which should make no difference.',
  peers: ['encke'],
  columns,
  async *measure(peer, bench) {
    const members = bench.isQuick ? 5_000 : 10_000;
    const entries = bench.isQuick ? 100_000 : 1_000_000;
    await using stage = await setStage(bench, peer, { members, lanes: 8, entries });
    await stage.generator.hold(members);
    const name = `${members.toLocaleString('en')}, ${entries.toLocaleString('en')} entries`;
    yield await measureQuiet(peer, bench, stage, members, name);
  },
};

async function measureQuiet(
  peer: PeerName,
  bench: Bench,
  { server, generator, emptyBytes }: { server: Server; generator: Generator; emptyBytes: number },
  members: number,
  name: string,
): Promise<Case> {
  const { count, gapMs } = paceOf(members, bench.isQuick);
  // Ten thousand who came in at once leave behind what a collector takes away in its own time.
  await Bun.sleep(members === 10_000 ? 10 * restMs : restMs);
  const heldBytes = residentBytes(server.pid);
  // The first message to so many is not measured: buffers grow then that are there afterwards.
  const first = await generator.quiet(1, { gapMs });
  const beforeMs = cpuMs(server.pid);
  const series = await generator.quiet(count, { gapMs });
  const usedMs = cpuMs(server.pid) - beforeMs;
  if (peer === 'encke') bench.reply = series;
  return {
    name,
    figures: {
      cpuUs: (usedMs * 1_000) / series.delivered,
      residentKb: (heldBytes - emptyBytes) / members / 1_024,
      replyBytes: series.headBytes + series.bodyBytes,
      ...latencyOf(series),
      idle: series.idleDelivering * 100,
    },
    failed: failureOf(first) ?? failureOf(series),
  };
}

export function latencyOf({ p50Ms, p99Ms, maxMs }: Series): Record<string, number> {
  return { p50Ms, p99Ms, maxMs };
}
