/**
 * Invariants I2, I3 and I8: whatever dies while a thousand polls are held and messages are sent,
 * everybody receives every acknowledged message exactly once, in order, and is still a member.
 */
import { afterEach, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceName } from '../../src/chat/server.ts';
import { HeldMembers, type CrowdOptions } from '../kit/held-members.ts';
import { apartHost, ServingProcess } from '../kit/serving-process.ts';
import { faultsIn, readRecorded } from './recorded.ts';

const undo: (() => unknown)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** A message every 50 ms or so: often enough that every crash falls between some. */
const thousand: CrowdOptions = { members: 1_000, senders: 24, pauseMs: 1_200 };

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'encke-fault-'));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function started(server: ServingProcess): ServingProcess {
  undo.push(() => server.destroy());
  return server;
}

function startCrashing(data: string): ServingProcess {
  const args = ['--host', apartHost, '--port', '0', '--data', data, '--address-limits', 'off'];
  const program = join(import.meta.dirname, 'crashing-server.ts');
  return started(new ServingProcess({ args: [program, ...args], heard: () => undefined }));
}

async function gather(server: ServingProcess, options: CrowdOptions): Promise<HeldMembers> {
  const crowd = await HeldMembers.join(await server.open(), options);
  undo.push(() => crowd.close());
  crowd.start();
  await crowd.nextDelivery();
  return crowd;
}

/** Does something terrible, and tells how long it took until the next message came through. */
async function survive(crowd: HeldMembers, what: string, strike: () => void): Promise<void> {
  const delivered = crowd.nextDelivery();
  strike();
  const { firstMs, allMs } = await delivered;
  const times = `${Math.round(firstMs)} ms, to all ${crowd.size} ${Math.round(allMs)} ms`;
  console.log(`${what} killed: to the next delivery ${times}`);
}

/** Ends the run, and compares what everybody knows with what is on the disk. */
async function account(crowd: HeldMembers, server: ServingProcess, data: string): Promise<void> {
  await crowd.settle();
  expect(crowd.troubles).toEqual([]);
  expect(crowd.acknowledged.size).toBeGreaterThan(0);
  await crowd.close();
  server.signal('SIGTERM');
  await server.ended;
  const recorded = readRecorded(data);
  expect(faultsIn(recorded, crowd.acknowledged)).toEqual([]);
  expect({ joins: recorded.joins, leaves: recorded.leaves }).toEqual({
    joins: crowd.size,
    leaves: 0,
  });
}

test('each service is killed in turn, and nobody loses a message or their place', async () => {
  const data = newFolder();
  const server = startCrashing(data);
  const crowd = await gather(server, thousand);
  await survive(crowd, 'nothing', () => undefined);
  const services: readonly ServiceName[] = ['room', 'post-office', 'web', 'journal'];
  for (const service of services) {
    await survive(crowd, service, () => server.send([service]));
    await server.line('A service was restarted', services.indexOf(service) + 1);
  }
  await account(crowd, server, data);
}, 60_000);

const pairs: readonly (readonly [ServiceName, ServiceName])[] = [
  ['room', 'post-office'],
  ['post-office', 'room'],
  ['journal', 'post-office'],
  ['web', 'room'],
];

test.each(pairs)('%s and %s are killed at once, and nobody loses anything', async (...pair) => {
  const data = newFolder();
  const server = startCrashing(data);
  const crowd = await gather(server, { members: 150, senders: 10, pauseMs: 300 });
  await survive(crowd, pair.join(' and '), () => server.send(pair));
  await server.line('A service was restarted', pair.length);
  await account(crowd, server, data);
});

test('the serving process is killed with kill -9, and nobody loses a message or their place', async () => {
  const data = newFolder();
  const server = started(ServingProcess.encke('serve', { data }));
  const crowd = await gather(server, thousand);
  const pid = await server.nextChild(null);
  await survive(crowd, 'the serving process', () => process.kill(pid, 'SIGKILL'));
  expect(await server.nextChild(null)).not.toBe(pid);
  await account(crowd, server, data);
}, 60_000);
