/** One measurement: a fresh server, N held polls, one series of messages. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEncke } from './encke.ts';
import { startGenerator, type Series } from './generator.ts';
import { startNchan } from './nchan.ts';
import { cpuMs, machineCpuMs, residentBytes } from './usage.ts';

export type Peer = 'encke' | 'nchan';

export interface Plan {
  readonly peer: Peer;
  readonly members: number;
  /** Messages of the series, and the pause between two. */
  readonly messages: number;
  readonly gapMs: number;
  /** The length of a message's text in Encke, of the whole message in Nchan. */
  readonly bytes: number;
  /** Keeps the server's folder, with a profile of Encke in it. */
  readonly profile: boolean;
}

export interface Measurement {
  readonly peer: Peer;
  readonly members: number;
  readonly cpuUsPerDelivery: number;
  readonly residentKbPerPoll: number;
  /** Processor time that others on this machine took meanwhile, as a share of one core. */
  readonly othersShare: number;
  readonly series: Series;
}

/** Members and messages that run the server's paths once before anything is measured. */
const warmUp = { members: 200, messages: 3 };

/** How long memory is given to come to rest before it is read. */
const restMs = 2_000;

export async function measure(program: string, plan: Plan): Promise<Measurement> {
  const folder = mkdtempSync(join(tmpdir(), `bench-${plan.peer}-`));
  const server = await (plan.peer === 'encke'
    ? startEncke(folder, plan.profile)
    : startNchan(folder, plan.members));
  try {
    const first = await startGenerator(program, plan.peer, server.port, warmUp.members, plan.bytes);
    await first.send(warmUp.messages, plan.gapMs);
    await first.stop();
    await Bun.sleep(restMs);
    const emptyBytes = residentBytes(server.pid);

    const generator = await startGenerator(
      program,
      plan.peer,
      server.port,
      plan.members,
      plan.bytes,
    );
    await Bun.sleep(restMs);
    const heldBytes = residentBytes(server.pid);
    await generator.send(2, plan.gapMs);

    const before = { server: cpuMs(server.pid), machine: machineCpuMs() };
    const series = await generator.send(plan.messages, plan.gapMs);
    const usedMs = cpuMs(server.pid) - before.server;
    const othersMs = machineCpuMs() - before.machine - usedMs - series.usedMs;
    await generator.stop();
    check(plan, series);
    return {
      peer: plan.peer,
      members: plan.members,
      cpuUsPerDelivery: (usedMs * 1000) / series.delivered,
      residentKbPerPoll: (heldBytes - emptyBytes) / plan.members / 1024,
      othersShare: Math.max(0, othersMs / series.wallMs),
      series,
    };
  } finally {
    await server.stop();
    if (!plan.profile) rmSync(folder, { recursive: true });
    else console.log(`The profile is in ${folder}`);
  }
}

/** A server that loses, repeats or disorders a message may be as fast as it likes. */
function check(plan: Plan, series: Series): void {
  const expected = plan.members * plan.messages;
  const { delivered, missing, repeated, disordered } = series;
  if (delivered === expected && missing + repeated + disordered === 0) return;
  throw new Error(
    `${plan.peer} with ${plan.members} members FAILED: ${delivered} of ${expected} delivered, ` +
      `${missing} missing, ${repeated} repeated, ${disordered} out of order`,
  );
}
