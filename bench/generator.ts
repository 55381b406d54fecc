/** The load generator, a program in C, as seen from here: built, started, told what to send. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { generatorCore } from './server.ts';

const source = join(import.meta.dir, 'generator', 'generator.c');

/** What the generator says about one series of messages. */
export interface Series {
  readonly delivered: number;
  readonly missing: number;
  readonly repeated: number;
  readonly disordered: number;
  readonly reconnects: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly ackP50Ms: number;
  readonly replies: number;
  readonly replyBytes: number;
  /** The longest `next.waitMs` that a reply asked for. The generator polls at once nevertheless. */
  readonly waitMsMax: number;
  readonly wallMs: number;
  readonly usedMs: number;
  /** The share of the time in which the generator had nothing to do: of all, and of delivering. */
  readonly idle: number;
  readonly idleDelivering: number;
}

export interface Generator {
  /** Sends messages to all members, `gapMs` apart, and resolves when the last one has arrived. */
  send(count: number, gapMs: number): Promise<Series>;
  stop(): Promise<void>;
}

/** Compiles the generator. Returns the path of the program. */
export function buildGenerator(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const program = join(folder, 'generator');
  if (Bun.which('gcc') === null)
    throw new Error('There is no gcc to build the generator: install it');
  const { exitCode, stderr } = Bun.spawnSync([
    'gcc',
    '-O2',
    '-Wall',
    '-Wextra',
    '-o',
    program,
    source,
  ]);
  if (exitCode !== 0) throw new Error(`The generator could not be built: ${stderr.toString()}`);
  return program;
}

/** Starts the generator, and resolves when all its polls are held. */
export async function startGenerator(
  program: string,
  wire: 'encke' | 'nchan',
  port: number,
  members: number,
  bytes: number,
): Promise<Generator> {
  const parameters = [wire, port, members, bytes].map(String);
  const child = Bun.spawn(['taskset', '-c', String(generatorCore), program, ...parameters], {
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'inherit',
  });
  const lines = linesOf(child.stdout);
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error('The generator ended before its time');
    return value;
  };
  await next();
  return {
    async send(count, gapMs) {
      await child.stdin.write(`send ${count} ${gapMs}\n`);
      await child.stdin.flush();
      return JSON.parse(await next()) as Series;
    },
    async stop() {
      await child.stdin.end();
      await child.exited;
    },
  };
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
