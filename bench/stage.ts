/** A server, freshly started and run in, with a generator beside it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGenerator, type Generator } from './generator.ts';
import { copyLongJournal } from './long-journal.ts';
import type { Bench, PeerName } from './scenario.ts';
import { startPeer } from './servers/peers.ts';
import type { Server } from './server.ts';
import { residentBytes } from './usage.ts';

export interface Stage extends AsyncDisposable {
  readonly server: Server;
  readonly generator: Generator;
  /** Another one, for members of its own. */
  anotherGenerator(): Generator;
  /** Resident memory after the server was run in, before anybody of the measurement came. */
  readonly emptyBytes: number;
}

export interface StageOptions {
  /** How many members come at most: some servers want to know beforehand. */
  readonly members: number;
  /** Connections to write upon. At Encke's usual pace each carries a message a second. */
  readonly lanes: number;
  /** More of Encke's command line. */
  readonly flags?: readonly string[];
  /** Entries in Encke's journal before anybody comes. */
  readonly entries?: number;
}

/** The length of what is said. */
export const textBytes = 100;

/**
 * Members and messages before anything is measured. What runs on V8 or JavaScriptCore is compiled
 * while it runs, over some ten thousand deliveries; a server that people use has that behind it.
 * Many messages to few members: what those leave in memory must not hide what others take.
 */
const warmUp = { members: 300, lanes: 100, messages: 100, gapMs: 10 };

/** How long memory, and what goes on in the background, is given to come to rest. */
export const restMs = 1_000;

export async function setStage(
  bench: Bench,
  peer: PeerName,
  options: StageOptions,
): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), `bench-${peer}-`));
  const { entries, ...more } = options;
  const data = join(folder, 'data');
  if (entries !== undefined) await copyLongJournal(entries, data);
  const server = await startPeer(peer, folder, bench, { ...more, data });
  const start = (): Generator =>
    startGenerator(bench.programs.generator, peer, server.port, textBytesOf(peer, bench));
  try {
    await runIn(start());
  } catch (reason) {
    await server.stop();
    throw reason;
  }
  await Bun.sleep(restMs);
  const emptyBytes = residentBytes(server.pid);
  const generator = start();
  generator.openLanes(options.lanes);
  return {
    server,
    generator,
    anotherGenerator: start,
    emptyBytes,
    async [Symbol.asyncDispose]() {
      await generator[Symbol.asyncDispose]();
      await server.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

async function runIn(generator: Generator): Promise<void> {
  await using members = generator;
  members.openLanes(warmUp.lanes);
  await members.hold(warmUp.members);
  await members.quiet(warmUp.messages, { gapMs: warmUp.gapMs });
}

/** Nchan sends what it is given: so it is given as much as Encke's reply has around a text. */
function textBytesOf(peer: PeerName, bench: Bench): number {
  return peer === 'nchan' ? bench.reply.bodyBytes : textBytes;
}
